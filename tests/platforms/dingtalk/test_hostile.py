"""Generated requests: whatever a signed body holds, the answer is a message or a 4xx, never an exception."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.transport import Incoming
from bot.clock import MovableClock
from bot.content import content
from bot.delivery.outcome import Outcome, Said
from bot.platforms.dingtalk.callback import DingTalkCallback
from bot.platforms.dingtalk.sessions import RecentSessions
from bot.simulator import sample
from tests.platforms.dingtalk.samples import body, channel, headers, hearing

TRIES = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
KEYS = st.text(max_size=5) | st.sampled_from(
    ["content", "text", "type", "richText", "repliedMsg", "fileName", "staffId"]
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))
FIELDS = st.sampled_from([*body(), "content", "errorCode", "errMsg"])
KINDS = st.sampled_from(["text", "richText", "picture", "audio", "video", "file"])


def respond(sent: bytes) -> int:
    clock = MovableClock(sample.START)
    heard: list[Incoming] = []

    async def handle(incoming: Incoming) -> Outcome:
        heard.append(incoming)
        return Outcome(said=(Said(to="here", content=content(incoming.text, incoming.sender_name)),))

    async def overflow(incoming: Incoming, part: object, number: int) -> None:
        heard.append(incoming)

    callback = DingTalkCallback(channel(), handle, overflow, clock, hearing(RecentSessions(clock), clock))
    answering = callback.answer(headers(clock.now()), sent)
    try:
        answering.send(None)
    except StopIteration as done:
        answer = done.value
    assert (answer.status == 200) or (answer.status in (400, 403) and answer.reason and not heard)
    json.loads(answer.body)
    return int(answer.status)


@TRIES
@given(st.dictionaries(FIELDS, JSON, max_size=5), KINDS)
def test_bodies_with_anything_in_their_fields(changes: dict[str, Any], kind: str) -> None:
    respond(json.dumps({**body(), "msgtype": kind, **changes}).encode())


@TRIES
@given(st.data())
def test_bodies_with_bytes_changed(data: st.DataObject) -> None:
    good = json.dumps(body(), ensure_ascii=False).encode()
    at = data.draw(st.integers(0, len(good)))
    gone = data.draw(st.integers(0, 5))
    respond(good[:at] + data.draw(st.binary(max_size=5)) + good[at + gone :])


@TRIES
@given(st.binary(max_size=100) | JSON.map(lambda value: json.dumps(value).encode()))
def test_bodies_that_are_anything(sent: bytes) -> None:
    assert respond(sent) == 400


def test_the_same_road_lets_a_good_message_through() -> None:
    assert respond(json.dumps(body()).encode()) == 200
