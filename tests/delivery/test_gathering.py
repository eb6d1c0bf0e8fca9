"""Posts that wait for each other where messages are few."""

from datetime import timedelta

import pytest

from bot.content import Action, Content, File, Link, content
from bot.simulator.transport import REFUSED
from tests.delivery.desk import Desk

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def thrifty(desk: Desk) -> Desk:
    desk.ability(gather=HALF_AN_HOUR)
    return desk


def said(desk: Desk) -> list[str]:
    return [delivery.message.content.plain() for delivery in desk.robot.delivered]


async def test_changes_wait_half_an_hour_and_go_as_one(thrifty: Desk) -> None:
    for number in range(3):
        await thrifty.put(f"【改】{number}", kind="change", why=(f"/改 {number}",))
        thrifty.forward(600)
    await thrifty.sender.drain()
    assert said(thrifty) == ["【改】0\n\n【改】1\n\n【改】2"]
    assert thrifty.robot.delivered[0].message.why == ("/改 0", "/改 1", "/改 2")
    assert await thrifty.states() == ["sent", "merged", "merged"]


async def test_they_go_when_the_first_has_waited_long_enough_and_not_before(thrifty: Desk) -> None:
    await thrifty.put("【改】一", kind="change")
    thrifty.forward(1799)
    assert await thrifty.sender.drain() == []
    assert await thrifty.sender.next_due() == thrifty.now() + timedelta(seconds=1)
    thrifty.forward(1)
    await thrifty.put("【改】二", kind="change")
    await thrifty.sender.drain()
    assert said(thrifty) == ["【改】一\n\n【改】二"]


async def test_a_card_goes_at_once_and_takes_along_what_waits(thrifty: Desk) -> None:
    await thrifty.put("【改】一", kind="change")
    card = content("主备：王老师", title="📅 第2周备课", actions=(Action(label="报名", send="/报名 1"),))
    await thrifty.put(card, kind="card")
    await thrifty.put("【改】二", kind="change")
    await thrifty.put("别的群", kind="change", to="chat-02")
    await thrifty.sender.drain()
    assert said(thrifty) == ["【改】一\n\n📅 第2周备课\n主备：王老师\n\n【改】二\n报名：/报名 1"]
    assert thrifty.robot.delivered[0].message.kind == "card"
    assert await thrifty.states() == ["sent", "merged", "merged", "waiting"]


async def test_each_chat_has_its_own_message(thrifty: Desk) -> None:
    for to in ("007", "008", "007"):
        await thrifty.put(f"给 {to}", kind="note", to=to, private=True)
    thrifty.forward(1800)
    await thrifty.sender.drain()
    assert said(thrifty) == ["给 007\n\n给 007", "给 008"]


async def test_nobody_waits_for_an_answer(thrifty: Desk) -> None:
    await thrifty.put("【改】一", kind="change")
    await thrifty.put("答复", kind="reply", to="007", private=True)
    await thrifty.sender.drain()
    assert said(thrifty) == ["答复"]


async def test_what_would_be_too_late_goes_in_time(thrifty: Desk) -> None:
    await thrifty.put("【改】一", kind="change", useful_until=thrifty.now() + timedelta(minutes=10))
    assert await thrifty.sender.next_due() == thrifty.now() + timedelta(minutes=10)
    await thrifty.run_dry()
    assert said(thrifty) == ["【改】一"]


async def test_no_message_grows_beyond_what_the_channel_takes(thrifty: Desk) -> None:
    for number in range(5):
        await thrifty.put(f"{number}" + "长" * 300, kind="change")
    thrifty.forward(1800)
    await thrifty.run_dry()
    assert [len(text.encode()) <= 2048 for text in said(thrifty)] == [True] * 3
    assert "".join(said(thrifty)).count("长") == 1500


@pytest.mark.parametrize(
    "apart",
    [
        Content(lines=("附件",), files=(File(name="总结.docx", path="x.docx"),)),
        Content(lines=("看板",), link=Link(label="打开", url="https://example.com/")),
    ],
)
async def test_files_and_links_stay_messages_of_their_own(thrifty: Desk, apart: Content) -> None:
    await thrifty.put("【改】一", kind="change")
    await thrifty.put(apart, kind="change")
    await thrifty.run_dry()
    assert len(said(thrifty)) == 2


async def test_a_merged_message_is_one_in_trouble_too(thrifty: Desk) -> None:
    await thrifty.put("【改】一", kind="change")
    await thrifty.put("【改】二", kind="change")
    thrifty.forward(1800)
    thrifty.robot.faults.extend([REFUSED, REFUSED])
    await thrifty.sender.drain()
    await thrifty.restart()
    await thrifty.run_dry()
    assert said(thrifty) == ["【改】一\n\n【改】二"]
    assert await thrifty.states() == ["sent", "merged"]


async def test_without_need_each_goes_at_once(desk: Desk) -> None:
    await desk.put("【改】一", kind="change")
    await desk.put("【改】二", kind="change")
    await desk.sender.drain()
    assert said(desk) == ["【改】一", "【改】二"]
