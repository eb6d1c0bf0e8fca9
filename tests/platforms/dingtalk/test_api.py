"""The open API and the sessions, against a DingTalk that enforces its limits and fails in every way."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from bot.chat.transport import Outgoing
from bot.content import content
from bot.delivery.split import split
from bot.errors import DeliveryError, NotSent, RateLimited, Rejected, Undecided
from bot.platforms.dingtalk import posting
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.sessions import RecentSessions, Session
from tests.platforms.dingtalk.fake import (
    half_an_answer,
    hang,
    page,
    reset_after_the_body,
    reset_before_the_body,
    says,
)
from tests.platforms.dingtalk.samples import SECRET, channel

QPS = {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "requestid": "R", "message": "…"}
MONTH = {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg", "requestid": "R", "message": "…"}
SCOPES = {
    "code": "Forbidden.AccessDenied.AccessTokenPermissionDenied",
    "requestid": "R",
    "message": "…",
    "accessdenieddetail": {"requiredScopes": ["qyapi_robot_sendmsg"]},
}
BAN = {"status": 1111, "wait": 5, "punish": "deny"}


@pytest.fixture
def sessions(clock):
    return RecentSessions(clock)


@pytest.fixture
def api(fake, http, sessions, clock):
    return DingTalkApi(channel(api_base=fake.base, oapi_base=fake.base), http, sessions, clock)


def outgoing(kind="card", to="cid-1", *, private=False, text="本周备课", **more) -> Outgoing:
    return Outgoing(uuid="u-1", kind=kind, to=to, private=private, content=content(text, title="通知"), **more)


@pytest.fixture
def open_session(fake, sessions, clock):
    def opened(name="s-1", conversation=(False, "cid-1"), minutes=20) -> Session:
        fake.sessions.add(name)
        url = f"{fake.base}/robot/sendBySession?session={name}"
        session = Session(url, clock.now() + timedelta(minutes=minutes))
        sessions.put(conversation, session)
        return session

    return opened


async def test_a_card_goes_into_the_group(api, fake):
    await api.send(outgoing())
    assert fake.posts == [{"to": "cid-1", "title": "通知", "text": "#### 通知  \n  本周备课"}]
    assert fake.calls == ["accessToken", "send"]


async def test_a_note_goes_to_the_person(api, fake):
    await api.send(outgoing("note", "0123", private=True))
    assert fake.posts[0]["to"] == ["0123"]
    assert fake.calls == ["accessToken", "batchSend"]


async def test_a_person_nobody_knows_and_a_stranger(api, fake):
    with pytest.raises(Rejected):
        await api.send(outgoing("note", "gone", private=True))
    with pytest.raises(Rejected):
        await api.send(outgoing("note", "$:LWCP_v1:$x", private=True))
    assert (fake.posts, fake.calls) == ([], ["accessToken", "batchSend"])


async def test_too_many_messages_for_one_person(api, fake):
    fake.spoil("batchSend", says({"processQueryKey": "k", "flowControlledStaffIdList": ["0123"]}))
    with pytest.raises(NotSent) as caught:
        await api.send(outgoing("note", "0123", private=True))
    assert type(caught.value) is NotSent


async def test_one_token_serves_until_shortly_before_its_end(api, fake, clock):
    await api.send(outgoing())
    clock.set(clock.now() + timedelta(minutes=114))
    await api.send(outgoing())
    assert fake.calls.count("accessToken") == 1
    clock.set(clock.now() + timedelta(minutes=2))
    await api.send(outgoing())
    assert fake.calls.count("accessToken") == 2


async def test_a_token_that_lives_shortly_is_used_nevertheless(api, fake):
    fake.seconds = 60
    await api.send(outgoing())
    await api.send(outgoing())
    assert fake.calls == ["accessToken", "send", "send"]


async def test_many_at_once_fetch_one_token(api, fake):
    await asyncio.gather(*(api.send(outgoing(to=f"cid-{number}")) for number in range(10)))
    assert fake.calls.count("accessToken") == 1
    assert len(fake.posts) == 10


async def test_a_token_refused_before_its_time_is_renewed_once(api, fake):
    await api.send(outgoing())
    fake.tokens.clear()
    await asyncio.gather(*(api.send(outgoing(to=f"cid-{number}")) for number in range(5)))
    assert fake.calls.count("accessToken") == 2
    assert len(fake.posts) == 6


async def test_a_token_refused_again_is_not_renewed_for_ever(api, fake):
    fake.spoil("send", *[says({"code": "InvalidAuthentication", "message": "x"}, 400)] * 2)
    with pytest.raises(NotSent):
        await api.send(outgoing())
    assert fake.calls == ["accessToken", "send", "accessToken", "send"]


async def test_a_wrong_secret_is_final_and_not_repeated(fake, http, sessions, clock):
    api = DingTalkApi(channel(api_base=fake.base, client_secret="typo"), http, sessions, clock)
    with pytest.raises(Rejected, match="Client Secret") as caught:
        await api.send(outgoing())
    assert type(caught.value) is Rejected
    assert "typo" not in str(caught.value)


@pytest.mark.parametrize(
    "fault", [hang, reset_before_the_body, reset_after_the_body, half_an_answer, page(500), says({})]
)
async def test_without_a_token_nothing_was_sent(api, fake, fault, monkeypatch):
    monkeypatch.setattr("bot.platforms.dingtalk.token.SECONDS", 0.1)
    fake.spoil("accessToken", fault)
    with pytest.raises(NotSent):
        await api.send(outgoing())
    assert fake.calls == ["accessToken"]
    await api.send(outgoing())
    assert len(fake.posts) == 1


@pytest.mark.parametrize(
    ("fault", "error", "word"),
    [
        (hang, Undecided, "没有按时回应"),
        (reset_before_the_body, Undecided, "断了"),
        (reset_after_the_body, Undecided, "断了"),
        (half_an_answer, Undecided, "断了"),
        (page(500), Undecided, "500"),
        (page(502), Undecided, "502"),
        (page(503), NotSent, "503"),
        (page(403), RateLimited, "封禁"),
        (says(BAN), RateLimited, "封禁"),
        (says({}), Undecided, "看不懂"),
        (says([]), Undecided, "看不懂"),
        (says({"errcode": 0}), Undecided, "看不懂"),
        (says(QPS, 403), RateLimited, "太快"),
        (says(MONTH, 403), Rejected, "这个月"),
        (says(SCOPES, 403), Rejected, "qyapi_robot_sendmsg"),
        (says({"code": "invalidParameter.openConversationId", "message": "x"}, 400), Rejected, "没有收下"),
        (says({"code": "contain.notAllowed.word", "message": "x"}, 400), Rejected, "审核"),
        (says({"code": "send.too.fast", "message": "x"}, 400), RateLimited, "太快"),
        (says({"code": "ServiceUnavailable", "message": "x"}, 503), NotSent, "不可用"),
        (says({"code": "InternalError", "message": "x"}, 500), Undecided, "500"),
        (says({"message": "no code"}, 429), RateLimited, "太快"),
    ],
)
async def test_every_way_to_fail(api, fake, fault, error, word, monkeypatch):
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    fake.spoil("send", fault)
    with pytest.raises(error) as caught:
        await api.send(outgoing())
    assert type(caught.value) is error
    assert word in str(caught.value)
    assert not any(secret in str(caught.value) for secret in (SECRET, *fake.tokens))
    assert fake.calls.count("send") == 1


async def test_the_waits_are_those_of_the_table(api, fake):
    for fault, seconds in ((says(QPS, 403), 1), (says(BAN), 300), (says({"code": "too.many.group"}, 400), 0)):
        fake.spoil("send", fault)
        with pytest.raises(RateLimited) as caught:
            await api.send(outgoing())
        assert caught.value.retry_after == seconds


async def test_nobody_listens(http, sessions, clock, unused_tcp_port):
    api = DingTalkApi(channel(api_base=f"http://127.0.0.1:{unused_tcp_port}"), http, sessions, clock)
    with pytest.raises(NotSent, match="连不上"):
        await api.send(outgoing())


async def test_a_reply_goes_through_the_session(api, fake, open_session):
    open_session()
    open_session("s-2", (True, "0123"))
    await api.send(outgoing("reply"))
    await api.send(outgoing("reply", "0123", private=True))
    assert [post["to"] for post in fake.posts] == ["s-1", "s-2"]
    assert fake.calls == ["sendBySession"] * 2


async def test_a_card_never_uses_a_session(api, fake, open_session):
    open_session()
    for kind in ("card", "change", "note"):
        await api.send(outgoing(kind))
    assert "sendBySession" not in fake.calls


async def test_a_session_that_has_ended_between_goes_on_by_the_api(api, fake, open_session, sessions):
    open_session()
    fake.sessions.clear()
    await api.send(outgoing("reply"))
    assert (fake.posts[0]["to"], sessions.get((False, "cid-1"))) == ("cid-1", None)
    assert fake.calls == ["sendBySession", "accessToken", "send"]


async def test_a_session_about_to_end_is_not_asked(api, fake, open_session, clock):
    open_session(minutes=20)
    clock.set(clock.now() + timedelta(minutes=19))
    await api.send(outgoing("reply"))
    assert fake.calls == ["accessToken", "send"]


async def test_a_stranger_is_answered_as_long_as_the_session_lasts(api, fake, open_session):
    open_session("s-3", (True, "$:LWCP_v1:$x"))
    await api.send(outgoing("reply", "$:LWCP_v1:$x", private=True))
    assert fake.posts[0]["to"] == "s-3"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (hang, Undecided),
        (reset_after_the_body, Undecided),
        (half_an_answer, Undecided),
        (says({"errcode": 410100, "errmsg": "x"}), RateLimited),
        (says({"errcode": 400102, "errmsg": "x"}), Rejected),
    ],
)
async def test_an_answer_that_may_have_arrived_is_not_said_again_by_the_api(
    api, fake, open_session, fault, error, monkeypatch
):
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    open_session()
    fake.spoil("sendBySession", fault)
    with pytest.raises(DeliveryError) as caught:
        await api.send(outgoing("reply"))
    assert type(caught.value) is error
    assert fake.calls == ["sendBySession"]
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 600


async def test_a_redirect_is_not_followed(api, fake, open_session):
    open_session()

    async def elsewhere(request):
        return web.Response(status=307, headers={"Location": f"{fake.base}/v1.0/oauth2/accessToken"})

    fake.spoil("sendBySession", elsewhere)
    with pytest.raises(Rejected):
        await api.send(outgoing("reply"))
    assert fake.calls == ["sendBySession"]


async def test_the_longest_message_is_cut_to_what_is_taken(api, fake):
    long = content(*("“引号”\\n和\\反斜杠 " + "课" * 90 for _ in range(150)), title="长")
    limit = api.abilities.max_bytes
    parts = split(long, limit, lambda part: api.size(part, private=False))
    for part in parts:
        await api.send(Outgoing(uuid="u", kind="card", to="cid-1", private=False, content=part))
    assert len(parts) == len(fake.posts) > 1
    assert limit - 600 < max(api.size(part, private=False) for part in parts) <= limit


async def test_the_config_decides_speed_and_rest(http, sessions, clock):
    plain = DingTalkApi(channel(), http, sessions, clock).abilities
    assert (plain.per_minute, plain.penalty, plain.private, plain.idempotent) == (None, 60.0, True, False)
    assert plain.timeout <= 10
    own = DingTalkApi(channel(per_minute=30, penalty=0), http, sessions, clock).abilities
    assert (own.per_minute, own.penalty) == (30, 0)
