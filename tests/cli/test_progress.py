"""``python -m bot progress`` in this process: a table read, held against a group's, written."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.cli.parser import main
from tests.cli.test_verbs import CONFIG

GROUP = ("--group", "高一语文备课组")
TABLE = "周次,教学内容,课时,主备\n3-4,《百合花》,7,王老师\n5,《登高》,2,钱老师\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """``run("进度.csv", "--json")`` → (exit code, what was printed, what was complained of)."""
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(CONFIG, encoding="utf-8")
    Path("进度.csv").write_bytes(TABLE.encode("gbk"))

    def typed(*words: str) -> tuple[int, str, str]:
        code = main(["progress", *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return typed


def test_a_table_is_read_compared_and_written(run):
    rows = json.loads(run("进度.csv", "--json")[1])
    assert [(row["weeks"], row["topic"], row["lessons"], row["leads"]) for row in rows] == [
        ([3, 4], "《百合花》", 7, ["王老师"]),
        ([5], "《登高》", 2, ["钱老师"]),
    ]
    assert "第2行  第3、4周  《百合花》  7课时  王老师" in run("进度.csv")[1]
    looked = run("进度.csv", *GROUP)[1]
    assert "第3周 《百合花》（1/2），4课时，王老师" in looked
    assert "第5周的主备“钱老师”不在组里" in looked
    assert "还没有写" in looked
    written = json.loads(run("进度.csv", *GROUP, "--apply", "--json")[1])
    assert [row["week"] for row in written["new"]] == [3, 4, 5]
    assert json.loads(run("进度.csv", *GROUP, "--json")[1])["same"] == 3
    code, _, complaint = run("进度.csv", *GROUP, "--apply")
    assert (code, "没有要写的" in complaint) == (1, True)


def test_which_sheet_is_said_or_told_by_the_group(run):
    book = Workbook()
    for name in ("高一语文", "高一数学"):
        sheet = book.create_sheet(name)
        sheet.append(("周次", "课题"))
        sheet.append((3, f"{name}的课题"))
    book.save("进度.xlsx")
    assert "高一语文的课题" in run("进度.xlsx", *GROUP)[1]
    assert "高一数学的课题" in run("进度.xlsx", "--sheet", "数学")[1]
    assert "高一数学的课题" in run("进度.xlsx", *GROUP, "--sheet", "数学")[1]
    code, _, complaint = run("进度.xlsx")
    assert (code, "文件里有这几张表：高一语文、高一数学" in complaint) == (1, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("config.toml",), "读不了这种文件"),
        (("没有.xlsx",), "没有.xlsx"),
        (("进度.csv", "--apply"), "导入到哪个组"),
        (("进度.csv", "--group", "别的组"), "没有叫“别的组”的组"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(run, words, sentence):
    code, printed, complaint = run(*words)
    assert (code, printed) == (1, "")
    assert sentence in complaint
