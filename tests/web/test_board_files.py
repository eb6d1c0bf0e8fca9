"""Files on the board: sent, asked about, given to the group, fetched by those who may have them."""

import re
from html import unescape

import pytest

from tests.platforms.documents import docx, xlsx
from tests.web.visiting import fill, page, send_file, visit

FILES, SEND = "/board/files", "/资源 收"
TABLE = (
    ("周次", "单元", "教学内容", "课时"),
    ("第1周", "第一单元", "《沁园春》", "2"),
    ("第2周", "第一单元", "《百合花》", "2"),
)


async def sent(browser, name: str, data: bytes, status: int = 200, **fields: str) -> str:
    return unescape(await send_file(browser, FILES, (name, data), status, say=SEND, **fields))


async def test_what_is_too_large_is_said_on_the_page(chat, browser):
    await visit(browser, chat.李老师)
    large = ("大.docx", b"PK" + bytes(11 * 2**20))
    for path, say in ((FILES, SEND), ("/board/plan", "/计划 导入")):
        text = await send_file(browser, path, large, 400, say=say)
        assert "《大.docx》太大，最多 10 MB" in text
        assert 'aria-label="看板"' in text
    assert "还没定做什么用的" not in await page(browser, FILES)


async def test_a_teacher_sends_a_file_and_gives_it_to_the_group(chat, browser):
    await visit(browser, chat.王老师)
    text = await sent(browser, "第二单元学案.docx", docx("一、沁园春"))
    assert "收到 5《第二单元学案.docx》" in text
    assert "还没定做什么用的" in text
    assert "当作工作计划" not in text  # a teacher's plan is the leader's business
    assert '<a class="records" href="/board/files">5《第二单元学案.docx》还没说做什么用</a>' in await page(
        browser, "/board/"
    )
    await visit(browser, chat.张老师)
    assert "第二单元学案" not in await page(browser, FILES)
    await page(browser, "/board/file/5", 400)
    await visit(browser, chat.王老师)
    text = await fill(browser, FILES, say="/资源 存", words="5")
    assert "已存为备课资源" in text
    assert "还没定做什么用的" not in text
    await visit(browser, chat.张老师)
    assert '<a class="records" href="/board/file/5">5 第二单元学案.docx</a>' in await page(browser, FILES)
    response = await browser.get("/board/file/5")
    assert response.status == 200
    assert (await response.read()).startswith(b"PK")
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "🔒" in await fill(browser, FILES, say="/资源 删", words="5")


async def test_the_leader_imports_a_plan_and_a_progress_table(chat, browser):
    await visit(browser, chat.李老师)
    text = await sent(browser, "计划.docx", docx("每周二第3节：集体备课研讨", "第10周：期中质量分析会"))
    assert 'value="/资源 计划 5"' in text
    assert "已读进计划" in await fill(browser, FILES, say="/资源 计划 5")
    text = await sent(browser, "进度.xlsx", xlsx(*TABLE))
    assert "当作教学进度表（读出 2 行）" in text
    number = re.search(r'value="/资源 进度 (\d+)"', text)
    assert number
    text = await fill(browser, FILES, say=f"/资源 进度 {number[1]}")
    assert 'value="/进度 导入 看"' in text
    text = await fill(browser, FILES, say="/进度 导入 看")
    assert "/进度 导入 确认" in text
    assert "进度表导入了" in await fill(browser, FILES, say="/进度 导入 确认")


@pytest.mark.parametrize(
    ("name", "data", "says", "status"),
    [
        ("病毒.exe", b"MZ", "这种文件我不收", 400),
        ("空.txt", b"", "这个文件是空的", 400),
        ("假.png", b"not a picture", "对不上", 400),
        ("李明42分.docx", docx("x"), "像有学生，没有保存", 200),
        ("../../表.txt", "第一行".encode(), "《表.txt》", 200),
        ("长" * 200 + ".txt", b"x", ".txt》", 200),
        ("😀.txt", "内容".encode("gb18030"), "收到", 200),
    ],
)
async def test_what_comes_is_looked_at(chat, browser, name, data, says, status):
    await visit(browser, chat.王老师)
    assert says in await sent(browser, name, data, status)


async def test_without_a_file_and_for_another_number_there_is_a_sentence(chat, browser):
    await visit(browser, chat.王老师)
    assert "还没有选文件" in await fill(browser, FILES, 400, say=SEND)
    await page(browser, "/board/file/99", 400)
    await page(browser, "/board/file/x", 404)
    await page(browser, "/board/file/1", 400)  # an open lesson
    browser.session.cookie_jar.clear()
    await page(browser, "/board/file/5", 401)
