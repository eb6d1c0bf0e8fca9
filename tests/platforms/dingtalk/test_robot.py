"""The custom robot of a group, against a DingTalk that enforces its limits, alone and under the real sender."""

from datetime import timedelta

import pytest

from bot.chat.transport import Outgoing
from bot.config.channels import DingTalkRobot as RobotConfig
from bot.content import Content, Link, content
from bot.delivery.outbox import SYSTEM, OutboxItem, enqueue
from bot.delivery.sender import Sender
from bot.delivery.split import split
from bot.errors import NotSent, RateLimited, Rejected, Undecided
from bot.platforms.dingtalk import posting
from bot.platforms.dingtalk.robot import DingTalkRobot
from bot.platforms.dingtalk.verdicts import WEBHOOK_RULES
from bot.storage.tiny import TinyStore
from tests.platforms.dingtalk.fake import (
    ACCESS,
    SEC,
    half_an_answer,
    hang,
    page,
    reset_after_the_body,
    reset_before_the_body,
    says,
)
from tests.platforms.dingtalk.samples import vectors

IDS = {"王老师": "user-wang", "张老师": "0123"}


async def ids(chat, names):
    return {name: IDS[name] for name in names if name in IDS}


def config(base: str, **changes) -> RobotConfig:
    settings = {"kind": "dingtalk-robot", "name": "robot", "secret": SEC}
    return RobotConfig.model_validate({"webhook": f"{base}/robot/send?access_token={ACCESS}", **settings, **changes})


@pytest.fixture
def robot(fake, http, clock):
    return DingTalkRobot(config(fake.base), http, clock, ids)


def outgoing(said: Content | None = None, uuid="u-1", **more) -> Outgoing:
    settings = {"kind": "card", "to": "cid-1", "private": False, **more}
    return Outgoing(uuid=uuid, content=said or content("周三第8-9节", title="集体备课"), **settings)


async def test_a_card_is_signed_and_arrives(robot, fake):
    await robot.send(outgoing())
    assert fake.posts == [{"to": "group", "title": "集体备课", "text": "#### 集体备课  \n  周三第8-9节", "at": []}]


async def test_every_request_is_signed_afresh(robot, fake, clock):
    await robot.send(outgoing())
    clock.set(clock.now() + timedelta(hours=2))
    await robot.send(outgoing(uuid="u-2"))
    assert len(fake.posts) == 2


async def test_people_are_mentioned_in_the_text_and_in_the_field(robot, fake):
    said = content("该交了", mentions=("王老师", "新老师", "张老师"))
    await robot.send(outgoing(said))
    (post,) = fake.posts
    assert post["at"] == ["user-wang", "0123"]
    assert post["text"].endswith("@user-wang @0123")
    assert "@新老师" in post["text"]
    assert "@王老师" not in post["text"]


async def test_at_most_fifty_are_mentioned(http, clock, fake):
    async def everybody(chat, names):
        return {name: f"id-{name}" for name in names}

    names = tuple(f"老师{number}" for number in range(60))
    await DingTalkRobot(config(fake.base), http, clock, everybody).send(outgoing(content("该交了", mentions=names)))
    assert len(fake.posts[0]["at"]) == 50
    assert all(f"@老师{number}" in fake.posts[0]["text"] for number in range(50, 60))


async def test_a_link_becomes_a_button(robot, fake):
    link = Link(label="看进度表", url="https://beike.example.edu.cn/board/x?a=1&b=2")
    await robot.send(outgoing(Content(title="本周备课", lines=("周三",), link=link, mentions=("王老师",))))
    (post,) = fake.posts
    assert (post["singleTitle"], post["singleURL"], post["at"]) == (link.label, link.url, ["user-wang"])
    assert link.label not in post["text"]


async def test_a_link_to_nowhere_on_the_web_stays_text(robot, fake):
    await robot.send(outgoing(Content(lines=("周三",), link=Link(label="看", url="javascript:alert(1)"))))
    assert "singleURL" not in fake.posts[0]
    assert "javascript" in fake.posts[0]["text"]


async def test_a_repeat_with_the_same_uuid_is_one_message(robot, fake):
    fake.spoil("send", half_an_answer)
    with pytest.raises(Undecided):
        await robot.send(outgoing())
    await robot.send(outgoing())
    await robot.send(outgoing())
    assert len(fake.posts) == 1


async def test_nobody_is_told_privately(robot, fake):
    assert not robot.abilities.private
    with pytest.raises(Rejected):
        await robot.send(outgoing(private=True))
    assert fake.calls == []


async def test_a_wrong_secret_and_a_wrong_token(fake, http, clock):
    for changes, word in (
        ({"secret": "SECtypo"}, "先核对服务器时间"),
        ({"webhook": f"{fake.base}/robot/send?access_token=x"}, "Webhook"),
    ):
        with pytest.raises(Rejected, match=word) as caught:
            await DingTalkRobot(config(fake.base, **changes), http, clock, ids).send(outgoing())
        assert not any(secret in str(caught.value) for secret in (ACCESS, "SECtypo", SEC))


async def test_without_a_secret_the_address_is_left_alone(fake, http, clock):
    fake.spoil("send", says({"errcode": "0", "errmsg": "ok"}))
    await DingTalkRobot(config(fake.base, secret=None), http, clock, ids).send(outgoing())
    assert fake.calls == ["send"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (hang, Undecided),
        (reset_before_the_body, Undecided),
        (reset_after_the_body, Undecided),
        (half_an_answer, Undecided),
        (page(500), Undecided),
        (page(503), NotSent),
        (page(200), RateLimited),
        (says({"status": 1111, "wait": 5, "punish": "deny"}), RateLimited),
        (says({"errmsg": "no code"}), Undecided),
        (says({"errcode": "soon"}), Undecided),
        (says({"errcode": float("inf")}), Undecided),
        (says({"errcode": 424242, "errmsg": "never seen"}), NotSent),
        *((says({"errcode": code, "errmsg": "x"}), kind) for code, kind in ((-1, NotSent), (130101, RateLimited))),
        *((says({"errcode": str(code), "errmsg": "x"}), RateLimited) for code in (130101, 410100)),
        *((says({"errcode": code}), Rejected) for code in WEBHOOK_RULES if code not in (-1, 130101, 410100)),
    ],
)
async def test_every_way_to_fail(robot, fake, fault, error, monkeypatch):
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    fake.spoil("send", fault)
    with pytest.raises(error) as caught:
        await robot.send(outgoing())
    assert type(caught.value) is error
    assert fake.posts == []


REACTIONS = {"tell the leader": Rejected, "permanent": Rejected, "wait": RateLimited, "retry": NotSent}


async def test_the_reference_errors(robot, fake):
    for vector in (one for one in vectors("errors") if one["where"] == "robot/send"):
        fake.spoil("send", says(vector["body"]))
        with pytest.raises(REACTIONS[vector["reaction"]]) as caught:
            await robot.send(outgoing())
        assert str(vector["body"]["errcode"]) in str(caught.value)
        assert type(caught.value) is REACTIONS[vector["reaction"]], vector["id"]


async def test_nobody_listens(http, clock, unused_tcp_port):
    with pytest.raises(NotSent, match="连不上"):
        await DingTalkRobot(config(f"http://127.0.0.1:{unused_tcp_port}"), http, clock, ids).send(outgoing())


async def test_the_longest_message_is_cut_to_what_is_taken(robot, fake):
    names = ("王老师", "张老师", *(f"老师{number}" for number in range(60)))
    long = content(*("“引号” " + "课" * 90 for _ in range(200)), title="长", mentions=names)
    parts = split(long, robot.abilities.max_bytes, lambda part: robot.size(part, private=False))
    for number, part in enumerate(parts):
        await robot.send(outgoing(part, uuid=f"u-{number}"))
    assert len(parts) == len(fake.posts) > 1


async def test_the_config_decides_speed_and_rest(http, clock):
    own = DingTalkRobot(config("http://127.0.0.1:1", per_minute=5, penalty=0), http, clock, ids).abilities
    assert (own.per_minute, own.penalty) == (5, 0)
    default = DingTalkRobot(config("http://127.0.0.1:1"), http, clock, ids).abilities
    assert (default.per_minute, default.penalty, default.idempotent, default.max_bytes) == (20, 600.0, True, 20_000)


async def test_a_burst_with_faults_loses_nothing_and_says_nothing_twice(robot, fake, clock, tmp_path, monkeypatch):
    monkeypatch.setattr(posting, "SECONDS", 0.1)
    store = TinyStore(tmp_path / "store", kinds=[OutboxItem])
    await store.open()
    async with store.transaction(SYSTEM) as tx:
        for number in range(45):
            said = content(f"第{number}条")
            await enqueue(tx, channel="robot", kind="card", to="cid-1", content=said, now=clock.now())
    faults = (page(500), half_an_answer, reset_after_the_body, says({"errcode": -1}), says({"errcode": 410100}), hang)
    fake.spoil("send", *faults)
    sender = Sender(store, {"robot": robot}, clock)
    while due := await sender.next_due():
        clock.set(max(clock.now(), due))
        await sender.drain()
    assert [post["text"] for post in fake.posts] == [f"第{number}条" for number in range(45)]
    assert fake.blocked_until is None
    assert len(fake.calls) == 45 + len(faults)
    await store.close()
