"""What was done last lies with the mark of its message: it outlives a restart, and nothing older lies behind it."""

from importlib import import_module

import pytest

from bot.chat.commands import Registry
from bot.delivery.desk import OutboxDesk
from bot.delivery.seen import Seen
from bot.domain.people import SYSTEM
from bot.domain.undo import Undo
from tests.dispatch.desk import Desk, module

NAMES = ("help", "reflections", "record")


@pytest.fixture
def writing(desk: Desk) -> Desk:
    """A desk with the commands that write and take back, beside those that misbehave."""
    handlers = [import_module(f"handlers.{name}") for name in NAMES]
    desk.registry = Registry([*handlers, module(desk.behaviour)])
    desk.dispatcher = desk._dispatcher()
    return desk


async def said(desk: Desk, text: str, msgid: str, who: str = "王老师") -> str:
    outcome = await desk.receive(text, msgid, who=who)
    assert outcome is not None
    return outcome.answer.plain()


async def test_it_outlives_a_restart_and_works_once(writing: Desk) -> None:
    await said(writing, "/反思 导入太长\uff0c下次压到三分钟", "m1")
    await writing.restart()
    assert "反思 5 删掉了" in await said(writing, "/撤销", "m2")
    assert "反思 5 删掉了" in await said(writing, "/撤销", "m2"), "delivered again"
    assert "没有可以撤销的操作" in await said(writing, "/撤销", "m3")
    async with writing.store.transaction(SYSTEM) as tx:
        assert [mark.undo for mark in await tx.scan(Seen)] == [None] * 3, "what was taken back leaves no trace"


async def test_it_is_ones_own_and_the_last(writing: Desk) -> None:
    await said(writing, "/反思 导入太长\uff0c下次压到三分钟", "m1")
    await said(writing, "/反思 讨论不够\uff0c下次多给五分钟", "m2", who="张老师")
    await said(writing, "/反思", "m3")  # only looks
    await said(writing, "/拒绝 这次不行", "m4")
    assert "反思 5 删掉了" in await said(writing, "/撤销", "m5")
    assert "反思 6 删掉了" in await said(writing, "/撤销", "m6", who="张老师")


async def test_behind_what_cannot_be_taken_back_lies_nothing(writing: Desk) -> None:
    await said(writing, "/反思 导入太长\uff0c下次压到三分钟", "m1")
    await said(writing, "/记下 没有退路", "m2")
    assert "没有可以撤销的操作" in await said(writing, "/撤销", "m3")


async def test_a_stroke_in_a_name_leads_to_nobody_elses(desk: Desk) -> None:
    undo = Undo(what="reflections.remove", arguments='{"number": 5}', label="反思 5")
    async with desk.store.transaction(SYSTEM) as tx:
        await tx.add(Seen(key="here/m1", group="高一", doer="语文/王老师", undo=undo, created=desk.clock.now()))
        assert await OutboxDesk(tx, "高一/语文", desk.clock.now()).last_done("王老师") is None
        found = await OutboxDesk(tx, "高一", desk.clock.now()).last_done("语文/王老师")
    assert found is not None
    assert found.undo == undo
