"""The school's forms: asked for in the chat, filled from what was recorded, for whom they are meant."""

import io
import shutil
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl import load_workbook

from bot.app import Playhouse
from bot.calendar.term import Term
from bot.clock import SCHOOL_ZONE
from bot.domain.groups import School
from bot.domain.people import SYSTEM
from bot.reports.press import apart
from tests.conftest import Chat
from tests.made_files import W, cells, made, text_of, told

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f6"
    "45400000000049454e44ae426082"
)
HOSTILE = '=HYPERLINK("http://x") <b>&amp; @全体 "引号" {{课题}} {_{x}_}\n第二行\t制表 😀'
"""What people type, up to what would be code where it was put in unread."""


async def test_f6_the_forms_of_a_term(chat):
    assert (await chat.李老师.private("/导出 活动记录")).status == "ok"  # start: last week's preparation
    await chat.李老师("/备课 主题 重难点 《插秧歌》的劳动之美")
    await chat.王老师("/初案 https://docs.example.com/w2")
    early = await chat.李老师.private("/导出 备课记录")  # this week's is to be held yet
    assert "要上一周的：/导出 备课记录 第1周" in early
    await chat.until("2026-09-09T18:00")  # middle: the week's preparation has been held
    assert "1 集体备课记录表" in await chat.李老师.private("/导出")
    reply = await chat.李老师.private("1")
    assert reply == "⏳ 正在做集体备课记录表（第2周），做好只发给您。"
    first = text_of(await made(chat, reply, "李老师"))
    assert "《插秧歌》的劳动之美" in first
    assert "https://docs.example.com/w2" in first
    await chat.李老师("/例会 定 9月17日 周四第7节 语文办公室")
    await chat.until("2026-09-17T16:00")  # late: minutes are written after the meeting
    await chat.李老师("/签到 全组")
    await chat.李老师("/例会 记 单元卷的范围定了")
    await chat.李老师("/例会 决定 王老师 下周五前 交单元卷")
    record = text_of(await made(chat, await chat.李老师.private("/导出 活动记录 9月17日 例会"), "李老师"))
    assert "单元卷的范围定了" in record
    assert "8/8" in record
    assert "交单元卷" in record
    await chat.李老师("/备课 主题 第2周 教学方法 《百合花》的读法")  # changed: the form says what holds now
    again = text_of(await made(chat, await chat.李老师.private("/导出 备课记录 第2周"), "李老师"))
    assert "《百合花》的读法" in again
    assert "劳动之美" not in again
    await chat.until("2026-10-08T12:00")  # finished: the month goes to the school's office
    month = await chat.李老师.private("/导出 月度总结")
    assert "月度总结（9月）" in month
    words = text_of(await made(chat, month, "李老师"))
    assert "例会 1/" in words
    assert "集体备课 4/" in words or "集体备课 3/" in words
    term = text_of(await made(chat, await chat.李老师.private("/导出 学期总结"), "李老师"))
    assert "2026年8月31日–2027年1月24日" in term  # its teaching days, though August counts towards it


async def test_forms_are_the_leaders_and_a_lesson_its_writers(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好")
    for what in (
        "备课记录",
        "活动记录",
        "质量分析",
        "月度总结",
        "学期总结",
        "活动安排",
        "教学进度",
        "模板",
        "空表 听课记录",
    ):
        assert (await chat.王老师.private(f"/导出 {what}")).startswith("🔒"), what
    assert (await chat.李老师.private("/导出 听课记录 5")).startswith("🔒 听课 5 不是您记的")
    assert (await chat.张老师.private("/导出 听课记录 5")).startswith("🔒")
    assert (await chat.王老师.private("/导出")).splitlines()[1:] == ["1 听课记录表（自己的）", "2 我的工作记录"]
    assert (await chat.路人.private("/我的 导出")).status != "ok"


async def test_a_lesson_heard_with_its_review_and_its_title(chat):
    await chat.until("2026-09-10T18:00")
    lessons = [item for item in (await chat.playground.state(None)).items if item.kind == "听课"]
    title = next(item.title for item in lessons)
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好，\n提问偏快")
    await chat.王老师("/评课 5 目标5 环节4 参与3 效果4 板书清楚")
    await chat.王老师("/听课 交流 5 提问后多等三秒")
    words = text_of(await made(chat, await chat.王老师("/导出 听课记录 5"), "王老师"))
    for part in (
        "王老师",
        "张老师",
        "2026年9月10日",
        "第1节",
        "高一3班",
        "导入好，\n提问偏快",
        "板书清楚",
        "提问后多等三秒",
    ):
        assert part in words, part
    assert "目标达成\n5" in words
    assert title not in words


async def test_a_slash_in_a_title_is_no_folder(chat):
    await chat.李老师("/日程 加 周三第7节 说课/评课 交流")
    await chat.until("2026-09-10T18:00")
    reply = await chat.李老师.private("/导出 活动记录 9月9日 说课")
    (file,) = [file for each in reply.result.replies for file in each.files]
    assert file.name == "活动记录表 9月9日 说课-评课 交流.docx"


async def test_what_is_asked_for_in_the_group_comes_privately(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好")
    reply = await chat.王老师("/导出 听课记录 5")
    assert reply.startswith("⏳ 正在做听课记录表（5 张老师")
    assert "导入好" not in "".join(each.text for each in reply.result.replies if each.to == "group")
    await made(chat, reply, "王老师")


async def test_where_there_is_nothing_it_is_said(chat):
    assert (await chat.李老师.private("/导出 质量分析")).startswith("ℹ️ 质量分析还没有可以填的")
    assert (await chat.李老师.private("/导出 听课记录")).startswith("ℹ️ 您这学期还没有记听课")
    assert "8月还没有记录" in told(await chat.李老师.private("/导出 月度总结 8月"))
    assert (await chat.李老师.private("/导出 备课记录 第30周")).startswith("❌")
    assert (await chat.李老师.private("/导出 活动记录 12月1日")).startswith("❌ 没有找到开过的")
    assert (await chat.李老师.private("/导出 学生名单")).startswith("❌ 没有“学生名单”这张表")
    assert (await chat.李老师.private("/导出 月度总结 11月")).startswith("ℹ️ 11月还没到")
    assert (await chat.李老师.private("/导出 备课记录 11月")).startswith("ℹ️ 11月这学期还没有开过集体备课")
    assert "这样写：/导出 备课记录 第3周" in await chat.李老师.private("/导出 第3周的备课记录表")
    assert "备课记录 第3周\n" not in await chat.王老师.private("/导出 第3周的备课记录表")  # not hers to have
    assert (await chat.王老师.private("/导出 听课记录 404")).startswith("❌ 没有编号 404")


async def test_the_quality_form_says_what_it_cannot_know(chat):
    await chat.李老师("/问题 概括题丢要点")
    await chat.王老师.private("/问题 审题不细")
    await chat.李老师("/问题 解决 5 用批注法")
    reply = await chat.李老师.private("/导出 质量分析")
    assert "成绩、得分率还没有录入" in told(reply)
    words = text_of(await made(chat, reply))
    for part in ("期中考试", "概括题丢要点", "用批注法", "审题不细", "平均分"):
        assert part in words
    assert "王老师" not in words  # raised one-to-one: shown without its author


async def test_reflections_stand_in_a_summary_only_with_consent(chat):
    await chat.王老师("/反思 课题：百合花 亮点：读得很投入")
    await chat.张老师.private("/反思 课题：插秧歌 不足：我讲得太多")
    words = text_of(await made(chat, await chat.李老师.private("/导出 月度总结 9月")))
    assert "读得很投入" in words
    assert "我讲得太多" not in words
    assert "我讲得太多" in text_of(await made(chat, await chat.张老师("/我的 导出"), "张老师"))


async def test_d9_ones_own_year_for_oneself(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班 导入好")
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await chat.王老师("/完成 6")
    await chat.王老师.private("/反思 课题：插秧歌 不足：导入太长")
    await chat.李老师("/听课 王老师 今天第2节 高一4班 别人的记录")
    await chat.until("2026-11-20T12:00")
    reply = await chat.王老师("/我的 导出")
    words = text_of(await made(chat, reply, "王老师"))
    for part in ("教师个人工作记录", "2026学年", "张老师 第1节 高一3班", "交单元卷", "导入太长", "主备"):
        assert part in words, part
    assert "别人的记录" not in words
    assert (await chat.王老师("/我的 导出 上学期")).status == "refused"


async def test_a_week_of_the_group_has_its_pictures(chat):
    await chat.until("2026-09-09T18:00")
    await chat.王老师.sends("板书.png", PNG)
    await chat.王老师.private("1")
    await chat.王老师.sends("坏图.png", PNG[:20])
    await chat.王老师.private("1")
    reply = await chat.李老师.private("/导出 备课记录 第2周")
    document = docx.Document(io.BytesIO(await made(chat, reply)))
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == ["板书.png"]
    assert "图片《坏图.png》读不出来" in told(reply)


@pytest.mark.parametrize(
    "text", [HOSTILE, "长" * 1000, "a\x0bb\x0cc\x07d\x01e\ud7ff"], ids=["hostile", "long", "control"]
)
async def test_whatever_was_written_comes_out_whole_and_harmless(chat, text):
    await chat.王老师(f"/听课 张老师 今天第1节 高一3班 {text}")
    words = text_of(await made(chat, await chat.王老师("/导出 听课记录 5")))
    expected = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    assert expected.rstrip() in words


async def test_ten_thousand_characters_of_a_reflection_go_over_pages(chat):
    text = "".join(f"第{n}句<&>。" for n in range(1000))
    assert len(text) > 7000
    await chat.王老师(f"/反思 {text}")
    data = await made(chat, await chat.王老师("/我的 导出"))
    assert text in text_of(data)
    rows = docx.Document(io.BytesIO(data)).element.body.iter(f"{W}tr")
    long = [row for row in rows if text[:20] in "".join(node.text or "" for node in row.iter(f"{W}t"))]
    assert len(long) == 1
    assert not list(long[0].iter(f"{W}cantSplit"))


async def test_a_form_is_chinese_to_word_on_a4_with_heads_on_every_page(chat):
    document = docx.Document(io.BytesIO(await made(chat, await chat.李老师.private("/导出 备课记录 第2周"))))
    fonts = [node.get(f"{W}eastAsia") for style in document.styles for node in style.element.iter(f"{W}rFonts")]
    assert {"宋体", "黑体"} <= set(fonts)
    assert (round(document.sections[0].page_width.cm, 1), round(document.sections[0].page_height.cm, 1)) == (21.0, 29.7)
    await chat.王老师("/初案 https://docs.example.com/w2")
    document = docx.Document(io.BytesIO(await made(chat, await chat.李老师.private("/导出 备课记录 第2周"))))
    assert list(document.tables[-1].rows[0]._tr.iter(f"{W}tblHeader"))


async def test_the_progress_table_comes_back_without_a_difference(chat):
    await chat.李老师("/进度 改 第5周 必修上 第二单元 =cmd|' /C calc'!A0")
    await chat.李老师("/备课 主备 第6周 周老师")
    data = await made(chat, await chat.李老师("/导出 教学进度"), "group")
    head = cells(data)[1]
    assert head == ("周次", "日期", "单元", "教学内容", "课时", "主备", "备注")
    assert ("第6周", "周老师") in [(row[0], row[5]) for row in cells(data)]
    reply = await chat.李老师.sends("教学进度表.xlsx", data)
    assert "当作教学进度表（读出 21 行）" in reply
    await chat.李老师.private("/资源 进度 5")
    assert "新加 0，要改 0，不变 21" in await chat.李老师.private("/进度 导入 看")


async def test_the_plan_comes_back_without_a_difference(chat):
    plan = ("每两周一次：组织听评课活动。", "每学期末：组织期末复习策略研讨，进行期末质量分析。", "第6周 期中命题分工")
    await chat.李老师.private("/计划 导入 " + "\n".join(("每月第一周：召开备课组例会", *plan)))
    await chat.李老师("/计划 启用")
    await chat.李老师("/日程 加 每周五第7节 读书沙龙 图书馆")
    data = await made(chat, await chat.李老师("/导出 活动安排"), "group")
    assert load_workbook(io.BytesIO(data)).sheetnames == ["活动安排", "只看 每次的日期"]
    received = await chat.李老师.sends("活动安排表.xlsx", data)
    number = received.split("《")[0].split()[-1]
    reply = await chat.李老师.private(f"/资源 计划 {number}")
    assert "和现在的计划比" not in reply, reply  # nothing changed, nothing gone
    assert "0 项清楚，0 处要您定，7 项原来就有" in reply, reply
    assert ("每周五第7节", "读书沙龙 图书馆") in [row[:2] for row in cells(data)]  # added by hand, in words of its own


@pytest.mark.parametrize("name", ["duty_grid", "semester_prose"])
async def test_plans_of_every_shape_come_back_without_a_difference(chat, name):
    plan = (Path(__file__).parents[1] / f"calendar/data/plans/{name}.txt").read_text("utf-8")
    await chat.李老师.private(f"/计划 导入 {plan}")
    await chat.李老师("/计划 启用")
    data = await made(chat, await chat.李老师("/导出 活动安排"), "group")
    number = (await chat.李老师.sends("活动安排表.xlsx", data)).split("《")[0].split()[-1]
    reply = await chat.李老师.private(f"/资源 计划 {number}")
    assert reply.startswith("✅ 已读进计划：0 项清楚，0 处要您定"), reply


async def test_a_row_changed_in_excel_is_a_change_and_nothing_else_is(chat):
    await chat.李老师.private("/计划 导入 每月第一周：召开备课组例会\n第6周 期中命题分工\n双周周四第2节：组内研讨课")
    await chat.李老师("/计划 启用")
    data = await made(chat, await chat.李老师("/导出 活动安排"))
    book = load_workbook(io.BytesIO(data))
    (cell,) = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "第6周"]
    cell.value = "第7周"
    held = io.BytesIO()
    book.save(held)
    number = (await chat.李老师.sends("活动安排表.xlsx", held.getvalue())).split("《")[0].split()[-1]
    reply = await chat.李老师.private(f"/资源 计划 {number}")
    assert "新的 0，改了 1，没有了 0" in reply
    assert "第6周 → 第7周 期中命题分工" in await chat.李老师.private("/计划 导入 看")


async def test_excel_keeps_its_heads_and_runs_nothing(chat):
    await chat.李老师("/进度 改 第5周 单元 =1+1")
    data = await made(chat, await chat.李老师("/导出 教学进度"))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref.startswith("A2:")
    assert sheet.print_area
    assert sheet.print_title_rows == "$1:$2"
    values = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [(cell.data_type, cell.number_format) for cell in values] == [("s", "@")]


async def test_a_form_is_made_in_a_process_of_its_own_too(tmp_path: Path, founded: Path):
    async with Playhouse(shutil.copytree(founded, tmp_path / "data"), None) as playground:
        chat = Chat(playground)
        playground.workshop._press = apart
        await chat.until("2026-09-09T18:00")
        await chat.王老师.sends("板书.png", PNG)
        await chat.王老师.private("1")
        reply = await chat.李老师.private("/导出 备课记录 第2周")
        assert "第2周" in text_of(await made(chat, reply))
        assert "教学进度" in str(cells(await made(chat, await chat.李老师.private("/导出 教学进度"))))


async def test_the_weeks_of_a_term_in_one_file(chat):
    await chat.until("2026-09-09T18:00")
    await chat.王老师.sends("板书.png", PNG)
    await chat.王老师.private("1")
    reply = await chat.李老师.private("/导出 备课记录 第1-2周")
    assert reply.startswith("⏳ 正在做集体备课记录表 第1–2周")
    assert "一共 2 份" in told(reply)
    data = await made(chat, reply, "李老师")
    assert [f"第{n}周" in text_of(data) for n in range(1, 4)] == [True, True, False]
    assert text_of(data).count("示例中学集体备课记录表") == 2
    document = docx.Document(io.BytesIO(data))
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == ["板书.png"]
    assert (
        document.part.related_parts[document.inline_shapes[0]._inline.graphic.graphicData.pic.blipFill.blip.embed].blob
        == PNG
    )
    for words in ("本学期", "9月", "9 月", "本月的"):
        assert "集体备课记录表 第1–2周" in await chat.李老师.private(f"/导出 备课记录 {words}"), words


async def test_ones_lessons_of_a_month_in_one_file(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班 第一次")
    await chat.王老师("/听课 赵老师 今天第2节 高一4班 第二次")
    await chat.李老师("/听课 赵老师 今天第2节 高一4班 别人的")
    reply = await chat.王老师.private("/导出 听课记录 9月")
    words = text_of(await made(chat, reply, "王老师"))
    assert words.index("第一次") < words.index("第二次")
    assert "别人的" not in words
    assert (await chat.王老师.private("/导出 听课记录 8月")).startswith("ℹ️ 8月您没有记听课")
    assert "第二次" in text_of(await made(chat, await chat.王老师.private("/导出 听课记录 本学期")))


async def test_a_school_year_has_both_its_terms_and_not_the_one_before(chat):
    await chat.王老师("/听课 张老师 今天第1节 高一3班 上学期听的")
    async with chat.playground.store.transaction(SYSTEM) as tx:
        (school,) = await tx.find(School, key="sample")
        second = Term(name="2026学年第二学期", first_day=date(2027, 2, 22), weeks=20, midterm_week=10, final_week=20)
        before = Term(name="2025学年第二学期", first_day=date(2026, 2, 23), weeks=20, midterm_week=10, final_week=20)
        terms = (before, *school.calendar.terms, second)
        await tx.update(school.model_copy(update={"calendar": school.calendar.model_copy(update={"terms": terms})}))
    chat.playground.clock.set(datetime(2027, 3, 5, 18, tzinfo=SCHOOL_ZONE))
    await chat.王老师("/听课 赵老师 今天第2节 高一3班 下学期听的")
    words = text_of(await made(chat, await chat.王老师.private("/我的 导出")))
    assert "上学期听的" in words
    assert "下学期听的" in words
    assert "2026学年第一学期、2026学年第二学期" in words
    last = text_of(await made(chat, await chat.王老师.private("/我的 导出 上学期")))
    assert ("上学期听的" in last, "下学期听的" in last) == (True, False)
    assert "上学期听的" in text_of(await made(chat, await chat.王老师.private("/导出 听课记录 上学期")))
    assert "2025学年第二学期还没有您的记录" in told(await chat.王老师.private("/我的 导出 2025学年第二学期"))
