"""The school's own Word files on the board: the same looks at them, the same sentences as in the chat."""

import re
from html import unescape

import pytest

from tests.handlers.test_forms_templates import GOOD
from tests.made_files import made, text_of
from tests.reports.test_form_check import word
from tests.web.visiting import fill, hidden, page, send_file, visit

FORMS, SEND = "/board/forms", "/导出 模板"


async def sent(browser, name: str, data: bytes, status: int = 200, **fields: str) -> str:
    return unescape(await send_file(browser, FORMS, (name, data), status, say=SEND, **fields))


def used(text: str, title: str) -> str:
    """What the page says a form is filled into."""
    found = re.search(rf"<p><b>{title}</b> (.*?)</p>", unescape(text), re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found[1])


async def test_a_template_is_checked_used_filled_in_and_put_back(chat, browser):
    await chat.李老师("/听课 张老师 今天第1节 高一3班 导入好")
    await visit(browser, chat.李老师)
    assert used(await page(browser, FORMS), "听课记录表") == "内置"
    text = await sent(browser, "听课本.docx", GOOD, which="听课记录")
    assert "✅ 听课记录表以后用《听课本.docx》，认出 3 个占位符" in text
    assert "还没说做什么用" not in await page(browser, "/board/")  # it was said with the file
    assert used(text, "听课记录表") == "《听课本.docx》 李老师 9月7日"
    assert text_of(await made(chat, await chat.李老师.private("/导出 听课记录 5"))).startswith("示例中学听课本")
    text = await fill(browser, FORMS, say="/导出 模板 还原", words="听课记录")
    assert "换回内置的表格" in text
    text = await fill(browser, FORMS, say="/撤销", mark=hidden(text, "mark"))
    assert used(text, "听课记录表").startswith("《听课本.docx》")


async def test_what_is_wrong_is_named_with_its_paragraph_and_nothing_is_used(chat, browser):
    await visit(browser, chat.李老师)
    bad = word("授课人：{{授课人}}", "{% set x=1 %}", "{{ ''.__class__.__mro__ }}")
    text = await sent(browser, "听课记录表.docx", bad)
    assert "作听课记录表还有 3 处不对，没有换" in text
    assert "{{授课人}} 不认识，是不是 {{授课教师}}？（在“授课人：{{授课人}}”）" in text
    assert "是程序，不收" in text
    assert used(text, "听课记录表") == "内置"


async def test_a_file_for_several_forms_is_asked_about_and_a_tap_says_which(chat, browser):
    await visit(browser, chat.李老师)
    text = await sent(browser, "表.docx", word("{{学校}} {{日期}}"))
    assert "5《表.docx》是哪张表？" in text
    assert re.search("<button>4 质量分析表（认出 1 个，[0-9]+ 处不对）</button>", text)
    assert 'value="/导出 模板 5 听课记录"' in text
    assert "✅ 听课记录表以后用《表.docx》" in await fill(browser, FORMS, say="/导出 模板 5 听课记录")


@pytest.mark.parametrize(
    ("name", "data", "says", "status"),
    [
        ("表.docx", b"PK\x03\x04", "打不开", 400),
        ("大.docx", b"PK" + bytes(11 * 2**20), "模板太大，最多 5 MB", 400),
        ("表.exe", b"MZ", "表.exe", 400),
        ("听课记录.docx", word("没有要填的"), "没有占位符", 200),
        ("听课.docm", GOOD, "听课.docm", 400),
        ("李明42分.docx", GOOD, "像有学生，没有保存", 200),
        ("../../../etc/听课记录.docx", word("{{没有的词}}"), "《听课记录.docx》作", 200),
        ("听课记录.docx", b"", "空", 400),
    ],
)
async def test_what_is_no_template_gets_its_sentence(chat, browser, name, data, says, status):
    await visit(browser, chat.李老师)
    text = await sent(browser, name, data, status)
    assert says in text.partition("备课组活动记录表")[0]
    assert "《" not in used(text, "听课记录表")


async def test_without_a_file_nothing_is_said_to_the_bot(chat, browser):
    await visit(browser, chat.李老师)
    assert "还没有选文件" in await fill(browser, FORMS, 400, say=SEND, which="听课记录")


async def test_the_same_form_sent_twice_is_one_file(chat, browser):
    await visit(browser, chat.李老师)
    await sent(browser, "听课记录.docx", GOOD, once="a")
    assert "✅ 听课记录表以后用" in await sent(browser, "听课记录.docx", GOOD, once="a")
    assert "听课记录用的就是《听课记录.docx》" in await sent(browser, "听课记录.docx", GOOD, once="b")


async def test_forms_are_printed_for_the_leader_and_told_in_the_chat(chat, browser):
    await visit(browser, chat.李老师)
    assert "正在做集体备课记录表" in await fill(browser, FORMS, say="/导出 备课记录")
    said = await chat.playground.transcript(None, "李老师", 0)
    assert any("集体备课记录表" in bubble.text and bubble.files for bubble in said)
    await visit(browser, chat.王老师)
    await page(browser, FORMS, 403)
