"""The parts of the docs that are made from the code: one function a part, each returns Markdown."""

import re
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.app import jobs, registry
from bot.chat.commands import Command, Registry
from bot.chat.pinyin import initials, spellings
from bot.config import Config
from bot.config.values import Says
from bot.domain.groups import GroupRecord
from bot.domain.people import Role
from bot.domain.subjects import subjects
from bot.jobs import Job
from bot.simulator.console import VERBS

ROOT = Path(__file__).resolve().parent.parent

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
UNTIL = {"start": "开始之前", "end": "结束之前", "day": "只在那一天"}

WHY = {
    "aiohttp": "网页、接口、以后的平台回调和长连接",
    "apscheduler": "每分钟响一次的闹钟；发什么、发没发过由自己的账本决定",
    "chinesecalendar": "国务院公布的放假和调休",
    "openpyxl": "读 .xlsx 的计划和表格，认得合并的单元格",
    "pydantic": "记录、配置、参数的形状和检查",
    "python-docx": "读 .docx 的计划",
    "rapidfuzz": "长命令错一个字时给建议",
    "structlog": "日志",
    "tinydb": "默认的数据表；落盘用标准库的 SQLite",
    "tzdata": "时区表，Windows 上系统没有",
    "hypothesis": "自己造例子的测试",
    "import-linter": "守住分层：谁可以用谁",
    "mypy": "严格的类型检查",
    "playwright": "在真的浏览器里测试模拟器",
    "pypinyin": "生成拼音表 bot/chat/pinyin_table.py，读音来自 pinyin-data（MIT）；运行时不用",
    "pytest": "测试",
    "pytest-aiohttp": "测试里的服务器",
    "pytest-asyncio": "测试异步的代码",
    "pytest-timeout": "卡住的测试会被叫停",
    "pytest-xdist": "两个进程一起跑测试",
    "ruff": "代码的写法和排版",
}


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


def configuration() -> str:
    """Every key of config.toml: what to write, and an example."""
    return "\n\n".join(f"### `{title}`\n\n{_keys(model)}" for title, model in _tables("", Config))


def schedule() -> str:
    """What is posted by itself: to the group, and privately."""
    record = GroupRecord.model_fields
    windows = (
        f"群里的卡片从 {record['window'].default} 起发，私下的提醒从 {record['note_window'].default} 起发，"
        f"{record['quiet_from'].default} 以后都不发。"
    )
    found = jobs()
    return "\n\n".join(
        [
            windows,
            "### 群里",
            _jobs(job for job in found if not job.private),
            "### 私下",
            _jobs(job for job in found if job.private),
        ]
    )


def console_verbs() -> str:
    """The commands of the simulator's console."""
    return table(("命令", "做什么"), [(f"`{verb.usage}`", verb.meaning) for verb in VERBS.values()])


def layers() -> str:
    """The rooms of bot, highest first, as the import contract names them."""
    contracts = _project()["tool"]["importlinter"]["contracts"]
    names = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return "\n".join(["```text", *(re.sub(r"[()]", "", name) for name in names), "```"])


def libraries() -> str:
    """What the program needs at run time."""
    return _packages(_project()["project"]["dependencies"])


def tools() -> str:
    """What tests and development need besides."""
    return _packages(_project()["project"]["optional-dependencies"]["dev"])


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


def _tables(path: str, model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """The tables of config.toml below ``path``, each with its heading in the file."""
    if path:
        yield path, model
    for name, field in model.model_fields.items():
        inner = path.strip("[]")
        for found, many in _models(field.annotation):
            place = f"{inner}.{name}" if inner else name
            title = f"[[{place}]]" if many else f"[{place}]"
            kinds = get_args(found.model_fields["kind"].annotation) if "kind" in found.model_fields else ()
            suffix = f"  kind = {' 或 '.join(kinds)}" if kinds else ""
            if _is_table(field):
                yield from ((f"{t}{suffix}", m) for t, m in _tables(title, found))


def _is_table(field: FieldInfo) -> bool:
    """People are written inside their line, not as a table of their own."""
    said = _says(field)
    return said is not None and (said.example.startswith("[") and not said.example.startswith('["'))


def _models(annotation: Any, many: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, many
    elif get_origin(annotation) in (tuple, list, typing.Union, types.UnionType, typing.Annotated):
        for argument in get_args(annotation):
            yield from _models(argument, many or get_origin(annotation) in (tuple, list))


def _keys(model: type[BaseModel]) -> str:
    rows = []
    for name, field in model.model_fields.items():
        said = _says(field)
        if said is not None:
            needed = "要写" if field.is_required() else "可不写"
            rows.append((f"`{name}`", said.allowed, f"`{said.example}`", needed))
    return table(("键", "写什么", "例", ""), rows)


def _says(field: FieldInfo) -> Says | None:
    return next((mark for mark in field.metadata if isinstance(mark, Says)), None)


def _jobs(found: Iterable[Job]) -> str:
    rows = [((job.build.__doc__ or "").strip(), WHEN[job.when], UNTIL[job.until], f"`{job.name}`") for job in found]
    return table(("发什么", "哪一天发", "最晚补到", "代码"), rows)


def _packages(requirements: Iterable[str]) -> str:
    names = [re.split(r"[<>=\[ ]", requirement)[0] for requirement in requirements]
    rows = [(f"`{name}`", _locked(name), _licence(name), WHY[name]) for name in names]
    return table(("库", "版本", "许可证", "为什么用"), rows)


def _locked(name: str) -> str:
    """The version that requirements-dev.lock holds."""
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(name)}==([^\s;]+)", lock, re.MULTILINE | re.IGNORECASE)
    if found is None:
        raise LookupError(f"{name} is not in requirements-dev.lock")
    return found[1]


def _licence(name: str) -> str:
    """What the installed package says of itself."""
    about = metadata.metadata(name).json
    return str(about.get("license_expression") or about["license"])


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
