"""Rules of reflections without chat."""

import pytest

from bot.domain import reflections
from bot.domain.guard import PupilNamed
from bot.domain.reflections import Reflection, Revision, heading
from bot.domain.subjects import Period
from bot.errors import BadArgument, NotAllowed


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("课题\uff1a荷塘月色", "荷塘月色"),
        ("课题\uff1a《登高》\n亮点\uff1a", "《登高》"),
        ("今天的课题\uff1a没有定", ""),  # inside a sentence it is no heading
        ("亮点\uff1a朗读。课题\uff1a登高。不足\uff1a慢", "登高。"),
        ("课题:", ""),  # ascii: typed so
        ("没有小标题", ""),
        ("", ""),
    ],
)
def test_a_heading_stands_at_the_beginning_of_a_part(text, topic):
    assert heading(text, "课题") == topic


async def test_a_reflection_is_kept_as_it_was_typed(visit):
    text = "一\u3000二\r\n\t\U0001f600 三 \u200b末"
    async with visit() as group:
        await reflections.write(group, "王老师", text, shared=False)
    async with visit() as group:
        (stored,) = await reflections.of_member(group, "王老师")
        assert (stored.text, stored.week, stored.shared) == (text, 2, False)


@pytest.mark.parametrize("text", ["", " ", "\u3000\t\n", "\u200b\u200b", "字" * 10_001])
async def test_nothing_and_too_much_are_refused(visit, text):
    async with visit() as group:
        with pytest.raises(BadArgument):
            await reflections.write(group, "王老师", text, shared=True)


async def test_ten_thousand_characters_fit(visit):
    async with visit() as group:
        stored, _ = await reflections.write(group, "王老师", "字" * 10_000, shared=True)
        assert len(stored.text) == 10_000


async def test_the_guard_stores_nothing(visit):
    async with visit() as group:
        with pytest.raises(PupilNamed) as caught:
            await reflections.write(group, "王老师", "张伟58分", shared=False)
        assert caught.value.replaced == "学生A58分"
        assert await group.records.scan(Reflection) == []


async def test_undo_of_a_reflection_takes_its_revisions_along(visit):
    async with visit() as group:
        stored, _ = await reflections.write(group, "王老师", "导入太长", shared=True)
        await reflections.edit(group, "王老师", stored.number, "导入压到三分钟")
        assert [row.text for row in await group.records.scan(Revision)] == ["导入太长"]
        with pytest.raises(NotAllowed):
            await reflections.remove(group, "李老师", stored.number)
        await reflections.remove(group, "王老师", stored.number)
        assert await group.records.scan(Revision) == []


async def test_the_digest_quotes_only_what_was_shared(visit):
    async with visit() as group:
        await reflections.write(group, "王老师", "这一句只给自己", shared=False)
        await reflections.write(group, "张老师", "课题\uff1a百合花", shared=True)
        (figure,) = await reflections.SUBJECT.digest(group, Period.month(2026, 9))
        assert figure.line == "反思 2 篇\uff08分享 1 篇\uff09"
        assert [(quote.member, quote.title) for quote in figure.quotes] == [("张老师", "百合花")]
        assert len(figure.sources) == 2
        assert await reflections.SUBJECT.digest(group, Period.month(2026, 10)) == []
