"""Taking messages back by the open API: group and person, once, within a day."""

from datetime import timedelta

import pytest

from bot.chat.transport import Outgoing
from bot.content import Content, content
from bot.errors import NotSent, Rejected
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.sessions import RecentSessions
from tests.platforms.dingtalk.fake import says
from tests.platforms.dingtalk.samples import channel


@pytest.fixture
def api(fake, http, clock):
    return DingTalkApi(channel(api_base=fake.base, oapi_base=fake.base), http, RecentSessions(clock), clock)


def said(to: str, *, private: bool) -> Outgoing:
    return Outgoing(uuid="u", kind="note" if private else "change", to=to, private=private, content=content("改到周四"))


def recall(to: str, *receipts: str, private: bool) -> Outgoing:
    return Outgoing(uuid="r", kind="recall", to=to, private=private, content=Content(), recalls=receipts)


@pytest.mark.parametrize(("to", "private"), [("cid-1", False), ("0123", True)])
async def test_what_was_sent_can_be_taken_back(api, fake, to, private):
    receipts = [str(await api.send(said(to, private=private))) for _ in range(2)]
    kept = fake.posts[1]
    await api.send(recall(to, receipts[0], private=private))
    assert [post is kept for post in fake.posts] == [True]
    asked = fake.requests[-1][2]
    assert asked["robotCode"] == "dingrobotcode"
    assert asked.get("openConversationId") == (None if private else to)


async def test_a_receipt_of_another_chat_is_no_good(api, fake):
    receipt = str(await api.send(said("cid-1", private=False)))
    with pytest.raises(Rejected, match="钉钉没有撤回"):
        await api.send(recall("cid-2", receipt, private=False))
    assert len(fake.posts) == 1


async def test_after_a_day_it_stays(api, fake, clock):
    receipt = str(await api.send(said("0123", private=True)))
    clock.set(clock.now() + timedelta(days=1))
    with pytest.raises(Rejected, match="24 hours"):
        await api.send(recall("0123", receipt, private=True))


async def test_an_answer_by_the_session_has_no_receipt(api, fake):
    fake.spoil("send", says({"code": "ServiceUnavailable"}, 503))
    with pytest.raises(NotSent):
        await api.send(said("cid-1", private=False))
    assert await api.send(said("cid-1", private=False))
