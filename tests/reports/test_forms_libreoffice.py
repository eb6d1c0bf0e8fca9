"""Forms as another program reads and writes them: nothing is lost on the way to it and back."""

import re
from pathlib import Path

import pytest

from bot.reports.form_files import form_called
from bot.reports.forms.check import check
from bot.reports.forms.fill import fill
from bot.reports.forms.layout import built_in
from tests.calendar.libreoffice import rewritten, written_by_libreoffice
from tests.made_files import made, text_of
from tests.reports.test_form_check import NOW, VALUES, filled, nothing

pytestmark = [written_by_libreoffice, pytest.mark.timeout(300)]


@pytest.mark.parametrize("key", ["备课记录", "月度总结"])
def test_a_pattern_that_libreoffice_saved_is_still_a_template(tmp_path: Path, key: str) -> None:
    form = form_called(key)
    saved = rewritten(tmp_path, built_in(form, "高一语文备课组", NOW), "docx", "docx")
    (found,) = check(saved, [form])
    assert found.problems == ()
    words = text_of(fill(saved, filled(form), VALUES, nothing)[0])
    assert "{" not in words
    lists = [each.split(".") for each in found.known if "." in each]
    assert lists
    for name, column in lists:
        assert f"{name}1{column}" in words


def test_libreoffice_reads_whatever_was_written(tmp_path: Path) -> None:
    form = form_called("听课记录")
    text = '=1 <b>&amp; "引号" {{课题}}\n第二行\t制表 😀'
    data = fill(built_in(form, "高一语文备课组", NOW), filled(form, text=text), VALUES, nothing)[0]
    read = rewritten(tmp_path, data, "docx", "txt", ":Text (encoded):UTF8").decode("utf-8-sig")
    assert re.sub(r"\s", "", text) in re.sub(r"\s", "", read)


async def test_tables_that_libreoffice_saved_come_back_without_a_difference(chat, tmp_path: Path) -> None:
    await chat.李老师.private(
        "/计划 导入 每月第一周：召开备课组例会\n每学期末：组织复习研讨，进行质量分析。\n第6周 期中命题"
    )
    await chat.李老师("/计划 启用")
    plan = rewritten(tmp_path, await made(chat, await chat.李老师("/导出 活动安排")), "xlsx", "xlsx")
    number = (await chat.李老师.sends("活动安排表.xlsx", plan)).split("《")[0].split()[-1]
    assert "0 项清楚，0 处要您定，5 项原来就有" in await chat.李老师.private(f"/资源 计划 {number}")
    progress = rewritten(tmp_path, await made(chat, await chat.李老师("/导出 教学进度")), "xlsx", "xlsx")
    number = (await chat.李老师.sends("教学进度表.xlsx", progress)).split("《")[0].split()[-1]
    await chat.李老师.private(f"/资源 进度 {number}")
    assert "新加 0，要改 0，不变 21" in await chat.李老师.private("/进度 导入 看")
