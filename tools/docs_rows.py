"""The group's weekly systems, row by row: what each has in the chat, on the clock, in the digest, and the way back.

A row names what belongs to it; whether that exists is asked of the program itself, and tests/contracts/test_rows.py
fails when a cell is empty without a reason. ``table`` is the Markdown for the docs.
"""

import ast
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.app import jobs, registry
from bot.chat.commands import Action, Command
from bot.domain.subjects import subjects

ROOT = Path(__file__).resolve().parent.parent
MONTH = ROOT / "tests/handlers/test_month_by_hand.py"
CELLS = ("chat", "clock", "digest", "undo", "export", "roles", "story", "forbidden")
HEADS = ("行", "对话", "日历", "汇总", "撤销", "导出", "谁", "几周的故事", "不许的")
WHO = {"visitor": "所有人", "member": "组员", "leader": "组长"}


@dataclass(frozen=True)
class Row:
    """One system.

    Attributes:
        commands: "备课 主题" is one action, "听课" a command with all those that no other row names.
        figures: words of its figures, each in the month that was counted by hand.
        tables: of its records.
        forbidden: the test of what must not be, "test_tasks.py::test_what_is_wrong_is_said".
        also: tests that tell a part of the story that does not fit the first.
        no: cell → why it is empty. ``kept``: command → why it cannot be taken back.
    """

    id: str
    name: str
    commands: tuple[str, ...]
    forbidden: str
    jobs: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    no: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)


_LEAD = "test_prep_weeks.py::test_only_the_lead_and_the_leader_fill_these_in"
_EVE, _CARD = "prep.tomorrow", "prep.week_card"
_STUDY = tuple(f"轮值 研讨课{action}" for action in ("", " 排", " 换", " 改", " 交给", " 没上"))

ROWS = (
    Row("A2", "课题提前定", ("备课 主题", "备课 主备"), "test_prep_weeks.py::test_what_is_wrong_is_said",
        ("prep.no_topic", _CARD, _EVE), ("课题提前定",), ("prep_weeks",)),
    Row("A3", "四个阶段", ("备课", "备课 阶段"), _LEAD,
        ("prep.first_draft", "prep.afterwards"), ("到第四阶段",), ("prep_weeks",)),
    Row("A4", "初案", ("初案",), "test_drafts.py::test_visitors_hand_nothing_in",
        ("prep.first_draft", _EVE), ("初案",), ("prep_drafts",)),
    Row("A5", "七个要点", ("备课 要点",), _LEAD, (_EVE,), ("要点",), ("prep_weeks",)),
    Row("A6", "共案和二备", ("共案", "二备"), _LEAD,
        ("prep.afterwards",), ("到第四阶段", "二备"), ("prep_weeks", "prep_drafts")),
    Row("A8", "分层目标", ("分层",), _LEAD, (_CARD, _EVE), ("三层目标",), ("prep_weeks",)),
    Row("A11", "共性问题", ("问题",), "test_issues.py::test_a_visitor_may_not",
        (_CARD, _EVE, "meetings.agenda"), ("问题提出",), ("issues",)),
    Row("A13", "进度和主备轮值", ("进度", "轮值"), "test_rotation.py::test_only_who_was_asked_may_agree",
        ("rotation.next_week", "rotation.unanswered"), ("教学进度", "主备对调"),
        ("progress_rows", "progress_marks", "progress_drafts", "lead_rotations", "lead_swaps")),
    Row("B1", "例会", ("例会", "签到"), "test_meetings.py::test_deciding_and_settling_are_the_leaders",
        ("meetings.agenda", "meetings.its_week", "meetings.unsettled"), ("例会",), ("meetings",)),
    Row("B2", "任务", ("任务", "完成"), "test_tasks.py::test_what_others_have_to_do_is_the_leaders_business_alone",
        ("tasks.tomorrow", "tasks.today"), ("任务完成",), ("tasks",)),
    Row("B6", "日程", ("日程",), "test_routine_changes.py::test_what_cannot_be_is_said_and_nothing_changes",
        ("routines.today", "routines.tomorrow"), ("计划活动",), ("routines", "routine_changes", "routine_rules")),
    Row("B7", "校历和调课", ("校历", "调课"), "test_school_calendar.py::test_who_may_what",
        tables=("calendar_changes",), also=("test_swaps.py::test_a_pasted_notice_is_shown_first",),
        no={"clock": "它定别的哪天说，自己不说", "digest": "校历不是一项工作"}),
    Row("B10", "目标", ("目标",), "test_goals.py::test_what_is_wrong_is_said",
        ("goals.how_far",), ("目标 2 项",), ("goals",), also=("test_goals.py::test_every_step_can_be_taken_back",)),
    Row("C1", "轮流上研讨课", _STUDY, "test_study_lessons.py::test_what_is_wrong_is_said",
        ("study_lessons.your_turn", "study_lessons.come"), ("轮流上研讨课",), ("study_rotas", "study_turns")),
    Row("C2", "听课和配额", ("听课",), "test_observations.py::test_nobody_deletes_what_others_noted",
        ("observations.short", "observations.short_of_the_term"), ("听课", "达到配额"),
        ("observations", "observation_quotas")),
    Row("C3", "课后交流", ("听课 交流",), "test_observations.py::test_what_may_not_be_changed",
        figures=("课后交流",), tables=("observations",), no={"clock": "听完当场说，不催"}),
    Row("C4", "评课和量表", ("评课", "量表"), "test_reviews.py::test_what_is_wrong_is_said",
        figures=("评课",), tables=("reviews", "scales"), no={"clock": "听完就评，评完私下转给老师，不催"}),
    Row("D10", "备课资源", ("资源",), "test_resources.py::test_what_is_not_kept_is_its_senders_alone",
        figures=("新增资源",), tables=("resources",), no={"clock": "新存的进当月小结，不催"},
        kept={"资源 收": "收到的还没给别人，/资源 删 就行",
             "资源 进度": "还没写进去，/进度 导入 不要 就行"}),
    Row("F4", "静音和请假", ("静音", "请假"), "test_quiet.py::test_what_is_wrong_is_said", tables=("leaves", "mutes"),
        no={"clock": "它让别的不说，自己不说", "digest": "谁不在只有组长知道；不在的人不算进各项的总数"}),
    Row("F5", "月小结", ("汇总",), "test_digest.py::test_who_does_not_lead_gets_no_form_and_no_draft",
        ("digest.draft",), tables=("digest_drafts",), no={"digest": "它就是小结"}),
    Row("F6", "学校的表格", ("导出",), "test_forms.py::test_forms_are_the_leaders_and_a_lesson_its_writers",
        tables=("form_templates",), also=("test_forms_templates.py::test_the_schools_own_form_from_hand_to_hand",),
        no={"clock": "要了才做，自己不说", "digest": "表格里填的是各项的数字，自己不是一项工作"}),
    Row("F10", "移交、副组长、新学期", ("移交", "副组长", "新学期"),
        "test_handover.py::test_a_deputy_neither_names_nor_hands_over",
        ("new_term.not_begun", "new_term.no_next_term"), tables=("handovers", "tenures", "routines"),
        also=("test_new_term.py::test_the_story_of_a_new_term",),
        no={"digest": "换人的那个月多一行，不是每月的数字"},
        kept={"移交 不接": "已经回了话，组长可以再问", "移交 取消": "再问一次就行"}),
    Row("F11", "设置和待定", ("设置", "待定"), "test_settings.py::test_what_is_wrong_is_said", tables=("silences",),
        also=("test_pending.py::test_the_leader_is_told_once_and_sends_it_again",),
        no={"clock": "它定别的几点说，自己不说", "digest": "设置不是一项工作"},
        kept={"待定 重发": "发出去的收不回来", "待定 放弃": "群里已经有了，或者不用发了"}),
)  # fmt: skip

ELSEWHERE = frozenset(
    (
        "本周备课",
        "下周备课",
        "看板",
        "反思",
        "计划",
        "公开课",
        "报名",
        "取消报名",
        "候补",
        "我的",
        "撤销",
        "帮助",
        "我是",
        "成员",
        "建组",
        "切换",
    )
)
"""Commands of other systems: the first main job, and the bot itself."""


def actions(row: Row) -> dict[str, Action]:
    """What belongs to a row in the chat, by "command action"."""
    named = {words for other in ROWS for words in other.commands}
    found: dict[str, Action] = {}
    for words in row.commands:
        name, _, action = words.partition(" ")
        whole = _commands()[name].actions
        theirs = whole if not action else {action: whole[action]}
        found |= {
            key: one for act, one in theirs.items() if (key := f"{name} {act}".strip()) == words or key not in named
        }
    return found


def can_be_taken_back(action: Action) -> bool:
    """Whether the handler, or what it calls in its own module, hands a way back to the reply."""
    return any("undo=" in source for source in _sources(action.run.__module__, action.run.__name__, set()))


def cells(row: Row) -> dict[str, str]:
    """What stands in each cell; "" is an empty one."""
    known, theirs = {job.name for job in jobs()}, actions(row)
    exported = {kind.TABLE for subject in subjects() for kind in subject.records}
    writing = {key: one for key, one in theirs.items() if one.mark.writes}
    kept = [f"/{key}：{why}" for key, why in row.kept.items()]
    undone = [key for key, one in writing.items() if key not in row.kept and can_be_taken_back(one)]
    complete = len(undone) + len(row.kept) == len(writing)
    found = {
        "chat": "、".join(f"`/{key}`" for key in theirs),
        "clock": "、".join(f"`{name}`" for name in row.jobs if name in known),
        "digest": "、".join(row.figures) if all(word in MONTH.read_text("utf-8") for word in row.figures) else "",
        "undo": "；".join([f"{len(undone)} 样", *kept]) if undone and complete else "",
        "export": "、".join(f"`{name}`" for name in row.tables) if exported.issuperset(row.tables) else "",
        "roles": "；".join(_roles(theirs)),
        "story": story(row),
        "forbidden": row.forbidden if row.forbidden in _tests() else "",
    }
    return {cell: f"无（{row.no[cell]}）" if cell in row.no else found[cell] for cell in CELLS}


def story(row: Row) -> str:
    """The test that tells a row's story over weeks; "" where there is none."""
    return next((name for name in _tests() if name.split("::test_")[1].startswith(f"{row.id.lower()}_")), "")


def table() -> str:
    """The Markdown of all rows."""
    rows = [(f"{row.id} {row.name}", *cells(row).values()) for row in ROWS]
    return "\n".join("| " + " | ".join(line) + " |" for line in (HEADS, ["---"] * len(HEADS), *rows))


@cache
def _commands() -> dict[str, Command]:
    return registry().commands


@cache
def _tests() -> dict[str, str]:
    """Every test of the handlers with its source, by "file::name"."""
    found = {}
    for path in sorted((ROOT / "tests/handlers").glob("test_*.py")):
        text = path.read_text("utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                found[f"{path.name}::{node.name}"] = ast.get_source_segment(text, node) or ""
    return found


def source_of(test: str) -> str:
    """The source of a test called "file::name"."""
    return _tests()[test]


def _roles(theirs: Mapping[str, Action]) -> list[str]:
    found: dict[str, list[str]] = {}
    for key, one in theirs.items():
        found.setdefault(WHO[one.mark.needs.public], []).append(key)
    return [f"{who}：{'、'.join(keys)}" for who, keys in found.items()]


def _sources(module: str, name: str, seen: set[str]) -> list[str]:
    """The source of a module's function and of those of the same module that it calls."""
    function = vars(sys.modules[module]).get(name)
    if name in seen or not inspect.isfunction(function) or function.__module__ != module:
        return []
    seen.add(name)
    source = inspect.getsource(function)
    called = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    return [source, *(text for other in sorted(called) for text in _sources(module, other, seen))]
