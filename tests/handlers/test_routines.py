"""The calendar in the chat: looking, moving, calling off, adding."""

import pytest


async def test_a_week_a_month_and_what_is_off(chat):
    assert "4 · 9月9日 周三第8\u20139节 集体备课 语文办公室" in await chat.访客("/日程")
    october = await chat.王老师("/日程 10月")
    assert "10月1日国庆节" in october
    assert "10月7日 周三" not in october
    assert "10月10日 周六第8\u20139节 集体备课" in october  # the make-up Saturday runs a Wednesday


async def test_moving_one_occasion_is_one_line_to_the_group_and_can_be_taken_back(chat):
    reply = await chat.李老师("/日程 改 4 周四第8节")
    assert "【改】集体备课 周三第8\u20139节\uff089月9日\uff09→ 周四第8节\uff089月10日\uff09\uff0c地点不变。" in reply
    assert "9月10日 周四第8节 集体备课" in await chat.王老师("/日程")
    assert "恢复原来的安排" in await chat.李老师("/撤销")
    assert "9月9日 周三第8\u20139节 集体备课" in await chat.王老师("/日程")


async def test_calling_off_keeps_the_reason_and_the_history(chat):
    assert "取消\uff08开会\uff09" in await chat.李老师("/日程 停 4 开会")
    assert "李老师取消\uff08开会\uff09" in await chat.李老师("/日程 记录 4")
    assert "\uff08取消\uff09" in await chat.王老师("/日程")


async def test_adding_an_activity(chat):
    assert (await chat.李老师("/日程 加 下周五第3节 教学经验分享会")).startswith("✅ 已加 5 教学经验分享会")
    assert "9月18日 周五第3节 教学经验分享会" in await chat.王老师("/日程 下周")
    await chat.李老师("/撤销")
    assert "分享会" not in await chat.王老师("/日程 下周")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("/日程 去年", "❌ 没看懂“去年”。"),
        ("/日程 改", "❌ 还少编号。"),
        ("/日程 改 4", "❌ 还少时间。"),
        ("/日程 改 99 周四第8节", "❌ 日程里没有编号 99。"),
        ("/日程 改 1 周四第8节", "❌ 日程里没有编号 1。"),
        ("/日程 加 教学经验分享会", "❌ 还少时间或活动。"),
        ("/日程 加 9月1日第3节 分享会", "❌ 9月1日已经过去了。"),
    ],
)
async def test_what_is_wrong_is_named_with_an_example(chat, text, first):
    reply = await chat.李老师(text)
    assert reply.splitlines()[0] == first
    assert reply.status == "refused"


@pytest.mark.parametrize("text", ["/日程 改 x", "/日程 停", "/日程 加", "/日程 记录"])
async def test_the_calendar_is_changed_by_the_leader(chat, text):
    assert (await chat.王老师(text)).startswith("🔒 /日程 ")
    assert (await chat.访客(text)).startswith("🔒 我还不认识您")
