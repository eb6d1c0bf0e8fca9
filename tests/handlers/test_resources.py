"""Files through the chat: sent one-to-one, asked about, kept, handed out, made the group's plan or progress table."""

import re

from bot.app import Playhouse
from tests.conftest import Chat
from tests.platforms.documents import PLAN, docx, xlsx

HEAD = ("周次", "章节", "教学内容")


async def test_d10_a_resource_from_hand_to_hand(chat):
    reply = await chat.王老师.sends("第二单元学案.docx", docx("学案"))  # start
    assert reply.startswith("📎 收到 5《第二单元学案.docx》")
    assert "1 存为备课资源\n2 不要了" in reply
    assert (await chat.王老师.private("1")).startswith("✅ 已存为备课资源：5《第二单元学案.docx》")
    await chat.until("2026-09-14T18:00")  # middle
    assert "5《第二单元学案.docx》（王老师，第2周）" in await chat.张老师("/资源")
    assert (await chat.张老师("/资源 5")).result.replies[0].files[0].name == "第二单元学案.docx"
    await chat.until("2026-09-21T18:00")  # late: what was left open is chosen days after
    await chat.张老师.sends("板书.txt", b"abc")
    assert "还没说做什么用" in await chat.张老师.private("/我的")
    await chat.until("2026-09-24T18:00")
    assert "已存" in await chat.张老师("/资源 存 6")
    assert "改名了：5《学案终稿.docx》" in await chat.王老师("/资源 名称 5 学案终稿")  # changed
    assert "第二单元学案" in await chat.王老师("/撤销")
    assert "已删" in await chat.李老师("/资源 删 6")
    assert "又在了" in await chat.李老师("/撤销")
    await chat.until("2026-09-30T18:00")  # finished
    assert "新增资源 2 份" in await chat.李老师("/汇总 9月")
    assert "存资源 1 份" in await chat.王老师("/我的")


async def test_a_file_that_was_read_waits_for_nobody_and_stays_at_hand(chat):
    await chat.李老师.sends("计划.docx", docx(PLAN))
    assert "5《计划.docx》还没说做什么用" in await chat.李老师.private("/我的")
    await chat.李老师.private("/资源 计划 5")
    table = xlsx(HEAD, ("第1周", "第一单元", "《沁园春》"))
    sent = re.search(r"收到 (\d+)", await chat.李老师.sends("进度.xlsx", table))
    assert sent
    await chat.李老师.private(f"/资源 进度 {sent[1]}")
    assert "还没说做什么用" not in await chat.李老师.private("/我的")
    assert (await chat.李老师.private("/资源 5")).result.replies[0].files  # and nobody else's
    assert (await chat.王老师.private("/资源 5")).startswith("❌")
    await chat.李老师.private("/资源 存 5")
    await chat.李老师.private("/资源 计划 5")
    assert "5《计划.docx》" in await chat.王老师("/资源")  # the group's stays the group's


async def test_what_is_not_kept_is_its_senders_alone(chat):
    await chat.王老师.sends("草稿.txt", b"abc")
    for words in ("/资源 5", "/资源 存 5", "/资源 删 5", "/资源 名称 5 别的", "/资源 计划 5", "/资源 进度 5"):
        assert (await chat.李老师.private(words)).startswith("❌ 没有编号 5 的资源"), words
    assert (await chat.王老师("/资源 5")).status == "refused"  # not into the group either
    assert (await chat.王老师.private("/资源 5")).status == "ok"
    await chat.王老师("/资源 存 5")
    assert (await chat.张老师("/资源 删 5")).startswith("🔒")
    assert (await chat.张老师("/资源 名称 5 别的")).startswith("🔒")
    assert (await chat.王老师("/资源 计划 5")).startswith("🔒 /资源 计划 由组长使用")


async def test_the_leaders_plan_waits_for_activation(chat):
    reply = await chat.李老师.sends("工作计划.docx", docx(*PLAN))
    assert "1 当作工作计划（读出 3 项安排）" in reply
    assert "2 存为备课资源" in reply
    assert "已读进计划" in await chat.李老师.private("1")
    assert "期中命题分工" in await chat.李老师.private("/计划")
    assert "导入的" in await chat.李老师.private("/撤销")
    assert "已读进计划" in await chat.李老师.private("/资源 计划 5")
    assert "已启用" in await chat.李老师("/计划 启用")
    await chat.李老师.sends("工作计划改.docx", docx(*PLAN[:-1]))
    reply = await chat.李老师.private("1")
    assert "没有了 1" in reply
    assert "还没有改" in reply
    assert "没有了" in await chat.李老师.private("/计划 导入 看")


async def test_a_member_is_not_asked_about_plans(chat):
    assert "当作" not in await chat.王老师.sends("工作计划.docx", docx(*PLAN))


async def test_a_progress_table_is_looked_at_written_and_goes_back(chat):
    rows = (HEAD, ("第5周", "第三单元", "《短歌行》"), ("第六周", "", "《登高》"))
    assert "当作教学进度表（读出 2 行）" in await chat.李老师.sends("进度.xlsx", xlsx(*rows))
    assert "读到 2 行，还没有写进去" in await chat.李老师.private("/资源 进度 5")
    looked = await chat.李老师.private("1")
    assert "第5周 改成 第三单元《短歌行》" in looked
    assert "进度表导入了" in await chat.李老师.private("1")
    assert "导入的 2 周进度恢复原样" in await chat.李老师.private("/撤销")


async def test_what_cannot_be_read_may_still_be_kept(chat):
    reply = await chat.李老师.sends("空.docx", docx())
    assert "里面的文字读不出来" in reply
    assert "1 存为备课资源" in reply
    assert "没有读出安排或进度" in await chat.李老师.sends("诗.txt", "短歌行".encode())
    assert (await chat.李老师.private("/资源 进度 6")).startswith("❌")
    await chat.李老师.sends("图.png", b"\x89PNG\r\n\x1a\n" + bytes(9))
    assert "读不出文字" in await chat.李老师.private("/资源 计划 7")


async def test_delivered_again_a_file_is_one(chat):
    first = await chat.王老师.sends("学案.txt", b"abc", msgid="m")
    assert await chat.王老师.sends("学案.txt", b"abc", msgid="m") == first
    assert "5《学案.txt》" in first
    assert "还没说做什么用" in await chat.王老师.private("/我的")
    assert (await chat.王老师("/资源 5")).status == "refused"


async def test_who_is_in_two_groups_chooses_first(tmp_path):
    async with Playhouse(tmp_path / "data", None) as playground:
        chat = Chat(playground)
        assert "收到" in await chat.王老师.sends("学案.txt", b"abc", group="高一年级课题组")
        assert "还没有备课资源" in await chat.王老师("/资源")
