"""An answer that takes longer than DingTalk waits: acknowledged with silence, then said through the session."""

from datetime import timedelta

import pytest

from bot.app import Playhouse, registry
from bot.chat.transport import Incoming
from bot.content import Content
from bot.delivery.sender import Sender
from bot.dispatch import Dispatcher
from bot.domain.groups import space_of
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.callback import SILENCE, DingTalkCallback
from bot.platforms.dingtalk.sessions import RecentSessions
from bot.platforms.dingtalk.signing import milliseconds
from bot.simulator import sample
from tests.platforms.dingtalk.samples import body, channel, headers, hearing, raw


async def _nothing_over(incoming: Incoming, part: Content) -> None:
    raise AssertionError(part)


@pytest.mark.parametrize(("session", "to"), [("s-1", "s-1"), ("ended", "chat-chinese"), (None, "chat-chinese")])
async def test_a_late_answer_arrives_once(fake, http, clock, tmp_path, session, to):
    async with Playhouse(tmp_path / "data", None) as playground:
        app = channel(api_base=fake.base, oapi_base=fake.base)
        sessions = RecentSessions(clock)
        dispatcher = Dispatcher(playground.store, registry(), clock, patience=0.0)
        callback = DingTalkCallback(app, dispatcher.receive, _nothing_over, clock, hearing(sessions, clock))
        fake.sessions.add("s-1")
        sent = body("/报名 1", sessionWebhook=session and f"{fake.base}/robot/sendBySession?session={session}")
        async with playground.store.transaction(space_of("chinese")):  # it is somebody else's turn
            assert await callback.answer(headers(clock.now()), raw(sent)) == SILENCE
        await dispatcher.settle()
        again = await callback.answer(headers(clock.now()), raw(sent))
        await Sender(playground.store, {sample.CHANNEL: DingTalkApi(app, http, sessions, clock)}, clock).drain()
        assert again.status == 200
        assert [post["to"] for post in fake.posts] == [to]
        assert "已报名" in fake.posts[0]["text"]
        assert (await playground.state(None)).items[0].taken == 1


async def test_a_session_that_ended_before_the_message_came_is_not_used(fake, http, clock, tmp_path):
    async with Playhouse(tmp_path / "data", None) as playground:
        app = channel(api_base=fake.base, oapi_base=fake.base)
        sessions = RecentSessions(clock)
        dispatcher = Dispatcher(playground.store, registry(), clock, patience=0.0)
        callback = DingTalkCallback(app, dispatcher.receive, _nothing_over, clock, hearing(sessions, clock))
        fake.sessions.add("s-1")
        over = milliseconds(clock.now() - timedelta(seconds=1))
        address = f"{fake.base}/robot/sendBySession?session=s-1"
        sent = body("/帮助", sessionWebhook=address, sessionWebhookExpiredTime=over)
        async with playground.store.transaction(space_of("chinese")):  # it is somebody else's turn
            assert await callback.answer(headers(clock.now()), raw(sent)) == SILENCE
        await dispatcher.settle()
        await Sender(playground.store, {sample.CHANNEL: DingTalkApi(app, http, sessions, clock)}, clock).drain()
        assert fake.calls == ["accessToken", "send"]
