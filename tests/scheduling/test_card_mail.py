"""Private notes that the channel cannot carry: the group sees how many wait, never whose."""

from dataclasses import replace

from tests.conftest import Chat
from tests.scheduling.school import School, due, job


async def note_that_waits(chat: Chat) -> None:
    """Asked in the group for what only the author may read, on a channel that cannot speak to anybody first."""
    transport = chat.playground.transport
    transport.abilities = replace(transport.abilities, private=False)
    written = await chat.王老师.private("/反思 导入太长\uff0c下次三分钟内进入文本")
    number = written.split()[2]
    assert "私下回复您了" in await chat.王老师(f"/反思 看 {number}")


async def cards(chat: Chat, until: str) -> list[str]:
    return [post.text for post in await chat.until(until) if post.kind == "card" and post.group == "高一语文备课组"]


async def test_the_card_counts_what_waits_until_it_is_fetched(chat: Chat) -> None:
    await note_that_waits(chat)
    (monday,) = await cards(chat, "2026-09-07T12:00")
    assert "✉️ 有 1 条给个人的留言还没送到\uff0c私下给我发 /我的 就能看到。" in monday
    assert "王老师" not in monday.splitlines()[-1]
    assert "✉️ 给您的留言\uff1a" not in await chat.张老师.private("/我的")
    mine = await chat.王老师.private("/我的")
    assert "✉️ 给您的留言\uff1a" in mine
    assert "导入太长" in mine
    (tuesday,) = await cards(chat, "2026-09-08T12:00")
    assert "✉️" not in tuesday


async def test_a_day_with_nothing_due_stays_silent(chat: Chat) -> None:
    await cards(chat, "2026-09-10T12:00")
    await note_that_waits(chat)
    assert await cards(chat, "2026-09-11T23:00") == []


async def test_the_line_counts_among_the_twelve(school: School) -> None:
    from bot.content import content
    from bot.delivery.outbox import enqueue
    from bot.domain.people import SYSTEM

    school.speaks(*[job(f"事{n:02}", [due("09-09")]) for n in range(14)])
    async with school.store.transaction(SYSTEM) as tx:
        for number in range(2):
            await enqueue(
                tx,
                channel="try",
                kind="note",
                to=f"person:{number}",
                private=True,
                group="chinese",
                content=content("还差您的一份"),
                now=school.clock.now(),
            )
    await school.tick("09-09T07:10")
    lines = (await school.posts())[-1].content.lines
    assert len(lines) == 12
    assert lines[-2] == "……还有 4 条\uff0c看全部\uff1a/日程"
    assert "有 2 条给个人的留言" in lines[-1]


async def test_the_afternoons_reminders_are_counted_by_the_next_card_while_they_are_of_use(chat: Chat) -> None:
    """They may not be sent at night, but a mailbox wakes nobody."""
    transport = chat.playground.transport
    transport.abilities = replace(transport.abilities, private=False)
    await chat.李老师("/任务 王老师、张老师、赵老师 9月8日前 交单元卷")
    for name in ("王老师", "张老师", "赵老师"):
        assert "给您一项任务" in await chat.say(name, "/我的", private=True)
    (monday,) = await cards(chat, "2026-09-07T12:00")
    assert "✉️" not in monday
    (tuesday,) = await cards(chat, "2026-09-08T07:30")
    assert "✉️ 有 3 条给个人的留言还没送到" in tuesday
    assert "交单元卷 明天到期" in await chat.王老师.private("/我的")
    await chat.赵老师.private("/帮助")
    await chat.until("2026-09-09T06:00")
    assert "到期" not in await chat.张老师.private("/我的")
