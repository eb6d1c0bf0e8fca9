"""What can be typed after ``python -m bot``."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from pkgutil import resolve_name

import structlog

from bot.clock import in_zone
from bot.errors import BotError, UserError

Verb = Callable[[argparse.Namespace], Awaitable[int]]


def main(words: Sequence[str]) -> int:
    """Run one verb and return the exit code; what a person did wrong is one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a GBK console knows no emoji
    _set_up_log()
    arguments = _parser().parse_args(words)
    try:
        verb: Verb = resolve_name(arguments.run)
        return asyncio.run(_run(verb, arguments))
    except UserError as error:
        print("\n".join([error.problem, *error.hints]), file=sys.stderr)
    except (BotError, OSError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 1


async def _run(verb: Verb, arguments: argparse.Namespace) -> int:
    return await verb(arguments)


def _set_up_log() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            structlog.processors.format_exc_info,  # without local variables: they hold what teachers wrote
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # looked up anew: it may be replaced
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bot", description="备课组助手")
    verbs = parser.add_subparsers(title="可以做什么", metavar="VERB", required=True)
    _try(_verb(verbs, "try", "bot.cli.play:play", "试用：不要账号，不联网，时钟可以拨"))
    _verb(verbs, "run", "bot.cli.serve:run", "正式运行")
    _json(_verb(verbs, "check", "bot.cli.doctor:check", "体检：配置、时钟、网络、账号、数据哪里不对，怎么办"))
    _verb(verbs, "init", "bot.cli.setup:init", "回答五个问题，生成 config.toml")
    _plan(_verb(verbs, "plan", "bot.cli.plan:read", "读一份计划文件，列出其中的安排"))
    _progress(_verb(verbs, "progress", "bot.cli.progress:read", "读一份教学进度表，看看或者导入"))
    _optional(_verb(verbs, "invite", "bot.cli.setup:invite", "看还没有组长的组的邀请码"), "group", "组名")
    _rehearse(_verb(verbs, "rehearse", "bot.cli.rehearsal:rehearse", "预演：会发什么、发给谁、为什么，不真的发"))
    _json(_verb(verbs, "commands", "bot.cli.report:commands", "列出所有命令"))
    _optional(_verb(verbs, "backup", "bot.cli.data:backup", "备份，运行中也可以"), "file", "备份到哪个文件")
    _restore(_verb(verbs, "restore", "bot.cli.data:restore", "从备份恢复到空的数据文件夹"))
    _export(_verb(verbs, "export", "bot.cli.data:export", "导出一个组的全部记录，一行一条"))
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: str, summary: str
) -> argparse.ArgumentParser:
    """A verb; ``run`` is where its function stands. Only the chosen one is loaded: `run` needs no simulator."""
    parser = verbs.add_parser(name, help=summary, description=summary)
    parser.add_argument("--config", type=Path, default=Path("config.toml"), help="配置文件，默认 config.toml")
    parser.set_defaults(run=run)
    return parser


def _try(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=8300, help="端口，0 是任选一个")
    parser.add_argument("--data", type=Path, help="数据文件夹；用过的接着用，不写就用完即删")
    parser.add_argument("--now", type=_moment, help="时钟从哪里开始，例如 2026-09-07T07:00")
    parser.add_argument("--empty", action="store_true", help="不要示例学校")
    parser.add_argument("--text", action="store_true", help="在终端里用，不开网页")


def _plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="计划文件：.txt .md .docx .xlsx")
    _json(parser)
    parser.add_argument("--term-start", type=date.fromisoformat, help="第一天上课的日期，例如 2026-08-31")
    parser.add_argument("--weeks", type=int, help="教学周数")
    parser.add_argument("--midterm-week", type=int, help="期中在第几周")
    parser.add_argument("--year", type=int, help="计划里没写年份的日期是哪一年")
    parser.add_argument("--activate", metavar="GROUP", help="读到的安排在这个组启用")


def _progress(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="进度表：.xlsx .docx .csv .txt")
    _json(parser)
    parser.add_argument("--group", metavar="GROUP", help="和这个组的进度表比一比")
    parser.add_argument("--sheet", metavar="NAME", help="文件里有几张表时，用名字里有这几个字的那一张")
    parser.add_argument("--apply", action="store_true", help="写进这个组的进度表；群里改过的照旧")


def _rehearse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", type=_day, metavar="DATE", help="从哪天，默认从现在起")
    parser.add_argument("--to", dest="last", type=_day, metavar="DATE", help="到哪天，默认到这个（或下一个）学期结束")
    parser.add_argument("--group", help="只看这个组")
    _json(parser)


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="备份文件")
    parser.add_argument("--force", action="store_true", help="覆盖已有的数据")


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("group", help="组名")
    parser.add_argument("--term", default="", help="只要一个学期的，例：上学期")
    parser.add_argument("--format", choices=["jsonl"], default="jsonl", help="格式")


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def _optional(parser: argparse.ArgumentParser, name: str, summary: str) -> None:
    parser.add_argument(name, nargs="?", help=summary)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"没看懂日期“{text}”，请写成 2026-09-07") from None


def _moment(text: str) -> datetime:
    return in_zone(datetime.fromisoformat(text))
