"""The command line as a person uses it, in an empty folder.

Each verb is once a real process, with its streams and its exit status; what else is asked of it is asked in this
process, unless VERBS=processes.
"""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.cli.parser import main

ROOT = Path(__file__).parents[2]
CONFIG = """
[server]
port = 0
[[schools]]
name = "示例中学"
[[schools.terms]]
name = "2026学年第一学期"
first_day = 2026-08-31
weeks = 21
midterm_week = 10
[[groups]]
name = "高一语文备课组"
leader = "李老师"
members = ["王老师"]
"""
PLAN = "三、具体活动安排\n每月第一周\uff1a召开备课组例会\n每周固定时间\uff1a集体备课\n不定期\uff1a专题讲座\n"

WRONG = [
    (("plan", "没有.txt"), 1, "没有.txt"),
    (("plan", "计划.txt", "--weeks", "99"), 1, "1 到 30"),
    (("plan", "计划.txt", "--activate", "别的组"), 1, "没有叫“别的组”的组"),
    (("export", "别的组"), 1, "没有找到数据文件"),
    (("restore", "计划.txt"), 1, "不是备份文件"),
    (("invite", "别的组"), 1, "没有这个组"),
    (("run", "--config", "none.toml"), 1, "init"),
    (("init",), 1, "已经有了"),
    ((), 2, "VERB"),
    (("dance",), 2, "dance"),
    (("plan",), 2, "file"),
    (("try", "--now", "昨天"), 2, "昨天"),
    (("rehearse", "--from", "明天"), 2, "没看懂日期“明天”"),
    (("rehearse", "--from", "2026-09-09", "--to", "2026-09-01"), 1, "还早"),
    (("rehearse", "--to", "2036-09-01"), 1, "最多预演 400 天"),
    (("rehearse", "--from", "2027-06-01"), 1, "也没有下一个学期"),
    (("rehearse", "--group", "别的组"), 1, "现有：高一语文备课组"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "备课 组"
    place.mkdir()
    (place / "config.toml").write_text(CONFIG, encoding="utf-8")
    (place / "计划.txt").write_bytes(PLAN.encode("gbk"))
    return place


def bot(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    if os.environ.get("VERBS") == "processes":
        return process(folder, *words)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code: object = main(words)
        except SystemExit as ended:  # argparse ends by itself
            code = ended.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(words, code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def process(folder: Path, *words: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=folder, env=environment(), input=typed, text=True,
        encoding="utf-8", capture_output=True, timeout=50, check=False,
    )  # fmt: skip


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def test_a_plan_is_read_and_put_in_force(folder):
    entries = json.loads(bot(folder, "plan", "计划.txt", "--json").stdout)
    assert [(entry["line"], entry["kind"], entry["sure"]) for entry in entries] == [
        (2, "monthly_week", True), (3, "weekly", False), (4, "irregular", True),
    ]  # fmt: skip
    assert entries[1]["question"]
    done = process(folder, "plan", "计划.txt", "--activate", "高一语文备课组")
    assert done.returncode == 0
    assert "已启用 2 项\uff0c1 项要组长回答" in done.stdout
    rows = [json.loads(line) for line in bot(folder, "export", "高一语文备课组").stdout.splitlines()]
    assert {"成员", "日程"} <= {row["subject"] for row in rows}
    assert all({"id", "author", "created"} <= row.keys() for row in rows)


def test_backup_and_restore_give_the_same_export(folder):
    bot(folder, "plan", "计划.txt", "--activate", "高一语文备课组")
    before = bot(folder, "export", "高一语文备课组").stdout
    assert process(folder, "backup", "copy.db").returncode == 0
    refused = bot(folder, "restore", "copy.db")
    assert refused.returncode == 1
    assert "没有覆盖" in refused.stderr
    (folder / "empty").mkdir()
    (folder / "empty" / "config.toml").write_text(CONFIG, encoding="utf-8")
    restored = process(folder, "restore", "copy.db", "--config", "empty/config.toml")
    assert restored.returncode == 0, restored.stderr
    assert process(folder, "export", "高一语文备课组", "--config", "empty/config.toml").stdout == before


def test_one_term_is_exported_and_an_unknown_one_refused(folder):
    bot(folder, "plan", "计划.txt", "--activate", "高一语文备课组")
    rows = [
        json.loads(line) for line in bot(folder, "export", "高一语文备课组", "--term", "第一学期").stdout.splitlines()
    ]
    assert {row["term"] for row in rows if row["subject"] == "日程"} == {"2026学年第一学期"}
    wrong = bot(folder, "export", "高一语文备课组", "--term", "2020学年第一学期")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "没有“2020学年第一学期”的记录" in wrong.stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    WRONG,
)
def test_what_is_wrong_is_said_in_a_sentence(folder, words, code, sentence):
    said_in_a_sentence(bot(folder, *words), code, sentence)


@pytest.mark.parametrize(("words", "code", "sentence"), [WRONG[0], WRONG[5], WRONG[-1]])
def test_a_process_says_it_too_and_ends_with_the_status(folder, words, code, sentence):
    said_in_a_sentence(process(folder, *words), code, sentence)


def said_in_a_sentence(done: subprocess.CompletedProcess[str], code: int, sentence: str) -> None:
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_init_asks_five_questions_and_prints_an_invitation(tmp_path):
    typed = "示例中学\n高一语文备课组\n李老师\n哪天\n2026-08-31\n99\n21\n"
    done = process(tmp_path, "init", typed=typed)
    assert done.returncode == 0, done.stderr
    assert "没看懂这个日期" in done.stdout
    assert "1 到 30" in done.stdout
    assert "邀请码" in done.stdout
    checked = process(tmp_path, "check", "--json")
    assert checked.returncode == 0
    assert {row["state"] for row in json.loads(checked.stdout)} <= {"ok", "warn"}
    assert bot(tmp_path, "init").returncode == 1


def test_check_names_what_is_wrong(folder):
    (folder / "config.toml").write_text(CONFIG.replace("weeks = 21", "weks = 21"), encoding="utf-8")
    done = bot(folder, "check", "--json")
    assert done.returncode == 1
    assert "weks" in done.stdout


def test_rehearse_shows_the_posts_of_a_claimed_group(folder):
    text = CONFIG.replace('leader = "李老师"', 'leader = "李老师"\nchat = "c1"\nchannel = "robot"')
    robot = '[[channels]]\nname = "robot"\nkind = "wecom-robot"\nwebhook = "https://qyapi.weixin.qq.com/x?key=1"\n'
    (folder / "config.toml").write_text(text + robot, encoding="utf-8")
    bot(folder, "plan", "计划.txt", "--activate", "高一语文备课组")
    done = process(folder, "rehearse", "--from", "2027-01-04", "--to", "2027-01-08", "--json")
    rows = json.loads(done.stdout)
    assert any("召开备课组例会" in row["text"] and row["to"] == "group" for row in rows)
    assert {"at", "group", "to", "text", "why"} == set(rows[0])
    assert "2027年的放假安排还没有公布" in done.stderr
    shown = bot(folder, "rehearse", "--from", "2026-08-24", "--group", "高一语文备课组")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "══ 高一语文备课组 2026-08-24 至 2027-01-24：群里" in shown.stdout
    assert "── 第19周 1月4日–1月10日（放假安排未公布）" in shown.stdout
    assert "为什么：召开备课组例会" in shown.stdout


def test_rehearse_leaves_no_trace_and_works_beside_a_running_bot(folder):
    assert bot(folder, "rehearse", "--from", "2026-09-07").returncode == 0
    assert not (folder / "data").exists()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("listening on")
        shown = bot(folder, "rehearse", "--from", "2026-09-07")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
    assert shown.returncode == 0, shown.stderr
    assert "还没有群认领这个组" in shown.stdout


def test_a_school_without_a_term_keeps_the_others_from_nothing(folder):
    other = """
[[schools]]
key = "two"
name = "第二中学"
[[schools.terms]]
name = "2020学年第一学期"
first_day = 2020-08-31
weeks = 21
midterm_week = 10
[[groups]]
name = "别校备课组"
school = "two"
"""
    text = CONFIG.replace('name = "示例中学"', 'key = "one"\nname = "示例中学"').replace(
        "[[groups]]", '[[groups]]\nschool = "one"'
    )
    (folder / "config.toml").write_text(text + other, encoding="utf-8")
    done = bot(folder, "rehearse", "--from", "2026-09-07")
    assert done.returncode == 0, done.stderr
    assert "══ 高一语文备课组" in done.stdout
    assert "别校备课组\uff1a校历里没有正在进行的学期" in done.stderr


def test_commands_lists_every_command(folder):
    rows = json.loads(process(folder, "commands", "--json").stdout)
    names = {row["name"] for row in rows}
    assert {"本周备课", "下周备课", "公开课", "报名", "取消报名", "候补", "反思", "日程", "计划", "我是"} <= names
    assert {"成员", "建组", "切换", "帮助", "我的", "撤销", "汇总"} <= names
    assert all(row["needs"] in ("visitor", "member", "leader") for row in rows)


@pytest.mark.parametrize("verb", ["run", "try"])
def test_a_server_says_where_it_listens_and_ends_when_told(folder, verb):
    words = ("run",) if verb == "run" else ("try", "--port", "0", "--data", "数据")
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *words], cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline().strip()
        assert line.startswith("listening on http://127.0.0.1:")
        address = line.removeprefix("listening on ").removesuffix("/try")
        with urllib.request.urlopen(f"{address}/health/live", timeout=10) as answer:  # noqa: S310  (loopback)
            assert json.load(answer)["status"] == "ok"
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0


def test_check_says_which_group_would_stay_silent(folder):
    channel = (
        '[[channels]]\nname = "wecom"\nkind = "wecom-callback"\ntoken = "t"\nencoding_aes_key = "' + "a" * 43 + '"\n'
    )
    text = CONFIG.replace('name = "高一语文备课组"', 'name = "高一语文备课组"\nchannel = "wecom"')
    (folder / "config.toml").write_text(text + channel, encoding="utf-8")
    done = bot(folder, "check")
    assert "高一语文备课组 只能回答" in done.stdout
    robot = '[[channels]]\nname = "posts"\nkind = "wecom-robot"\nwebhook = "https://qyapi.weixin.qq.com/x?key=1"\n'
    text = text.replace('channel = "wecom"', 'channel = "wecom"\nposts_through = "posts"')
    (folder / "config.toml").write_text(text + channel + robot, encoding="utf-8")
    assert "会连接 wecom" in bot(folder, "check").stdout  # also where the group was founded before
