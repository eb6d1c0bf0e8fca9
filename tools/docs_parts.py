"""The parts of the docs about what people see: commands, posts, the console, plan lines. Each returns Markdown."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.app import jobs, registry
from bot.calendar.plan_reader import PlanContext, TermSpan, read_plan
from bot.calendar.wording import rule_of
from bot.chat.commands import Command, Registry
from bot.chat.pinyin import initials, spellings
from bot.domain.groups import GroupRecord
from bot.domain.people import Role
from bot.domain.subjects import subjects
from bot.jobs import Job
from bot.reports.form_files import forms as every_form
from bot.reports.forms.shapes import COMMON
from bot.scheduling.card import MOST_LINES, MOST_REMINDERS
from bot.scheduling.day import REMINDERS_A_WEEK
from bot.simulator.console import VERBS

WHO = {"visitor": "所有人", "member": "组员", "leader": "组长"}
WHO_EN = {"visitor": "everybody", "member": "members", "leader": "leader"}

LAST = 90
"""Place of commands that belong to no subject."""

WHEN = {
    "day": "当天，放假就提前",
    "day before": "前一个上班日",
    "week before": "七天前，放假就再提前",
    "week start": "那一周的第一个上班日",
}
PLAN_LINES = (
    "每周三第8、9节：集体备课",
    "双周周四第2节：组内研讨课",
    "每月第一周：召开备课组例会",
    "第5周：组内公开课",
    "第3–6周：青年教师汇报课",
    "9月24日：单元检测",
    "每学期初：学习课程标准和教材",
    "每学期中：专题研讨",
    "每学期末：期末复习策略研讨，进行期末质量分析",
    "不定期：邀请专家讲座",
    "贯穿学年：推进青蓝工程",
    "每周固定时间：集中进行集体备课",
    "每两周一次：组织听评课活动",
    "每位教师每学期听课不少于16节",
    "三、具体活动安排",
)

UNTIL = {"start": "开始之前", "end": "结束之前", "day": "只在那一天"}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def commands() -> str:
    """The README's table of commands."""
    rows = [(f"`/{row['name']}`", WHO[row["needs"]], row["summary"], f"`{row['example']}`") for row in _public()]
    return table(("命令", "谁", "做什么", "例"), rows)


def commands_en() -> str:
    """The same for the English README."""
    rows = [(f"`/{row['name']}`", WHO_EN[row["needs"]], row["summary"], f"`{row['example']}`") for row in _public()]
    return table(("Command", "Who", "What", "Example"), rows)


def command_reference() -> str:
    """Every command with its actions, other spellings and examples."""
    known = registry()
    return "\n\n".join(_command(found, known) for found in _in_reading_order(known))


def schedule() -> str:
    """What is posted by itself: to the group, and privately."""
    record = GroupRecord.model_fields
    limits = (
        f"- 群里的卡片从 {record['window'].default} 起发，一张最多 {MOST_LINES} 行。",
        f"- 私下的提醒从 {record['note_window'].default} 起发，一条最多 {MOST_REMINDERS} 项，"
        f"每人每天最多一条，每周最多提醒 {REMINDERS_A_WEEK} 件事；请假的人不提醒。",
        f"- {record['quiet_from'].default} 以后都不发。",
    )
    found = jobs()
    return "\n\n".join(
        [
            "\n".join(limits),
            "### 群里",
            _jobs(job for job in found if not job.private),
            "### 私下",
            _jobs(job for job in found if job.private),
        ]
    )


def console_verbs() -> str:
    """The commands of the simulator's console."""
    return table(("命令", "做什么"), [(f"`{verb.usage}`", verb.meaning) for verb in VERBS.values()])


def plan_lines() -> str:
    """Lines of plans, and what the reader makes of each in the sample school's term."""
    context = PlanContext(term=TermSpan(first_day=date(2026, 8, 31), weeks=21, midterm_week=10), year=2026)
    rows = []
    for line in PLAN_LINES:
        entries = read_plan([line], context)
        read = "；".join(f"{rule_of(entry)}：{entry.activity}" for entry in entries) or "不是安排"
        asked = next((entry for entry in entries if entry.question), None)
        question = " ".join([asked.question or "", "、".join(asked.choices)]) if asked else ""
        rows.append((line, read, question.strip()))
    return table(("计划里写", "读成", "要问组长"), rows)


def _public() -> list[dict[str, Any]]:
    known = registry()
    names = [found.name for found in _in_reading_order(known)]
    return sorted(known.public(), key=lambda row: names.index(row["name"]))


def _in_reading_order(known: Registry) -> list[Command]:
    """What everybody types every day first, the leader's after it; within these the subjects in their own order."""
    found = [subject for subject in subjects() if subject.records]
    orders = {subject.records[0].__module__.rpartition(".")[2]: subject.order for subject in found}

    def order(found: Command) -> tuple[bool, bool, int]:
        return not found.main.mark.everyday, found.needs is Role.LEADER, orders.get(found.subject, LAST)

    return sorted(known.commands.values(), key=order)


def _command(found: Command, known: Registry) -> str:
    others = "、".join(f"`{word}`" for word in (*found.aliases, *_typed(found.name, known)))
    rows = [
        (f"`{action.usage}`", WHO[action.mark.needs.public], action.summary, f"`{action.mark.example}`")
        for action in found.actions.values()
    ]
    parts = [f"### /{found.name}", table(("写法", "谁", "做什么", "例"), rows)]
    parts += [action.details for action in found.actions.values() if action.details]
    parts += [f"也可以写：{others}"] if others else []
    return "\n\n".join(parts)


def _typed(name: str, known: Registry) -> list[str]:
    """The usual initials and pinyin of a command, as far as they are its own."""
    own = known.vocabulary.spellings(name)
    return [spelling for spelling in (*initials(name)[:1], *spellings(name)[:1]) if spelling in own]


def _jobs(found: Iterable[Job]) -> str:
    rows = [((job.build.__doc__ or "").strip(), WHEN[job.when], UNTIL[job.until], f"`{job.name}`") for job in found]
    return table(("发什么", "哪一天发", "最晚补到", "代码"), rows)


def forms() -> str:
    """Every placeholder of every form, with what is put in its place."""
    head = ("占位符", "填什么")
    parts = ["每张表都有：", table(head, [(_mark(each.name), each.meaning) for each in COMMON])]
    for form in every_form():
        common = {each.name for each in COMMON}
        rows = [(_mark(name), each.meaning) for name, each in form.every() if name not in common]
        lists = "；".join(f"`{rows.name}`：{rows.meaning}" for rows in form.rows)
        parts += [f"### {form.key}：{form.title}", table(head, rows), *([f"列表：{lists}。"] if lists else [])]
    return "\n\n".join(parts)


def _mark(name: str) -> str:
    return f"`{{{{{name}}}}}`"
