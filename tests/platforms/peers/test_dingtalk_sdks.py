"""DingTalk's SDKs against the fake that our tests trust, beside our own client and our own reading."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.chat.transport import Outgoing
from bot.clock import MovableClock
from bot.content import content
from bot.errors import NotSent, RateLimited, Rejected
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.payloads import Heard, decode
from bot.platforms.dingtalk.sessions import RecentSessions, Session
from bot.platforms.download import download
from bot.simulator import sample
from tests.platforms.dingtalk import samples
from tests.platforms.dingtalk.fake import FakeDingTalk, says
from tests.platforms.peers.process import Peer

CARD = content("本周备课", "主备\uff1a张老师", title="第2周备课")
TOPIC = sample.chat_of("chinese")


class Ours:
    """Our client, and what it has just sent."""

    def __init__(self, fake: FakeDingTalk, session: ClientSession, clock: MovableClock) -> None:
        self.fake = fake
        self.sessions = RecentSessions(clock)
        channel = samples.channel(api_base=fake.base, oapi_base=fake.base)
        self.api = DingTalkApi(channel, session, self.sessions, clock)

    async def send(self, to: str, *, private: bool = False, kind: Any = "card", recalls: tuple[str, ...] = ()) -> str:
        message = Outgoing(uuid="u", kind=kind, to=to, private=private, content=CARD, recalls=recalls)
        return await self.api.send(message) or ""


@pytest.fixture
async def ours(fake: FakeDingTalk, clock: MovableClock) -> AsyncIterator[Ours]:
    async with ClientSession() as session:
        yield Ours(fake, session, clock)


def server(fake: FakeDingTalk) -> str:
    return fake.base.removeprefix("http://")


async def sdk_token(dingtalk: Peer, fake: FakeDingTalk, secret: str = samples.SECRET) -> dict[str, Any]:
    return await dingtalk.ask("token", server=server(fake), key="dingKEY", secret=secret)


def fields(body: dict[str, Any]) -> dict[str, str]:
    """A request's fields as the SDK names them: what our client sends, said once more by the other."""
    names = {
        "robotCode": "robot_code",
        "msgKey": "msg_key",
        "msgParam": "msg_param",
        "openConversationId": "open_conversation_id",
        "userIds": "user_ids",
        "processQueryKeys": "process_query_keys",
    }
    return {names[name]: value for name, value in body.items()}


def agree(fake: FakeDingTalk) -> None:
    """The last two requests have the same path, the same fields and the same headers that matter."""
    (path, headers, body), (other_path, other_headers, other_body) = fake.requests[-2:]
    assert (path, body) == (other_path, other_body)
    for name in ("content-type", "x-acs-dingtalk-access-token", "accept"):
        assert headers.get(name) == other_headers.get(name), name


async def test_both_fetch_the_token_alike(ours: Ours, dingtalk: Peer, fake: FakeDingTalk) -> None:
    assert await sdk_token(dingtalk, fake) == {"accessToken": "token-1", "expireIn": 7200}
    await ours.send(TOPIC)
    first, second = (request for request in fake.requests if request[0].endswith("accessToken"))
    assert (first[0], first[2]) == (second[0], second[2])
    assert first[1]["content-type"] == second[1]["content-type"]


async def test_both_are_refused_a_wrong_secret(dingtalk: Peer, fake: FakeDingTalk) -> None:
    answer = await sdk_token(dingtalk, fake, "typo")
    assert answer["error"] == "invalidClientIdOrSecret"
    assert answer["message"].startswith("code: 400, ")


async def test_both_post_into_a_group_alike(ours: Ours, dingtalk: Peer, fake: FakeDingTalk) -> None:
    await ours.send(TOPIC)
    own = fake.requests[-1][2]
    token = next(iter(fake.tokens))
    answer = await dingtalk.ask("group_send", server=server(fake), token=token, **fields(own))
    assert answer == {"processQueryKey": "key-1"}
    agree(fake)
    assert fake.posts[0] == fake.posts[1]
    assert json.loads(own["msgParam"]) == {"title": "第2周备课", "text": fake.posts[0]["text"]}


async def test_both_ask_for_a_file_alike(ours: Ours, dingtalk: Peer, fake: FakeDingTalk) -> None:
    fake.files["code"] = b"bytes"
    address = await ours.api.download_address("code")
    asked = {"server": server(fake), "token": next(iter(fake.tokens)), "robot_code": "dingrobotcode"}
    answer = await dingtalk.ask("file_address", download_code="code", **asked)
    assert answer == {"downloadUrl": address}
    agree(fake)
    assert (await download(address, 5, base=fake.base)).data == b"bytes"
    refused = await dingtalk.ask("file_address", download_code="expired", **asked)
    assert refused["error"] == "invalidParameter.robotCode.downloadCode"
    with pytest.raises(Rejected, match="downloadCode"):
        await ours.api.download_address("expired")


async def test_both_write_to_people_alike(ours: Ours, dingtalk: Peer, fake: FakeDingTalk) -> None:
    await ours.send("0123", private=True, kind="note")
    token = next(iter(fake.tokens))
    own = fields(fake.requests[-1][2])
    answer = await dingtalk.ask("batch_send", server=server(fake), token=token, **own)
    assert answer == {"processQueryKey": "key-1", "invalidStaffIdList": [], "flowControlledStaffIdList": []}
    agree(fake)
    several = {**own, "user_ids": ["0123", "gone"]}
    answer = await dingtalk.ask("batch_send", server=server(fake), token=token, **several)
    assert answer["invalidStaffIdList"] == ["gone"]
    assert [post["to"] for post in fake.posts] == [["0123"]] * 3
    with pytest.raises(Rejected, match="没有这个人"):
        await ours.send("gone", private=True, kind="note")


@pytest.mark.parametrize(("to", "private"), [(TOPIC, False), ("0123", True)])
async def test_both_take_messages_back_alike(
    ours: Ours, dingtalk: Peer, fake: FakeDingTalk, to: str, private: bool
) -> None:
    first, second = [await ours.send(to, private=private, kind="note") for _ in range(2)]
    await ours.send(to, private=private, kind="recall", recalls=(first,))
    token = next(iter(fake.tokens))
    own = {**fields(fake.requests[-1][2]), "process_query_keys": [second]}
    answer = await dingtalk.ask("recall", server=server(fake), token=token, **own)
    assert answer == {"successResult": [second], "failedResult": {}}
    assert fake.posts == []
    (path, _, body), (other_path, _, other_body) = fake.requests[-2:]
    assert path == other_path
    assert {**body, "processQueryKeys": [second]} == other_body


async def test_the_sdk_learns_the_limits_of_the_fake(ours: Ours, dingtalk: Peer, fake: FakeDingTalk) -> None:
    await ours.send("0123", private=True, kind="note")
    good = {"server": server(fake), "token": next(iter(fake.tokens)), **fields(fake.requests[-1][2])}
    for wrong, code in (
        ({"user_ids": ["0123"] * 21}, "invalidParameter.userIds"),
        ({"msg_param": json.dumps({"title": "x", "text": "x" * 15_000})}, "invalidParameter.msgParam.tooLong"),
        ({"robot_code": "other"}, "invalidParameter.robotCode.auth"),
        ({"token": "old"}, "InvalidAuthentication"),
    ):
        assert (await dingtalk.ask("batch_send", **{**good, **wrong}))["error"] == code
    assert len(fake.posts) == 1


REFUSALS = [
    ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403, {}, RateLimited),
    ("Forbidden.AccessDenied.ApiCountLimitForOrg", 403, {}, Rejected),
    (
        "Forbidden.AccessDenied.AccessTokenPermissionDenied",
        403,
        {"accessdenieddetail": {"requiredScopes": ["qyapi_robot_sendmsg"]}},
        Rejected,
    ),
    ("ServiceUnavailable", 503, {}, NotSent),
]


@pytest.mark.parametrize(("code", "status", "more", "error"), REFUSALS)
async def test_both_read_a_refusal_alike(
    ours: Ours,
    dingtalk: Peer,
    fake: FakeDingTalk,
    code: str,
    status: int,
    more: dict[str, Any],
    error: type[Exception],
) -> None:
    token = (await sdk_token(dingtalk, fake))["accessToken"]
    fake.spoil("send", *[says({"code": code, "requestid": "R1", "message": "no", **more}, status)] * 2)
    theirs = await dingtalk.ask("group_send", server=server(fake), token=token, robot_code="x")
    with pytest.raises(error) as caught:
        await ours.send(TOPIC)
    assert type(caught.value) is error
    assert theirs["error"] == code
    assert code in str(caught.value)
    assert theirs["message"] == f"code: {status}, no request id: R1"
    for scope in (theirs["denied"] or {}).get("requiredScopes", []):
        assert scope in str(caught.value)


def message(fake: FakeDingTalk, **changes: Any) -> dict[str, Any]:
    return samples.body(sessionWebhook=f"{fake.base}/robot/sendBySession?session=s-1", **changes)


async def test_both_answer_a_session_alike(ours: Ours, dingtalk: Peer, fake: FakeDingTalk, clock: MovableClock) -> None:
    fake.sessions.add("s-1")
    heard = message(fake)
    ours.sessions.put((False, TOPIC), Session(heard["sessionWebhook"], clock.now() + timedelta(minutes=20)))
    await ours.send(TOPIC, kind="reply")
    own = fake.requests[-1][2]
    answer = await dingtalk.ask("reply", kind="markdown", message=heard, **own["markdown"])
    assert answer == {"said": {"errcode": "0", "errmsg": "ok"}}
    theirs = dict(fake.requests[-1][2])
    assert theirs.pop("at") == {"atUserIds": [heard["senderStaffId"]]}  # ours writes the name into the text
    assert theirs == own
    assert fake.posts[0] == fake.posts[1]


async def test_a_session_takes_text_and_ends(dingtalk: Peer, fake: FakeDingTalk) -> None:
    fake.sessions.add("s-1")
    await dingtalk.ask("reply", kind="text", message=message(fake), text="收到")
    assert fake.posts == [{"to": "s-1", "content": "收到"}]
    fake.sessions.clear()
    answer = await dingtalk.ask("reply", kind="text", message=message(fake), text="收到")
    assert answer["said"]["errcode"] == 300001


PICTURE = {"richText": [{"text": " /反思 "}, {"text": "板书"}, {"type": "picture", "downloadCode": "c"}]}
BODIES = [
    samples.body(" /本周备课"),
    samples.body(None, msgtype="richText", content=PICTURE),
    samples.body(" /报名 1", atUsers=[{"dingtalkId": "x", "staffId": "t2"}]),
    samples.body("/我的", conversationType="1", without=("atUsers", "conversationTitle", "isInAtList")),
]


@pytest.mark.parametrize("body", BODIES)
async def test_both_read_a_message_alike(dingtalk: Peer, clock: MovableClock, body: dict[str, Any]) -> None:
    theirs = await dingtalk.ask("read", message=body)
    own = decode(samples.raw(body), samples.channel(), clock.now())
    assert isinstance(own, Heard)
    said = own.incoming
    assert (said.msgid, said.chat, said.sender) == (theirs["id"], theirs["conversation"], theirs["sender"])
    assert said.text == "".join(theirs["texts"])
    assert own.pictures == len(theirs["pictures"] or [])
    assert list(own.mentioned) == [staff for staff in theirs["mentioned"] if staff]
    assert own.session == Session(theirs["webhook"], own.session.expires if own.session else clock.now())
    assert {**theirs["whole"], "atUsers": body.get("atUsers", [])} == {"atUsers": [], **body}


async def test_both_read_the_reference_messages_alike(dingtalk: Peer, clock: MovableClock) -> None:
    channel = samples.channel(corp_id="", robot_code="")
    for vector in samples.vectors("inbound_payloads"):
        theirs = await dingtalk.ask("read", message=vector["body"])
        own = decode(json.dumps(vector["body"]), channel, clock.now())
        if vector["id"] == "over_quota":
            assert theirs == {"error": "KeyError('text')"}  # ours says what it is
        elif isinstance(own, Heard):
            assert own.incoming.text == "".join(theirs["texts"] or []), vector["id"]
