"""The month from the leader's question to the group's chat: forms, files, a draft edited and published once."""

import asyncio
import io
import zipfile
from pathlib import Path
from time import perf_counter

import docx
import openpyxl
import pytest

from bot.app import Playhouse
from bot.reports.press import apart
from bot.simulator.api_models import Reply
from tests.conftest import Answer, Chat

OCTOBER = "2026-10-08T12:00"
WORK = (
    "/反思 课题：百合花 亮点：学生读得很投入",
    "/听课 张老师 今天第1节 高一3班 导入好",
    "/初案 https://docs.example.com/w2",
)
HOSTILE = '=HYPERLINK("http://x") <b>&amp; @全体 "引号"\n第二行\t制表 😀\ufeff'


async def worked(chat: Chat) -> None:
    for text in WORK:
        assert (await chat.王老师(text)).status == "ok"


def files(answer: Answer) -> list[Reply]:
    return [reply for reply in answer.result.replies if reply.files]


async def data(chat: Chat, reply: Reply) -> bytes:
    file = await chat.playground.file(reply.files[0].url.rpartition("/")[2])
    assert file is not None
    return file.data


@pytest.mark.parametrize(
    ("form", "name", "head", "to"),
    [
        ("图", "9月小结 · 高一语文备课组.png", b"\x89PNG", "group"),
        ("Word", "9月小结 · 高一语文备课组.docx", b"PK", "李老师"),
        ("excel", "9月小结 · 高一语文备课组.xlsx", b"PK", "李老师"),
    ],
)
async def test_a_form_is_promised_and_follows(chat, form, name, head, to):
    await worked(chat)
    reply = await chat.李老师(f"/汇总 9月 {form}")
    assert reply.startswith("⏳ 正在做9月小结")
    assert not reply.result.replies[0].files
    (made,) = files(reply)
    assert (made.to, made.files[0].name) == (to, name)
    assert (await data(chat, made)).startswith(head)
    assert len(reply.splitlines()) <= 12


async def test_all_three_come_in_one_message(chat):
    await worked(chat)
    (made,) = files(await chat.李老师.private("/汇总 9月 全部"))
    assert [Path(file.name).suffix for file in made.files] == [".png", ".docx", ".xlsx"]


async def test_delivered_again_the_file_is_the_same_and_made_once(chat):
    await worked(chat)
    first, second = [await chat.李老师("/汇总 9月 Word", msgid="007") for _ in range(2)]
    assert [await data(chat, made) for made in files(first)] == [await data(chat, made) for made in files(second)]
    bubbles = await chat.playground.transcript("高一语文备课组", "李老师", 0)
    assert sum(bool(bubble.files) for bubble in bubbles) == 1


async def test_the_same_month_is_the_same_bytes(chat):
    await worked(chat)
    for form in ("图", "Word", "Excel"):
        one, other = [files(await chat.李老师(f"/汇总 9月 {form}"))[0] for _ in range(2)]
        assert await data(chat, one) == await data(chat, other)


async def test_makers_work_in_a_process_of_their_own(tmp_path):
    async with Playhouse(tmp_path, None, press=apart) as playground:
        chat = Chat(playground)
        await worked(chat)
        (made,) = files(await chat.李老师.private("/汇总 9月 全部"))
        assert [Path(file.name).suffix for file in made.files] == [".png", ".docx", ".xlsx"]
        empty = await chat.李老师("/汇总 8月 图")
        assert empty.result.replies[1].text.startswith("❌ 8月还没有可以画的数字。")


async def test_a_month_without_records_says_so_in_every_form(chat):
    assert "8月还没有记录" in await chat.李老师.private("/汇总 8月")
    assert "8月还没有可以画的数字" in (await chat.李老师("/汇总 8月 图")).result.replies[1].text
    (made,) = files(await chat.李老师("/汇总 8月 Word"))
    text = [each.text for each in docx.Document(io.BytesIO(await data(chat, made))).paragraphs]
    assert "8月还没有记录。" in text


async def test_a_month_and_what_of_it_as_they_are_typed(chat):
    await worked(chat)
    for text, says in (
        ("/汇总 9 月", "📊 9月小结（组长版）"),
        ("/汇总\u3000９\u3000月份", "📊 9月小结（组长版）"),
        ("/汇总 去年10月", "📊 2025年10月小结"),
        ("/汇总 2026-09 听课", "🔍 9月 听课 1 节"),
        ("/汇总 9月听课", "🔍 9月 听课 1 节"),
        ("/汇总 9月听课 2", "• 6 王老师听张老师"),  # the last page there is
        ("/汇总 9月 听课 99", "• 6 王老师听张老师"),
        ("/汇总 九月份的反思", "🔍 9月 反思 1 篇"),
        ("/汇总 上个月的反思 1", "❌ 8月没有“反思”的数字"),
        ("/汇总9月 听课", "🔍 9月 听课 1 节"),
        ("/汇总 9月 课", "集体备课 0/4 次；"),
        ("/汇总 9月 PDF", "有：集体备课"),
        ("/汇总 9月 PDF", "要文件，例：/汇总 9月 Word"),
        ("汇总9月成绩怎么样", "🤔"),
    ):
        assert says in await chat.李老师.private(text), text


async def test_a_form_glued_to_its_month_is_made(chat):
    for text in ("/汇总9月word", "/汇总 9月Word", "/汇总 ９月 ＷＯＲＤ"):
        assert (await chat.李老师.private(text)).startswith("⏳ 正在做9月小结（Word）"), text


async def test_who_does_not_lead_gets_no_form_and_no_draft(chat):
    for text in ("/汇总 9月 Word", "/汇总 稿", "/汇总 改 1 没有", "/汇总 发布"):
        reply = await chat.王老师(text)
        assert (reply.status, files(reply)) == ("refused", [])


async def test_texts_come_out_whole_and_harmless(chat):
    long = f"课题：{HOSTILE}\n" + "字" * 9_800 + "完"
    assert (await chat.王老师(f"/反思 {long}")).status == "ok"
    await chat.王老师('/问题 =1+1 <w:p> & "引号"')
    (made,) = files(await chat.李老师.private("/汇总 9月 Word"))
    document = docx.Document(io.BytesIO(await data(chat, made)))
    assert long.replace("\ufeff", "").rstrip() in "\n".join(each.text for each in document.paragraphs).replace(
        "\ufeff", ""
    )
    (made,) = files(await chat.李老师.private("/汇总 9月 Excel"))
    whole = await data(chat, made)
    book = openpyxl.load_workbook(io.BytesIO(whole))
    (row,) = list(book["分享的反思"].iter_rows(min_row=2, values_only=True))
    assert row[2] == long.rstrip()
    cells = [cell for page in book for line in page.iter_rows() for cell in line]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    parts = zipfile.ZipFile(io.BytesIO(whole))
    assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]


async def test_the_draft_is_looked_at_edited_published_and_taken_in(chat):
    await worked(chat)
    await chat.until(OCTOBER)
    draft = await chat.李老师("/汇总 稿")
    assert (draft, draft.notes["李老师"].splitlines()[1]) == ("✉️ 私下回复您了。", "📊 9月小结 · 高一语文备课组")
    edited = await chat.李老师.private("/汇总 改 1 集体备课四次都开了，谢谢大家")
    assert "1 集体备课四次都开了，谢谢大家" in edited
    assert "下次再说" in await chat.李老师.private("/汇总 加 下次再说")
    assert "已撤销" in await chat.李老师.private("/撤销")
    assert "下次再说" not in await chat.李老师.private("/汇总 稿")
    removed = (await chat.李老师.private("/汇总 稿")).splitlines()[3].split(" ", 1)[1]
    assert removed not in await chat.李老师.private("/汇总 删 2")
    published = await chat.李老师.private("/汇总 发布")
    assert published.startswith("✅ 9月小结发到群里了。")
    (post,) = [reply.text for reply in published.result.replies if reply.to == "group"]
    assert post.startswith("📊 9月小结 · 高一语文备课组\n集体备课四次都开了，谢谢大家\n")
    assert removed not in post
    again = await chat.李老师.private("/汇总 发布")
    assert (again.status, len(again.result.replies)) == ("refused", 1)
    taken = await chat.李老师.private("/撤销")
    assert "已撤销：9月小结收回了。" in taken
    assert "【改】刚才的9月小结先收回" in taken.result.replies[1].text
    assert (await chat.李老师.private("/汇总 发布")).status == "ok"


async def test_twice_at_once_and_after_a_restart_it_is_published_once(tmp_path):
    async with Playhouse(tmp_path, None) as playground:
        chat = Chat(playground)
        await worked(chat)
        assert (await chat.李老师("/汇总 发布 9月")).status == "ok"
    async with Playhouse(tmp_path, None) as playground:
        chat = Chat(playground)
        for text in ("/汇总 发布", "/汇总 发布 9月", "/汇总 发布 9月 确认"):
            assert (await chat.李老师(text)).status == "refused"
        await chat.王老师("/反思 又写了一篇，所以数字变了")
        assert "发过一次，和现在的不一样" in await chat.李老师("/汇总 发布 9月")
        assert (await chat.李老师("/汇总 发布 9月 确认")).status == "ok"


async def test_an_edited_draft_stays_and_can_be_begun_again(chat):
    await worked(chat)
    await chat.李老师.private("/汇总 改 9月 1 这个月很好")
    await chat.王老师("/反思 又写了一篇，所以数字变了")
    assert "反思 2 篇" not in await chat.李老师.private("/汇总 稿 9月")
    begun = await chat.李老师.private("/汇总 重来 9月")
    assert "反思 2 篇" in begun
    assert "这个月很好" not in begun
    assert (await chat.李老师.private("/汇总 重来 9月")).status == "refused"
    assert "这个月很好" in (await chat.李老师.private("/撤销")) + await chat.李老师.private("/汇总 稿 9月")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/汇总 改 9月 77 太远", "草稿里没有第 77 行"),
        ("/汇总 改 9月 1 " + "长" * 301, "最多 300 字"),
        ("/汇总 改 9月", "还少编号"),
        ("/汇总 删 9月 0", "这一行留着吧"),
        ("/汇总 发布 8月", "8月还没有记录"),
        ("/汇总 发布 12月", "12月还没到"),
        ("/汇总 12月 Word", "12月还没到"),
        ("/汇总 改 9月 1 张小明58分", "没有保存"),
        ("/汇总 加 李小华考了62分，垫底", "没有保存"),
    ],
)
async def test_what_is_wrong_is_said(chat, text, said):
    await worked(chat)
    if "加" in text:
        await chat.until(OCTOBER)
    reply = await chat.李老师.private(text)
    assert reply.status == "refused"
    assert said in reply
    assert "改好了" not in reply
    assert "（改过的稿" not in await chat.李老师.private("/汇总 稿 9月")


async def test_the_deputy_publishes_too_and_undo_goes_by_todays_rules(chat):
    await worked(chat)
    await chat.李老师("/副组长 张老师")
    assert (await chat.张老师("/汇总 发布 9月")).status == "ok"
    await chat.李老师("/副组长 取消 张老师")
    assert (await chat.张老师("/撤销")).status == "refused"


async def test_f5_the_month_goes_out(chat):
    await worked(chat)  # start
    quiet = await chat.until("2026-09-30T23:00")
    assert not [post for post in quiet if "草稿" in post.text]
    posts = await chat.until("2026-10-08T17:00")  # middle: the first school day after the holidays
    (note,) = [post for post in posts if "小结的草稿" in post.text]
    assert (note.to, note.kind, note.at.isoformat()[:16]) == ("李老师", "note", "2026-10-08T16:40")
    assert note.text.startswith("📝 9月小结的草稿，看过再发到群里：\n集体备课 4/4 次")
    assert len(note.text.splitlines()) <= 12
    assert "发到群里：/汇总 发布 9月" in note.text
    await chat.李老师.private("/汇总 改 1 四次集体备课都开了")  # changed
    assert (await chat.李老师.private("/汇总 发布")).status == "ok"  # late
    assert not [post for post in await chat.until("2026-10-30T17:00") if "小结的草稿" in post.text]
    await chat.until("2026-11-01T12:00")
    assert (await chat.李老师("/汇总 发布 10月")).status == "ok"  # finished, before the bot had to say it
    assert not [post for post in await chat.until("2026-11-03T17:00") if "10月小结的草稿" in post.text]


async def test_a_group_that_records_nothing_or_wants_no_draft_hears_of_none(chat):
    await chat.李老师("/设置 关 小结")
    await worked(chat)
    posts = await chat.until("2026-10-09T12:00")
    assert not [post for post in posts if "小结的草稿" in post.text and post.group == "高一语文备课组"]
    assert not [post for post in posts if "小结的草稿" in post.text and post.group == "高一年级课题组"]


async def test_others_are_answered_while_files_are_made(tmp_path):
    async with Playhouse(tmp_path, None, press=apart) as playground:
        chat = Chat(playground)
        await worked(chat)
        ordered = asyncio.create_task(chat.李老师.private("/汇总 9月 全部"))
        await asyncio.sleep(0.05)
        waits = []
        while not ordered.done():
            began = perf_counter()
            assert (await chat.王老师("/本周备课")).status == "ok"
            waits.append(perf_counter() - began)
        assert files(await ordered)
        assert len(waits) > 10
        assert sorted(waits)[len(waits) // 2] < 0.1


async def test_a_month_of_another_year_is_called_by_its_year(chat):
    reply = await chat.李老师.private("/汇总 2025年9月 图")
    assert reply.startswith("⏳ 正在做2025年9月小结（图）")
    assert (await chat.李老师.private("/汇总 2025年9月 Word")).startswith("⏳ 正在做2025年9月小结（Word）")


async def test_a_restart_makes_what_was_ordered(tmp_path):
    async with Playhouse(tmp_path, None) as playground:
        playground.workshop = None  # killed before it came to it
        chat = Chat(playground)
        await worked(chat)
        assert not files(await chat.李老师("/汇总 9月 Word", msgid="007"))
    async with Playhouse(tmp_path, None) as playground:
        (made,) = files(await Chat(playground).李老师("/汇总 9月 Word", msgid="007"))
        assert made.to == "李老师"
        bubbles = await playground.transcript("高一语文备课组", "李老师", 0)
        assert sum(bool(bubble.files) for bubble in bubbles) == 1
