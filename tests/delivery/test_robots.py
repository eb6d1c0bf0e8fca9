"""The table under "Out", over HTTP: both robots, every row also killed and opened again in between."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.content import Action, Content
from tests.delivery.house import MakeHouse
from tests.delivery.robots import Mood, Plan


@dataclass(frozen=True)
class Row:
    mood: Mood
    takes: bool = False
    wecom: tuple[str, str, int, int] = ("waiting", "sent", 1, 0)  # state right after, at last, copies, told
    dingtalk: tuple[str, str, int, int] = ("waiting", "sent", 1, 0)
    least: dict[str, float] | None = None  # seconds until the next attempt, by platform


AGAIN = ("unknown", "sent", 1, 0)
FINAL = ("failed", "failed", 0, 1)
ROWS = [
    Row("busy", least={"wecom": 0.8, "dingtalk": 0.8}),
    Row("503", least={"wecom": 0.8, "dingtalk": 0.8}),
    Row("too fast", least={"wecom": 65, "dingtalk": 600}),
    Row("too fast, other code", least={"wecom": 65, "dingtalk": 600}),
    Row("final", wecom=FINAL, dingtalk=FINAL),
    *(
        Row(mood, takes, wecom=("held", "held", int(takes), 1), dingtalk=AGAIN)
        for mood in ("500", "502", "reset after the body", "hangs", "half an answer", "no JSON")
        for takes in (True, False)
    ),
]


@pytest.mark.parametrize("restart", [False, True], ids=["", "restarted"])
@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.mood}{', taken' * row.takes}")
async def test_the_table(make_house: MakeHouse, row: Row, kind: str, restart: bool) -> None:
    house = await make_house(kind, patient=row.mood != "hangs")
    house.robot.plans.append(Plan(row.mood, row.takes))
    await house.push(1)
    after, end, copies, told = row.wecom if kind == "wecom" else row.dingtalk
    await house.senders[0].drain()
    assert (await house.items())[0].state == after
    if restart:
        await house.close()
        await house.open()
    await house.work()
    (item,) = await house.items()
    assert (item.state, len(house.robot.texts), len(house.told)) == (end, copies, told)
    assert (item.id in await house.shown()) == (end == "held")
    if row.least:
        first, second = house.robot.arrivals
        assert second - first >= timedelta(seconds=row.least[kind])


async def test_a_reset_before_the_body_is_never_believed_to_have_arrived(make_house: MakeHouse) -> None:
    """A client cannot always tell how far it came: what matters is that nothing is lost or told falsely."""
    for kind in ("wecom", "dingtalk"):
        house = await make_house(kind)
        house.robot.plans.append(Plan("reset before the body"))
        await house.push(1)
        await house.work()
        (item,) = await house.items()
        assert (item.state, house.robot.texts) in [("sent", ["第0条"]), ("held", [])]
        assert (item.id in await house.shown()) == (item.state == "held")


LINES = tuple(f"{n:03} 单元检测卷初稿由陈老师整理\uff0c周五前发到群里。" for n in range(400))
LONG = Content(title="第3周备课", lines=LINES, actions=(Action(label="看一眼", send="/本周备课"),))


@pytest.mark.parametrize(("kind", "limit"), [("wecom", 4096), ("dingtalk", 20_000)])
async def test_a_long_text_is_split_at_block_borders_by_bytes(make_house: MakeHouse, kind: str, limit: int) -> None:
    house = await make_house(kind)
    house.robot.plans.extend([None, Plan("503"), Plan("too fast")])
    await house.push(1, content=LONG)
    await house.work()
    texts = house.robot.texts
    assert len(texts) > 1
    assert all(len(text.encode()) <= limit for text in texts)
    assert shown_lines(texts) == LINES, "whole lines, none twice, in order"
    assert ["/本周备课" in text for text in texts] == [False] * (len(texts) - 1) + [True]
    assert [item.state for item in await house.items()] == ["sent"]


async def test_killed_with_the_second_part_in_the_air(make_house: MakeHouse) -> None:
    """DingTalk knows the part again by its uuid; WeCom's leader looks, and what follows is not lost either way."""
    for kind in ("dingtalk", "wecom"):
        house = await make_house(kind)
        house.robot.holds = {2: True}
        await house.push(1, content=LONG)
        await house.work()
        if kind == "dingtalk":
            assert shown_lines(house.robot.texts) == LINES
        else:
            assert len(house.robot.texts) == 2
            assert await house.shown() == [1]
            (item,) = await house.items()
            assert (item.parts_sent, item.state) == (1, "held")


def shown_lines(texts: list[str]) -> tuple[str, ...]:
    return tuple(line.strip() for text in texts for line in text.splitlines() if line.strip()[:3].isdecimal())
