"""What ``run`` loads: a school's server holds no library and no room of the house that it has no use for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """
[server]
port = 0
[[schools]]
name = "示例中学"
[[channels]]
name = "ding"
kind = "dingtalk-callback"
client_id = "dingKEY"
client_secret = "made-up-secret"
robot_code = "dingrobotcode"
corp_id = "dingcorp"
[[groups]]
name = "高一语文备课组"
channel = "ding"
leader = "李老师"
"""
NOT_LOADED = [
    ("docx", "reading a Word plan"),
    ("lxml", "reading a Word plan"),
    ("openpyxl", "reading an Excel plan"),
    ("icalendar", "a calendar's link"),
    ("jinja2", "a page of the board"),
    ("bot.web.board.site", "a page of the board"),
    ("bot.web.board.pages", "a page of the board"),
    ("pygal", "drawing, in a process of its own"),
    ("resvg_py", "drawing, in a process of its own"),
    ("xlsxwriter", "drawing, in a process of its own"),
    ("bot.reports.charts", "drawing, in a process of its own"),
    ("bot.reports.report", "a month's or a term's digest"),
    ("bot.reports.forms", "one of the school's forms"),
    ("bot.reports.form_files", "one of the school's forms"),
    ("bot.reports.digest_word", "drawing, in a process of its own"),
    ("bot.reports.digest_excel", "drawing, in a process of its own"),
    ("cryptography", "a channel of kind wecom-callback"),
    ("bot.platforms.wecom.payloads", "a WeCom channel"),
    ("bot.platforms.dingtalk.stream", "a channel of kind dingtalk-stream"),
    ("bot.calendar.swap_notice", "reading a school's notice"),
    ("rapidfuzz", "a long mistyped word"),
    ("bot.calendar.reading.document", "reading a plan"),
    ("pypinyin", "making the table of bot.chat.pinyin_table"),
    ("bot.simulator", "try"),
    ("bot.cli.doctor", "check"),
    ("bot.cli.data", "backup, restore, export"),
    ("bot.cli.plan", "plan"),
    ("bot.calendar.progress_table.sources", "reading a progress table"),
    ("bot.cli.play", "try"),
    ("bot.cli.progress", "progress"),
    ("bot.cli.rehearsal", "rehearse"),
    ("bot.cli.report", "commands"),
    ("bot.cli.setup", "init, invite"),
]
LOADED = ["aiohttp", "bot.cli.serve", "handlers.help", "schedules.prep"]


PROGRAM = """
import atexit, sys
from bot.cli.parser import main
atexit.register(lambda: print(*sys.modules))
sys.exit(main(["run"]))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Every module that a bot with one DingTalk channel has loaded from its start to its end."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", PROGRAM],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith("listening on ")
    finally:
        process.terminate()
        names, _ = process.communicate(timeout=30)
    assert process.returncode == 0  # SIGTERM is heard as soon as it listens
    return frozenset(names.split())


@pytest.mark.parametrize("name", LOADED)
def test_what_it_needs_is_seen(loaded: frozenset[str], name: str) -> None:
    assert name in loaded


@pytest.mark.parametrize(("name", "use"), NOT_LOADED)
def test_what_only_something_else_needs_is_not_loaded(loaded: frozenset[str], name: str, use: str) -> None:
    found = sorted(module for module in loaded if module == name or module.startswith(f"{name}."))
    assert not found, f"only for {use}"
