"""A signed callback, over the wire, into the real dispatcher over the sample school."""

import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import Playhouse
from bot.chat.transport import Incoming
from bot.clock import MovableClock
from bot.content import Content, content
from bot.delivery.logbook import ChannelLog, Logbook, logs
from bot.delivery.outcome import Outcome, Said
from bot.errors import ReadOnly, StoreError
from bot.platforms.dingtalk.callback import MAX_BODY, SILENCE, DingTalkCallback
from bot.platforms.dingtalk.render import PARAM_BYTES
from bot.platforms.dingtalk.sessions import MARGIN, RecentSessions, Session
from bot.simulator import sample
from bot.simulator.simulation import Playground
from bot.storage.tiny import TinyStore
from bot.web import callbacks
from tests.platforms.dingtalk.samples import SECRET, WEBHOOK, body, channel, headers, hearing, raw, vectors


class School:
    """The sample school behind a DingTalk callback on loopback."""

    def __init__(self, playground: Playground, client: TestClient[Any, Any], sessions: RecentSessions) -> None:
        self.playground = playground
        self.client = client
        self.sessions = sessions

    @property
    def now(self):
        return self.playground.clock.now()

    async def post(self, sent: bytes | dict[str, Any], signed: dict[str, str] | None = None) -> tuple[int, Any]:
        data = sent if isinstance(sent, bytes) else raw(sent)
        given = headers(self.now) if signed is None else signed
        async with self.client.post(f"/callback/{sample.CHANNEL}", data=io.BytesIO(data), headers=given) as answer:
            received = await answer.read()
            return answer.status, json.loads(received) if received else None

    async def say(self, text: str, **changes: Any) -> str:
        """What the answer in the body reads."""
        status, answer = await self.post(body(text, **changes))
        assert status == 200
        return str(answer["markdown"]["text"])

    async def taken(self) -> int:
        """Seats taken in the first lesson, as everybody sees it."""
        state = await self.playground.state(None)
        return state.items[0].taken


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with Playhouse(tmp_path / "data", None) as playground:
        sessions = RecentSessions(playground.clock)

        async def overflow(incoming: Incoming, part: Content, number: int) -> None:
            raise AssertionError("no answer of the house is that long")

        callback = DingTalkCallback(
            channel(), playground.dispatcher.receive, overflow, playground.clock, hearing(sessions, playground.clock)
        )

        async def receive(request: callbacks.Callback) -> callbacks.Answer:
            answer = await callback.answer(request.headers, request.body)
            return callbacks.Answer(answer.status, answer.body, reason=answer.reason)

        app = web.Application()
        callbacks.Callbacks({sample.CHANNEL: receive}).add_to(app)
        async with TestClient(TestServer(app)) as client:
            yield School(playground, client, sessions)


async def test_the_answer_comes_in_the_body(school):
    status, answer = await school.post(body(" /报名 1"))
    assert (status, answer["msgtype"]) == (200, "markdown")
    assert answer["markdown"]["title"]
    assert "已报名" in answer["markdown"]["text"]
    assert await school.taken() == 1


async def test_three_deliveries_one_effect_one_answer(school):
    first = await school.post(body("/报名 1"))
    again = await school.post(body("/报名 1"))
    twins = await asyncio.gather(*(school.post(body("/报名 1")) for _ in range(5)))
    assert [again, *twins] == [first] * 6
    assert await school.taken() == 1


async def test_a_captured_pair_with_another_body_does_nothing_new(school):
    signed = headers(school.now)
    first = await school.post(body("/报名 1"), signed)
    status, answer = await school.post(body("/报名 2", senderStaffId=sample.user_of("张老师")), signed)
    assert (status, answer) != first
    assert "已经处理过" in str(answer)
    assert "已报名" not in str(answer)
    state = await school.playground.state(None)
    assert [item.taken for item in state.items[:2]] == [1, 0]


async def test_a_restart_between_two_deliveries(tmp_path):
    answers = []
    for _ in range(2):
        async with Playhouse(tmp_path / "data", None) as playground:
            receive = playground.dispatcher.receive
            sessions = RecentSessions(playground.clock)
            callback = DingTalkCallback(
                channel(), receive, _nothing_over, playground.clock, hearing(sessions, playground.clock)
            )
            answers.append(await callback.answer(headers(playground.clock.now()), raw(body("/报名 1"))))
            assert (await playground.state(None)).items[0].taken == 1
    assert answers[0] == answers[1]
    assert "已报名" in answers[1].body.decode()


@pytest.mark.parametrize(
    ("off", "status"),
    [(timedelta(minutes=10), 200), (timedelta(minutes=10, milliseconds=1), 403), (timedelta(hours=-2), 403)],
)
async def test_the_window(school, off, status):
    assert (await school.post(body("/报名 1"), headers(school.now + off)))[0] == status
    assert await school.taken() == (status == 200)


async def test_no_sign_or_a_wrong_one(school):
    good = headers(school.now)
    for signed in ({}, headers(school.now, "guess"), {**good, "sign": "A" + good["sign"][1:]}):
        typed = {"content-type": "application/json", **signed}
        assert await school.post(body("/报名 1"), typed) == (403, {"error": "refused"})
    assert await school.taken() == 0


async def test_what_is_too_large_compressed_or_no_json(school):
    signed = headers(school.now)
    assert (await school.post(b"x" * (2 * 1024 * 1024)))[0] == 413
    assert (await school.post(raw(body("/反思 " + "课" * MAX_BODY))))[0] == 413
    assert (await school.post(gzip.compress(raw(body())), {**signed, "content-encoding": "gzip"}))[0] == 415
    assert (await school.post(raw(body()), {**signed, "content-type": "text/plain"}))[0] == 415
    assert (await school.post(b"[" * 100_000))[0] == 400
    assert (await school.post(body(sessionWebhook="https://evil.example/x")))[0] == 400
    assert school.sessions.get((False, sample.chat_of("chinese"))) is None


async def test_nothing_of_a_refused_request_is_logged_but_its_reason(school, capsys):
    await school.post(body("/报名 1", sessionWebhook="https://evil.example/x"), headers(school.now))
    await school.post(body("/报名 1"), headers(school.now, "guess"))
    log = capsys.readouterr().out
    assert log.count("callback.refused") == 2
    assert "sessionWebhook leads elsewhere" in log
    assert "wrong sign" in log
    assert not any(word in log for word in (SECRET, "evil.example", "报名", headers(school.now)["sign"]))


async def test_a_visitor_hears_how_to_claim_the_group(school):
    assert "/建组" in await school.say("/帮助", conversationId="cid-new", senderStaffId="0007")


async def test_the_robot_mentioned_with_nothing_else(school):
    assert "/" in await school.say(" ")


async def test_a_picture_is_answered_and_never_dispatched(school):
    sent = body(None, msgtype="picture", content={"downloadCode": "x"}, senderStaffId="0007")
    status, answer = await school.post(sent)
    assert status == 200
    assert "图片" in answer["markdown"]["text"]


async def test_the_newest_session_of_a_conversation_is_kept(school):
    await school.post(body("/帮助"))
    await school.post(body("/帮助", msgId="msg-2", conversationType="1", sessionWebhook=WEBHOOK + "p"))
    assert school.sessions.get((False, sample.chat_of("chinese"))).url == WEBHOOK
    assert school.sessions.get((True, sample.user_of("王老师"))).url == WEBHOOK + "p"


async def test_the_reference_callback_with_its_own_clock():
    vector = next(one for one in vectors("inbound_payloads") if one["id"] == "http_group_text")
    clock = MovableClock(sample.START.fromtimestamp(1577262236.757, sample.START.tzinfo))
    answer = await _callback(channel(client_secret="this is a secret", robot_code="", corp_id=""), clock).answer(
        {name.lower(): value for name, value in vector["headers"].items()}, raw(vector["body"])
    )
    assert answer.status == 200
    assert "收到  /本周备课" in json.loads(answer.body)["markdown"]["text"]


# --- the core by itself ---


async def _nothing_over(incoming: Incoming, part: Content, number: int) -> None:
    raise AssertionError(part)


async def _echo(incoming: Incoming) -> Outcome:
    return Outcome(said=(Said(to="here", content=content(f"收到 {incoming.text}")),))


def _callback(app=None, clock=None, handle=_echo, overflow=_nothing_over, **more) -> DingTalkCallback:
    clock = clock or MovableClock(sample.START)
    heard = hearing(RecentSessions(clock), clock, **more)
    return DingTalkCallback(app or channel(), handle, overflow, clock, heard)


async def test_an_answer_not_ready_in_time_is_an_acknowledgement():
    async def later(incoming: Incoming) -> None:
        return None

    assert await _callback(handle=later).answer(headers(sample.START), raw(body())) == SILENCE


async def test_a_store_that_does_not_write_acknowledges_nothing():
    async def broken(incoming: Incoming) -> Outcome:
        raise ReadOnly("disk full")

    with pytest.raises(StoreError):
        await _callback(handle=broken).answer(headers(sample.START), raw(body()))


async def test_a_long_answer_goes_on_through_the_outbox():
    lines = tuple(f"{number} " + "课" * 99 for number in range(200))

    async def long(incoming: Incoming) -> Outcome:
        return Outcome(said=(Said(to="here", content=Content(lines=lines)),))

    rest: list[Content] = []

    async def overflow(incoming: Incoming, part: Content, number: int) -> None:
        rest.append(part)

    answer = await _callback(handle=long, overflow=overflow).answer(headers(sample.START), raw(body()))
    first = json.loads(answer.body)["markdown"]["text"]
    assert len(answer.body) < PARAM_BYTES + 100
    assert all(any(line in text for text in (first, *(part.plain() for part in rest))) for line in lines)


async def test_the_used_up_quota_is_told_and_acknowledged():
    told: list[str] = []

    async def on_quota(detail: str) -> None:
        told.append(detail)

    sent = raw(body(None, errorCode=20001, errorMessage="暂停"))
    assert await _callback(on_quota=on_quota).answer(headers(sample.START), sent) == SILENCE
    assert told == ["暂停"]


async def test_somebody_without_a_lasting_id_can_look_and_is_bound_to_no_name(school):
    unpublished = {"without": ("senderStaffId",), "senderId": "$:LWCP_v1:$new"}
    assert "帮助" in await school.say("/帮助", msgId="m1", **unpublished)
    assert "账号" in await school.say("/我是 王老师", msgId="m2", **unpublished)
    assert "账号" in await school.say("/建组 高一语文备课组 ABCD1234", msgId="m3", **unpublished)
    assert "账号" in await school.say("/报名 1", msgId="m4", **unpublished)
    assert await school.taken() == 0


async def test_who_was_heard_and_what_was_used_stands_in_the_logbook(tmp_path):
    store = await TinyStore(tmp_path, kinds=[ChannelLog]).open()
    book = Logbook(MovableClock(sample.START))
    callback = _callback(logbook=book)
    await callback.answer(headers(sample.START), raw(body()))
    await callback.answer(headers(sample.START, "wrong secret"), raw(body()))
    await callback.answer(headers(sample.START), raw(body(None, errorCode="20001", errorMessage="暂停")))
    await book.write(store)
    log = (await logs(store))[sample.CHANNEL]
    await store.close()
    assert (log.calls_in(sample.START), log.senders) == ({"webhook": 2}, (sample.user_of("王老师"),))
    assert log.exhausted_in(sample.START)


def test_a_session_ends_before_its_end_and_never_goes_back():
    clock = MovableClock(sample.START)
    sessions = RecentSessions(clock)
    newer = Session("new", sample.START + timedelta(minutes=20))
    older = Session("old", sample.START + timedelta(minutes=10))
    sessions.put((False, "c"), newer)
    sessions.put((False, "c"), older)
    assert sessions.get((False, "c")) == newer
    sessions.forget((False, "c"), older)
    clock.set(newer.expires - MARGIN - timedelta(milliseconds=1))
    assert sessions.get((False, "c")) == newer
    clock.set(newer.expires - MARGIN)
    assert sessions.get((False, "c")) is None
