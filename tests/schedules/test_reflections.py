"""The weekly word about reflections: it asks, it does not nag."""

from bot.simulator.api_models import Post

TEXT = "/反思 导入太长，下次三分钟内进入文本"


def asked(posts: list[Post], name: str) -> list[str]:
    return [f"{post.at:%m-%d}" for post in posts if post.to == name and any("反思" in why for why in post.why)]


async def test_two_weeks_without_an_answer_and_then_once_a_month(chat):
    posts = await chat.until("2026-12-05T23:00")
    # weeks 2 and 3, then the first week that is kept in October, November and December
    assert asked(posts, "王老师") == ["09-11", "09-20", "10-10", "11-06", "12-04"]


async def test_whoever_writes_again_is_asked_every_week_again(chat):
    posts = await chat.until("2026-10-14T12:00")
    await chat.王老师(TEXT)
    posts += await chat.until("2026-11-30T23:00")
    # written in week 7; asked in weeks 8 and 9; then monthly
    assert asked(posts, "王老师") == ["09-11", "09-20", "10-10", "10-23", "10-30", "11-06"]
    assert asked(posts, "张老师") == ["09-11", "09-20", "10-10", "11-06"]


async def test_whoever_writes_every_week_is_never_asked(chat):
    posts: list[Post] = []
    for day in ("09-10", "09-16", "09-23", "09-29", "10-09", "10-14"):
        posts += await chat.until(f"2026-{day}T12:00")
        assert (await chat.王老师.private(TEXT)).status == "ok"
    posts += await chat.until("2026-10-16T23:00")
    assert asked(posts, "王老师") == []
    assert asked(posts, "张老师")


async def test_written_on_the_last_day_after_the_note_counts_for_the_week(chat):
    posts = await chat.until("2026-09-11T17:00")
    assert asked(posts, "王老师") == ["09-11"]
    await chat.王老师(TEXT)
    posts = await chat.until("2026-09-24T23:00")
    assert asked(posts, "王老师") == ["09-20", "09-24"]


async def test_a_newcomer_is_asked_from_the_first_week(chat):
    """Weeks before somebody joined are nobody's silence."""
    await chat.until("2026-10-19T08:00")
    assert (await chat.李老师("/成员 加 新老师")).status == "ok"
    posts = await chat.until("2026-10-31T23:00")
    assert asked(posts, "张老师") == []
    async with chat.playground.store.transaction("group:chinese") as tx:
        from bot.scheduling.ledger import LedgerRow

        rows = [row for row in await tx.find(LedgerRow, person="新老师") if row.decision == "posted"]
    assert [f"{row.day:%m-%d}" for row in rows] == ["10-23", "10-30"]


async def test_a_private_reflection_is_an_answer_too(chat):
    await chat.until("2026-09-10T12:00")
    await chat.孙老师.private(TEXT)
    assert asked(await chat.until("2026-09-11T23:00"), "孙老师") == []
