"""The school's own Word forms: sent, checked, used, put back."""

import io

import docx

from bot.scheduling.filing import Filing
from bot.storage.blobs import Blobs
from tests.conftest import Chat
from tests.made_files import made, text_of, told
from tests.reports.test_form_check import word

GOOD = word("示例中学听课本", "听课人：{{听课教师}}  授课：{{授课教师}}", "{{听课记录}}")


async def test_the_schools_own_form_from_hand_to_hand(chat: Chat):
    await chat.李老师("/听课 张老师 今天第1节 高一3班 导入好")
    reply = await chat.李老师.sends("听课本.docx", GOOD)
    assert "1 当作表格模板（有 3 个占位符）" in reply
    reply = await chat.李老师.private("1")
    assert reply.startswith("✅ 听课记录表以后用《听课本.docx》，认出 3 个占位符")
    answer = await chat.李老师.private("/导出 听课记录 5")
    words = text_of(await made(chat, answer))
    assert words.startswith("示例中学听课本\n听课人：李老师  授课：张老师\n导入好")
    assert "用的是学校的模板《听课本.docx》" in told(answer)
    assert "听课记录：《听课本.docx》" in await chat.李老师.private("/导出 模板")
    assert "换回内置的表格" in await chat.李老师.private("/导出 模板 还原 听课记录")
    assert "听课记录表" in text_of(await made(chat, await chat.李老师.private("/导出 听课记录 5")))
    assert "听课记录还用《听课本.docx》" in await chat.李老师.private("/撤销")
    assert text_of(await made(chat, await chat.李老师.private("/导出 听课记录 5"))).startswith("示例中学听课本")


async def test_what_fits_several_forms_is_asked_about(chat: Chat):
    await chat.李老师.sends("表.docx", word("{{学校}} {{日期}}"))
    reply = await chat.李老师.private("1")
    assert reply.startswith("📄 5《表.docx》是哪张表？回复数字：\n1 集体备课记录表（认出 2 个）")
    assert (await chat.李老师.private("2")).startswith("✅ 听课记录表以后用《表.docx》")


async def test_the_files_name_may_say_which_form_it_is(chat: Chat):
    await chat.李老师.sends("学校听课记录表2026.docx", GOOD)
    assert (await chat.李老师.private("1")).startswith("✅ 听课记录表以后用")
    assert "听课记录还用内置的表格" in await chat.李老师.private("/撤销")
    assert "听课记录：内置" in await chat.李老师.private("/导出 模板")


async def test_what_is_wrong_is_named_and_nothing_changes(chat: Chat):
    bad = word("听课：{{听课教师}}", "授课人：{{授课人}}", "{{ 课题|upper }}", "{% set x=1 %}", "{{课题")
    await chat.李老师.sends("听课记录表.docx", bad)
    reply = await chat.李老师.private("1")
    assert reply.status == "refused"
    assert reply.startswith("❌ 5《听课记录表.docx》作听课记录表还有 4 处不对，没有换：\n")
    assert "{{授课人}} 不认识，是不是 {{授课教师}}？（在“授课人：{{授课人}}”）" in reply
    assert "是程序，不收" in reply
    assert "没有成对" in reply
    assert len(reply) <= 300
    assert "听课记录：内置" in await chat.李老师.private("/导出 模板")


async def test_a_long_list_of_slips_stays_short(chat: Chat):
    await chat.李老师.sends("听课记录表.docx", word(*[f"一段有十几个字的话：{{{{没有的词{n}}}}}" for n in range(40)]))
    reply = await chat.李老师.private("1")
    assert "……还有 35 处" in reply
    assert len(reply) <= 300


async def test_only_word_files_and_only_known_forms(chat: Chat):
    await chat.李老师.sends("表.txt", b"{{x}}")
    assert (await chat.李老师.private("/导出 模板 5 听课记录")).startswith("❌ 5《表.txt》不是 Word 文件")
    await chat.李老师.sends("听课记录表.docx", GOOD)
    assert (await chat.李老师.private("/导出 模板 6 点名册")).startswith("❌ 没有“点名册”这张表")
    assert (await chat.李老师.private("/导出 模板 99 听课记录")).startswith("❌ 没有编号 99")
    assert (await chat.李老师.private("/导出 模板 听课记录")).startswith("❌ 没看懂")
    assert (await chat.李老师.private("/导出 模板 还原 听课记录")).startswith("ℹ️ 听课记录用的就是内置的表格")
    assert (await chat.李老师.private("/导出 模板 6 听课记录")).startswith("✅")
    assert (await chat.李老师.private("/导出 模板 6 听课记录")).startswith("ℹ️ 听课记录用的就是《听课记录表.docx》")


async def test_a_plain_word_file_is_not_offered_as_a_template(chat: Chat):
    assert "模板" not in await chat.李老师.sends("通知.docx", word("明天开会"))
    assert (await chat.李老师.private("/导出 模板 5 听课记录")).startswith("❌ 这份 Word 里没有占位符")


async def test_a_template_that_is_gone_is_said(chat: Chat):
    await chat.李老师("/听课 张老师 今天第1节 高一3班 导入好")
    await chat.李老师.sends("听课记录表.docx", GOOD)
    await chat.李老师.private("1")
    folder = chat.playground.attachments.folder
    for each in (folder / "files").glob("??/*.docx"):
        each.unlink()
    assert "《听课记录表.docx》的文件不在了" in told(await chat.李老师.private("/导出 听课记录 5"))


async def test_the_night_keeps_what_is_a_template(chat: Chat):
    await chat.李老师("/听课 张老师 今天第1节 高一3班 导入好")
    await chat.李老师.sends("听课记录表.docx", GOOD)
    await chat.李老师.private("1")
    await chat.李老师.private("/资源 删 6")
    await chat.later(days=20)
    blobs = Blobs(chat.playground.attachments.folder)
    await Filing(chat.playground.store, blobs, chat.playground.clock).run()
    assert text_of(await made(chat, await chat.李老师.private("/导出 听课记录 5"))).startswith("示例中学听课本")


async def test_the_pattern_is_a_template_at_once(chat: Chat):
    for form in ("活动记录", "个人记录"):
        data = await made(chat, await chat.李老师.private(f"/导出 空表 {form}"))
        received = await chat.李老师.sends(f"{form}.docx", data)
        number = received.split("《")[0].split()[-1]
        assert (await chat.李老师.private(f"/导出 模板 {number} {form}")).startswith("✅"), form
        assert "{{" in docx.Document(io.BytesIO(data)).element.body.xml
    assert "占位符" in await chat.李老师.private("/导出 占位符 听课记录")
