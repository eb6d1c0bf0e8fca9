"""Rules of importing a progress table without chat: who is meant, what stays, what comes back."""

import json

import pytest

from bot.calendar.progress_table import Table, TableFile, TableRow
from bot.domain import prep, prep_weeks, progress, progress_drafts, progress_import, quiet
from bot.domain.guard import PupilNamed
from bot.domain.prep import ProgressRow, row
from bot.domain.progress_compare import compare
from bot.domain.progress_leads import leads_of, member_called, nearest
from bot.errors import BadArgument, NotAllowed, Refused

MEMBERS = ("李老师", "王芳", "王小红", "赵老师", "欧阳文静")


def table(*rows: TableRow) -> Table:
    return Table(rows=rows)


def week(number: int, topic: str, **cells: object) -> TableRow:
    return TableRow.model_validate({"line": number, "weeks": (number,), "topic": topic, **cells})


@pytest.mark.parametrize(
    ("written", "member"),
    [("李老师", "李老师"), ("王芳", "王芳"), ("王芳老师", "王芳"), ("李", "李老师"), ("芳", ""), ("钱老师", "")],
)
def test_a_member_with_or_without_the_title(written: str, member: str) -> None:
    assert member_called(written, MEMBERS) == member


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("李明", "李老师"),
        ("赵小刚老师", "赵老师"),
        ("王晓红", "王小红"),
        ("欧阳文", "欧阳文静"),
        ("欧阳文婧", "欧阳文静"),
        ("王老师", ""),  # two of that surname
        ("钱多多", ""),
        ("张芳", ""),  # two characters: one wrong is somebody else
        ("老师", ""),
    ],
)
def test_who_may_be_meant(written: str, near: str) -> None:
    assert nearest(written, MEMBERS) == near


async def test_the_first_member_of_a_cell_leads(visit):
    async with visit() as group:
        found = await compare(group, table(week(6, "《短歌行》", leads=("钱老师", "周老师", "刘老师"))), {})
    assert found.changed[0].after.lead == "周老师"
    assert "第6周写了几位主备，记第一位。" in found.conflicts
    assert leads_of([], MEMBERS, {}).by_week == {}


async def test_nothing_is_written_by_looking(visit):
    async with visit() as group:
        before = await progress.table(group)
        found = await compare(group, table(week(6, "新课题")), {})
        assert [change.week for change in found.changed] == [6]
        assert await progress.table(group) == before


async def test_empty_cells_change_nothing_and_a_new_topic_leaves_the_unit(visit):
    async with visit() as group:
        sheet = table(
            week(6, "《短歌行》"), week(7, "期中测试", lessons=2), week(8, "《登高》", unit="必修上 第三单元")
        )
        found, _ = await progress_import.apply(group, "李老师", sheet, {})
        assert [(change.week, dict(change.values)) for change in found.changes] == [
            (7, {"topic": "期中测试", "lessons": 2, "unit": ""})
        ]
        assert found.same == 2
        kept = await row(group, 7)
        assert kept
        assert (kept.title, kept.lead) == ("期中测试", "周老师")


async def test_a_lead_agreed_in_the_group_stays_or_gives_way(visit):
    sheet = table(week(6, "《短歌行》", leads=("刘老师",)), week(7, "《归园田居》", leads=("王老师",)))
    async with visit() as group:
        await prep_weeks.set_leads(group, "李老师", {6: "陈老师", 7: "王老师"})
        found = await compare(group, sheet, {})
        assert found.kept == ["第6周的主备在群里定过，照旧陈老师（表里刘老师）。"]
        assert (found.changes, found.same) == ([], 1)
        found, undo = await progress_import.apply(group, "李老师", sheet, {}, overwrite=True)
        assert [change.line for change in found.changes] == ["第6周 改成 主备 刘老师"]
        assert [(await prep.session(group, number)).lead for number in (6, 7)] == ["刘老师", "王老师"]
        await progress_import.import_back(group, "李老师", **json.loads(undo.arguments))
        assert (await prep.session(group, 6)).lead == "陈老师"


async def test_a_lead_agreed_after_the_import_stays_when_that_is_taken_back(visit):
    async with visit() as group:
        await prep_weeks.set_leads(group, "李老师", {6: "陈老师"})
        sheet = table(week(6, "《短歌行》", leads=("刘老师",), lessons=4))
        _, undo = await progress_import.apply(group, "李老师", sheet, {}, overwrite=True)
        await prep_weeks.set_leads(group, "李老师", {6: "周老师"})
        await progress_import.import_back(group, "李老师", **json.loads(undo.arguments))
        session = await prep.session(group, 6)
        assert session.row
        assert (session.lead, session.row.lessons) == ("周老师", None)


async def test_an_edit_that_was_taken_back_is_none(visit):
    async with visit() as group:
        _, undo = await progress.edit(group, "李老师", 6, "", "改过的")
        await progress.edit_back(group, "李老师", **json.loads(undo.arguments))
        found = await compare(group, table(week(6, "新课题")), {})
        assert (len(found.changed), found.kept) == (1, [])


async def test_a_week_gone_by_is_changed_only_when_all_is_wanted(visit):
    sheet = table(week(1, "新课题", leads=("刘老师",)))
    async with visit("2026-09-28T07:00") as group:
        assert (await compare(group, sheet, {})).kept == [
            "第1周已经过去，照旧《沁园春·长沙》（表里课题、主备、单元不同）。"
        ]
        found, _ = await progress_import.apply(group, "李老师", sheet, {}, overwrite=True)
        assert [change.week for change in found.changed] == [1]
        assert group.changes == []


async def test_a_cell_too_long_goes_whole_into_the_remark(visit):
    async with visit() as group:
        await progress_import.apply(group, "李老师", table(week(6, "长" * 100, unit="单元", remark="带书")), {})
        kept = await row(group, 6)
    assert kept
    assert (len(kept.topic), kept.remark) == (60, f"单元 {'长' * 100}；带书")


async def test_taking_back_leaves_what_was_changed_since(visit):
    async with visit() as group:
        _, undo = await progress_import.apply(group, "李老师", table(week(6, "新六"), week(7, "新七")), {})
        await progress.edit(group, "李老师", 7, "", "后来改的")
        sentence = await progress_import.import_back(group, "李老师", **json.loads(undo.arguments))
        assert sentence == "已撤销：导入的 1 周进度恢复原样。第7周后来又改过，照旧。"
        rows = {one.week: one.topic for one in await progress.table(group)}
        assert (rows[6], rows[7]) == ("《短歌行》", "后来改的")
        with pytest.raises(Refused, match="后来都改过"):
            await progress_import.import_back(group, "李老师", **json.loads(undo.arguments))
        with pytest.raises(NotAllowed):
            await progress_import.import_back(group, "王老师", **json.loads(undo.arguments))


async def test_new_weeks_are_removed_when_taken_back(visit):
    async with visit(key="research") as group:
        _, undo = await progress_import.apply(group, "张老师", table(week(6, "六"), week(7, "七")), {})
        assert len(await progress.table(group)) == 2
        await progress_import.import_back(group, "张老师", **json.loads(undo.arguments))
        assert await progress.table(group) == []
        assert group.changes == []


async def test_only_weeks_the_group_has_known_are_announced(visit):
    async with visit() as group:
        await progress_import.apply(group, "李老师", table(week(6, "新六"), week(9, "新九")), {})
        assert group.changes == ["【改】进度表第6、9周改了，看：/进度"]


async def test_a_lead_on_leave_in_another_week_is_not_doubted(visit):
    async with visit() as group:
        start, _ = group.term.bounds(6)
        await quiet.leave(group, "刘老师", start, start, "")
        # on Monday, while the group prepares on Wednesday
        assert (await compare(group, table(week(6, "六", leads=("刘老师",))), {})).away == []


async def test_of_several_tables_one_is_chosen(visit):
    file = TableFile(name="甲", rows=(week(6, "六"),), others=(Table(name="乙", rows=(week(7, "七"),)),))
    async with visit() as group:
        draft = await progress_drafts.receive(group, "李老师", file)
        assert [one.name for one in draft.tables] == ["甲", "乙"]
        with pytest.raises(Refused, match="还没有选"):
            await progress_import.accept(group, "李老师")
        with pytest.raises(BadArgument, match="没有第 3 张"):
            await progress_drafts.choose(group, "李老师", 3)
        assert [one.name for one in (await progress_drafts.choose(group, "李老师", 2)).tables] == ["乙"]
        found, _ = await progress_import.accept(group, "李老师")
        assert [change.week for change in found.changes] == [7]
        with pytest.raises(Refused, match="没有等着导入"):
            await progress_drafts.waiting(group, "李老师")


async def test_of_several_tables_the_groups_own_is_taken(visit):
    other = Table(name="高一语文", rows=(week(7, "七"),))
    file = TableFile(name="高一数学", rows=(week(6, "六"),), others=(other,))
    async with visit() as group:
        assert (await progress_drafts.receive(group, "李老师", file)).tables == (other,)


async def test_one_draft_a_person(visit):
    async with visit() as group:
        for topic in ("一", "二"):
            await progress_drafts.receive(group, "李老师", table(week(6, topic)))
        assert (await progress_drafts.waiting(group, "李老师")).tables[0].rows[0].topic == "二"


@pytest.mark.parametrize(
    "cells",
    [
        {"topic": "讲评，张小明考了59分"},
        {"topic": "讲评", "remark": "张小明59分"},
        {"unit": "张小明", "topic": "考了59分"},
        {"topic": "讲评", "leads": ("张小明同学",)},
    ],
)
async def test_a_pupils_name_in_any_cell_is_refused(visit, cells):
    async with visit() as group:
        sheet = table(week(5, "《插秧歌》"), TableRow.model_validate({"line": 6, "weeks": (6,), **cells}))
        with pytest.raises(PupilNamed) as refused:
            await progress_drafts.receive(group, "李老师", sheet)
        assert "第6行像有" in refused.value.problem
        assert "张小明" not in refused.value.replaced
        assert "《插秧歌》" in refused.value.replaced
        with pytest.raises(PupilNamed):
            await progress_import.apply(group, "李老师", sheet, {})


async def test_a_row_written_before_imports_were_there_is_read():
    stored = {"term": "t", "week": 1, "unit": "", "topic": "写作", "lead": ""}
    found = ProgressRow.model_validate(stored)
    assert (found.hand, found.title, found.load) == ((), "写作", "")
