"""What teachers really type, read with the real vocabulary: nothing runs that was only to be suggested."""

import json
from pathlib import Path

import pytest

from bot.app import registry

FILE = Path(__file__).parents[3] / "shared" / "utterances.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()] if FILE.is_file() else []


@pytest.fixture(scope="module")
def vocabulary():
    return registry()


@pytest.mark.skipif(not ROWS, reason="the shared utterances are not beside this checkout")
def test_there_are_all_of_them():
    assert len(ROWS) == 44


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_it_is_understood_as_it_was_meant(vocabulary, row):
    understood = vocabulary.understand(row["in"], row["bot_name"])
    if row["want"] == "-":
        assert understood.command is None
    elif row["want"].startswith("?"):
        assert understood.command is None
        assert row["want"][1:] in understood.suggest
    else:
        assert (understood.command, understood.argument) == (row["want"], row["arg"])
        assert understood.suggest == ()
