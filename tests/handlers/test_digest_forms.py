"""September of a lively autumn in all four forms; the figures are counted once more from the export, by other means."""

import asyncio
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import docx
import openpyxl
import pytest

from bot.app import Playhouse
from bot.cli.data import rows_of
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM
from tests.conftest import Answer, Chat
from tests.lively_autumn import TEACHERS, live

NOW = "2026-10-08T12:00"
MONTH = "2026-09"
DAYS_OF_PREPARATION = ("09-09", "09-16", "09-23", "09-30")
"""The Wednesdays of weeks 2 to 5."""


@dataclass
class Forms:
    """What the leader got, and what the export says."""

    group: str = ""
    leader: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    said: dict[str, Answer] = field(default_factory=dict)
    told: str = ""
    exported: list[dict[str, Any]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Exported records of a kind."""
        return [row for row in self.exported if row["kind"] == kind]


async def asked() -> Forms:
    forms = Forms()
    async with Playhouse(None, None) as playground:
        chat = Chat(playground)
        await live(chat, NOW)
        forms.group = await chat.李老师("/汇总 9月")
        forms.leader = await chat.李老师.private("/汇总 9月")
        for kind in ("图", "Word", "Excel"):
            answer = forms.said[kind] = await chat.李老师(f"/汇总 9月 {kind}")
            (made,) = [reply for reply in answer.result.replies if reply.files]
            file = await playground.file(made.files[0].url.rpartition("/")[2])
            assert file is not None
            forms.files[file.name[-4:].strip(".")] = file.data
            forms.told += made.text if kind == "图" else ""
        async with playground.store.transaction(SYSTEM) as tx:
            (record,) = await tx.find(GroupRecord, key="chinese")
        forms.exported = await rows_of(playground.store, record, "")
    return forms


@pytest.fixture(scope="module")
def forms() -> Forms:
    return asyncio.run(asked())


def in_month(value: Any) -> bool:
    text = value if isinstance(value, str) else f"{value}"
    return text.startswith(MONTH)


def by_hand(forms: Forms) -> dict[str, str]:
    """Figures counted from the exported records alone, as the digest words them."""
    heard = [row for row in forms.of("observations") if in_month(row["day"])]
    each = Counter(row["member"] for row in heard)
    reviewed = {row["number"] for row in heard}
    reviews = [row for row in forms.of("reviews") if row["observation"] in reviewed]
    lessons = {row["number"]: (row["teacher"], row["day"], tuple(row["periods"])) for row in heard}
    written = [row for row in forms.of("reflections") if in_month(row["created"])]
    shared = sum(row["shared"] for row in written)
    weeks = range(2, 6)
    drafts = Counter(row["sort"] for row in forms.of("prep_drafts") if row["week"] in weeks)
    raised = [row for row in forms.of("issues") if in_month(row["created"])]
    solved = [row for row in forms.of("issues") if row["closed"] and in_month(row["closed"])]
    given = [row for row in forms.of("open_lessons") if in_month(row["day"]) and row["purpose"] == "听课"]
    shown = [row for row in given if not row["by_turn"]]  # those by turn are counted as 研讨课
    seats = [row for row in forms.of("seats") if row["lesson"] in {each["id"] for each in shown} and not row["waiting"]]
    kept = [row for row in forms.of("resources") if in_month(row["created"]) and row["state"] == "已存"]
    tasks = [row for row in forms.of("tasks") if in_month(row["due"])]
    return {
        "集体备课": f"集体备课 {len(DAYS_OF_PREPARATION)}/{len(DAYS_OF_PREPARATION)} 次",
        "初案": f"初案 {drafts['初案']}/{4 * len(TEACHERS)} 份（4 周）",
        "二备": f"二备 {drafts['二备']}/{4 * len(TEACHERS)} 份（4 周）",
        "听课": f"听课 {len(heard)} 节，达到配额 {sum(n >= 3 for n in each.values())}/{len(TEACHERS)} 位",
        "评课": f"评课 {len({lessons[row['observation']] for row in reviews})} 节（{len(reviews)} 份）",
        "反思": f"反思 {len(written)} 篇（分享 {shared} 篇）",
        "问题": f"问题提出 {len(raised)} 个，解决 {len(solved)} 个，还开着 {len(raised) - len(solved)} 个",
        "公开课": f"公开课 {len(shown)} 节，报名听课 {len(seats)} 人次",
        "资源": f"新增资源 {len(kept)} 份",
        "任务": f"任务完成 {sum(len(row['done']) for row in tasks)}/{sum(len(row['owners']) for row in tasks)} 项",
    }


def in_word(forms: Forms) -> dict[str, tuple[str, int]]:
    table = docx.Document(io.BytesIO(forms.files["docx"])).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    return {name: (line, int(count.split()[0])) for name, line, count in rows}


def in_excel(forms: Forms) -> dict[str, tuple[str, int]]:
    page = openpyxl.load_workbook(io.BytesIO(forms.files["xlsx"]))["小结"]
    return {row[0]: (row[1], row[5]) for row in page.iter_rows(min_row=2, values_only=True)}


def test_what_is_counted_from_the_export_stands_in_all_four_forms(forms: Forms) -> None:
    counted = by_hand(forms)
    assert {name: in_word(forms)[name][0] for name in counted} == counted
    assert {name: in_excel(forms)[name][0] for name in counted} == counted
    for line in counted.values():
        assert line in forms.group
        assert f"{line}〔" in forms.leader
    assert forms.said["图"].startswith("⏳ 正在做9月小结（图）")
    shares = dict(re.findall(r"([\u4e00-\u9fff]+) (\d+/\d+)", forms.told.splitlines()[-1]))
    assert shares["初案"] in counted["初案"]
    assert shares["任务"] in counted["任务"]
    assert shares["听课达配额"] in counted["听课"]


def test_the_forms_hold_the_same_figures_with_as_many_records(forms: Forms) -> None:
    told = re.findall(r"(?m)^(?!　)(.+)〔(\d+) 条记录〕$", forms.leader)
    assert [(line, str(count)) for line, count in in_word(forms).values()] == told
    assert in_excel(forms) == in_word(forms)
    records = openpyxl.load_workbook(io.BytesIO(forms.files["xlsx"]))["记录"]
    names = Counter(row[0] for row in records.iter_rows(min_row=2, values_only=True))
    assert names == {name: count for name, (_, count) in in_word(forms).items()}


def test_each_record_can_be_found_in_the_export(forms: Forms) -> None:
    records = openpyxl.load_workbook(io.BytesIO(forms.files["xlsx"]))["记录"]
    known = {f"{row['kind']} {row['id']}" for row in forms.exported}
    traced = [row[3] for row in records.iter_rows(min_row=2, values_only=True)]
    assert set(traced) - known == set()


def test_a_weeks_activity_is_its_records(forms: Forms) -> None:
    book = openpyxl.load_workbook(io.BytesIO(forms.files["xlsx"]))
    dated = [row[1] for row in book["记录"].iter_rows(min_row=2, values_only=True) if isinstance(row[1], datetime)]
    table = list(book["9月每周活动"].iter_rows(min_row=2, values_only=True))
    assert sum(row[-1] for row in table) == len(dated)
    assert all(sum(row[1:-1]) == row[-1] for row in table)
    second = [day for day in dated if datetime(2026, 9, 7) <= day < datetime(2026, 9, 14)]  # noqa: DTZ001 - a day
    assert {row[0]: row[-1] for row in table}["第2周"] == len(second)


def test_excel_draws_the_numbers_itself(forms: Forms) -> None:
    book = openpyxl.load_workbook(io.BytesIO(forms.files["xlsx"]))
    drawn = {page.title: page._charts for page in book if page._charts}
    assert set(drawn) == {"9月每周活动", "集体备课走到哪一步", "听课和配额", "9月完成与计划"}
    assert len(drawn["9月每周活动"][0].series) == 4  # the areas of work, without their sum
    table = list(book["9月完成与计划"].iter_rows(min_row=2, values_only=True))
    assert {row[0]: row[3] for row in table} == {row[0]: round(row[1] / row[2], 2) for row in table}


def test_the_group_reads_twelve_lines_with_thanks_three_reflections_and_what_comes(forms: Forms) -> None:
    lines = forms.group.splitlines()
    assert len(lines) <= 12
    assert sum(line.startswith("分享：") for line in lines) == 3
    assert sum(line.startswith("🙏 谢谢") for line in lines) == 1
    assert lines[-1].startswith("📅 10月：集体备课")
    assert "还差" not in forms.group


def test_names_of_who_owes_stand_in_the_leaders_forms_alone(forms: Forms) -> None:
    assert "还差" in forms.leader
    text = "\n".join(each.text for each in docx.Document(io.BytesIO(forms.files["docx"])).paragraphs)
    assert "还差" in text
    assert [reply.to for reply in forms.said["Word"].result.replies] == ["group", "李老师"]
    assert [reply.to for reply in forms.said["Excel"].result.replies] == ["group", "李老师"]
    assert [reply.to for reply in forms.said["图"].result.replies] == ["group", "group"]
    assert not [name for name in TEACHERS if name in forms.told]


def test_the_picture_is_one_for_a_phone(forms: Forms) -> None:
    data = forms.files["png"]
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(data[n : n + 4], "big") for n in (16, 20))
    assert width == 1080
    assert 1000 < height < 3000
    assert len(data) < 300_000
