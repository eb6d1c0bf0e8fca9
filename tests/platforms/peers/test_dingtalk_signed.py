"""DingTalk's signature as another has made it: a robot's address, a post through it, and callbacks that are served."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientSession

from bot.chat.transport import Outgoing
from bot.clock import MovableClock, SystemClock
from bot.config.channels import DingTalkRobot as RobotConfig
from bot.content import content
from bot.platforms.dingtalk.robot import DingTalkRobot
from bot.platforms.dingtalk.signing import milliseconds, signed_address
from tests.platforms.dingtalk import samples
from tests.platforms.dingtalk.fake import ACCESS, SEC, FakeDingTalk
from tests.platforms.house import Served, contents, house, school_config, section
from tests.platforms.peers.process import Peer

SECRETS = (SEC, samples.SECRET, "SEC" + "0f" * 32, "密钥 + /=")


async def test_both_sign_an_address_alike(dingtalk: Peer, clock: MovableClock) -> None:
    webhook = f"https://oapi.dingtalk.com/robot/send?access_token={ACCESS}"
    for secret in SECRETS:
        for step in range(8):  # among so many are signatures with + and with /
            now = clock.now() + timedelta(days=step, milliseconds=step)
            asked = {"webhook": webhook, "secret": secret, "seconds": milliseconds(now) / 1000}
            answer = await dingtalk.ask("signed_address", **asked)
            assert signed_address(webhook, secret, now) == answer["address"]


async def test_both_post_through_a_robot(dingtalk: Peer) -> None:
    clock = MovableClock(SystemClock().now())  # the SDK signs for the machine's time
    fake = FakeDingTalk(clock)
    await fake.server.start_server()
    webhook = f"{fake.base}/robot/send?access_token={ACCESS}"
    post = {"webhook": webhook, "secret": SEC, "title": "通知", "text": "请看 @0123"}
    assert await dingtalk.ask("robot_send", users=["0123"], **post) == {"errcode": 0, "errmsg": "ok"}
    wrong = {**post, "secret": SEC + "x"}
    assert (await dingtalk.ask("robot_send", users=[], **wrong))["errcode"] == 310000

    async def ids(chat: str, names: tuple[str, ...]) -> dict[str, str]:
        return {"王老师": "0123"}

    async with ClientSession() as session:
        config = RobotConfig(kind="dingtalk-robot", name="posts", webhook=webhook, secret=SEC)  # type: ignore[arg-type]
        ours = DingTalkRobot(config, session, clock, ids)
        card = content("请看", title="通知", mentions=("王老师",))
        await ours.send(Outgoing(uuid="u", kind="card", to="group", private=False, content=card))
    await fake.server.close()
    theirs, own = (request[2] for request in fake.requests)
    assert own.pop("msgUuid") == "u"
    assert set(own) == set(theirs) == {"msgtype", "markdown", "at"}
    assert set(own["markdown"]) == set(theirs["markdown"])
    assert own["at"]["atUserIds"] == theirs["at"]["atUserIds"] == ["0123"]
    assert [post["at"] for post in fake.posts] == [["0123"]] * 2


APP = section(
    "dingtalk-callback", name="dingtalk", client_id="dingKEY", client_secret=samples.SECRET, corp_id="dingcorp"
)


async def post(served: Served, dingtalk: Peer, now: datetime, body: dict[str, Any]) -> tuple[int, Any]:
    """A callback that DingtalkChatbot has signed for ``now``."""
    asked = {"webhook": "http://x/?a=b", "secret": samples.SECRET, "seconds": milliseconds(now) / 1000}
    signed = parse_qs(urlsplit((await dingtalk.ask("signed_address", **asked))["address"]).query)
    headers = {"Content-Type": "application/json; charset=utf-8", "timestamp": signed["timestamp"][0]}
    headers["sign"] = signed["sign"][0]
    async with served.http.post(served.callback("dingtalk"), data=samples.raw(body), headers=headers) as answer:
        return answer.status, json.loads(await answer.read())


async def test_what_another_signs_is_served(dingtalk: Peer, clock: MovableClock, tmp_path: Path) -> None:
    async with house(school_config(APP, channel="dingtalk"), tmp_path, clock) as served:
        for number in range(12):
            clock.set(clock.now() + timedelta(seconds=1, milliseconds=1))
            sent = samples.body(f" /反思 第{number}条\uff0c导入太长了", msgId=f"m-{number}", robotCode="dingKEY")
            status, answer = await post(served, dingtalk, clock.now(), sent)
            assert (status, answer["msgtype"]) == (200, "markdown")
            assert "已保存" in answer["markdown"]["text"]
            assert await post(served, dingtalk, clock.now(), sent) == (200, answer)
        before = await contents(served.store)
        for off in (timedelta(hours=2), timedelta(hours=-2)):
            late = samples.body(" /反思 迟到的", msgId="late", robotCode="dingKEY")
            assert (await post(served, dingtalk, clock.now() + off, late))[0] == 403
        assert await contents(served.store) == before
    [reflections] = [rows for name, rows in before.items() if name.endswith("/reflections")]
    assert len(reflections) == 12
