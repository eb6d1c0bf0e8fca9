"""Whatever arrives, signed or not, is answered or refused, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from bot.platforms.wecom.refusals import Refusal
from tests.platforms.wecom.desk import Desk

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
BRANCHES = st.dictionaries(st.sampled_from(("content", "userid", "id", "msg_item", "eventtype")), LEAVES)
VALUES = LEAVES | st.lists(LEAVES | BRANCHES, max_size=2) | BRANCHES
FIELDS = ("msgid", "chatid", "chattype", "from", "response_url", "text", "mixed", "voice", "stream", "event", "quote")
KINDS = ("text", "mixed", "voice", "image", "stream", "event", "", "x")


@settings_of(max_examples=100, deadline=None)
@given(change=st.dictionaries(st.sampled_from(FIELDS), VALUES), kind=st.sampled_from(KINDS) | VALUES)
async def test_whatever_is_signed_is_answered_or_refused(change: dict[str, Any], kind: Any) -> None:
    desk = Desk()
    try:
        answer = await desk.hear({**desk.platform.body("/帮助", chat="wr1"), **change, "msgtype": kind})
    except Refusal:
        assert desk.heard == []
    else:
        assert desk.platform.read(answer) is not None


@settings_of(max_examples=100, deadline=None)
@given(
    body=st.binary(max_size=200),
    query=st.dictionaries(st.sampled_from(("msg_signature", "timestamp", "nonce", "echostr")), st.text()),
)
async def test_whatever_is_not_signed_is_refused(body: bytes, query: dict[str, str]) -> None:
    desk = Desk()
    with pytest.raises(Refusal):
        await desk.callback.receive(query, body)
    with pytest.raises(Refusal):
        await desk.callback.receive(query, b'{"encrypt": "AAAA"}')
    with pytest.raises(Refusal):
        await desk.callback.verify(query)
