"""The parts of the docs about the house itself: configuration, layers, libraries. Each function returns Markdown."""

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

from bot.config import Config
from bot.config.values import Says
from tools.docs_parts import table

ROOT = Path(__file__).resolve().parent.parent

WHY = {
    "aiohttp": "网页、接口、以后的平台回调和长连接",
    "apscheduler": "每分钟响一次的闹钟；发什么、发没发过由自己的账本决定",
    "chinesecalendar": "国务院公布的放假和调休",
    "cryptography": "企业微信回调的 AES 加解密",
    "docxtpl": "把记录填进学校自己的 Word 表格；占位符先查过，在沙箱里填",
    "icalendar": "写手机订阅的日历文件（RFC 5545）：折行、转义、时区",
    "jinja2": "看板的网页；自动转义，第一次打开网页时才载入",
    "openpyxl": "读 .xlsx 的计划和表格，认得合并的单元格",
    "pydantic": "记录、配置、参数的形状和检查",
    "pygal": "图表：画成 SVG，网页和图片用同一张；第一次画图时才载入",
    "pylopdf-fonts-zh-cn": "图片里的中文字体（思源黑体，OFL），系统里不用装字体",
    "python-docx": "读 .docx 的计划，写 Word 小结",
    "resvg-py": "把图表的 SVG 变成图片",
    "rapidfuzz": "长命令错一个字时给建议",
    "structlog": "日志",
    "tinydb": "默认的数据表；落盘用标准库的 SQLite",
    "xlsxwriter": "写 .xlsx：冻结、筛选、打印区，文字不当公式",
    "tzdata": "时区表，Windows 上系统没有",
    "yarl": "平台的网址：参数照原样带上，不再编码一遍",
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


def configuration() -> str:
    """Every key of config.toml: what to write, and an example."""
    return "\n\n".join(f"### `{title}`\n\n{_keys(model)}" for title, model in _tables("", Config))


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


_SILENT = {"resvg-py": "MIT"}
"""What packages are licensed under that say so in their licence file alone."""


def _licence(name: str) -> str:
    """What the installed package says of itself: a name, not a whole licence."""
    about = metadata.metadata(name).json
    named = str(about.get("license_expression") or about.get("license") or _SILENT.get(name, ""))
    classified = [words.rpartition(" :: ")[2] for words in about["classifier"] if words.startswith("License ::")]
    return named if named and "\n" not in named and len(named) < 40 else classified[0]


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
