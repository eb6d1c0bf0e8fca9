"""How a record lies in its document, and what is made of documents that somebody else has written."""

import pytest
from pydantic_core import ValidationError

from bot.errors import StoreError
from bot.storage.shelf import codec_of
from tests.storage.sample import Seat

RAW = codec_of(Seat).encode(Seat(id=3, revision=1, lesson=7, member="王"))


def test_a_record_comes_back() -> None:
    assert RAW.startswith(b'{"version":1,"record":{')
    assert codec_of(Seat).modern(RAW) is RAW
    assert codec_of(Seat).decode(RAW) == Seat(id=3, revision=1, lesson=7, member="王")


@pytest.mark.parametrize("raw", [RAW + b"\n", RAW[:-1] + b',"note":"by hand"}', RAW.replace(b":", b" : ")])
def test_what_a_person_has_edited_is_put_in_order(raw: bytes) -> None:
    assert codec_of(Seat).decode(codec_of(Seat).modern(raw)).lesson == 7


@pytest.mark.parametrize("raw", [RAW[:-1], RAW[:-1] + b"X", RAW[:-2] + b"}", RAW + b"}", b"", b"{}"])
def test_damage_is_not_read_over(raw: bytes) -> None:
    with pytest.raises((ValueError, KeyError, ValidationError, StoreError)):
        codec_of(Seat).decode(codec_of(Seat).modern(raw))
