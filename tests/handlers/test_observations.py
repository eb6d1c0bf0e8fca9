"""Noting a lesson heard: dialogues."""

import pytest


@pytest.mark.parametrize(
    ("details", "label"),
    [
        ("张老师 今天第1节 高一3班 导入好\uff0c提问偏快", "张老师 9月7日 周一第1节 高一3班"),
        ("高一\uff083\uff09班 张老师 上周五第2节", "张老师 9月4日 周五第2节 高一\uff083\uff09班"),
        ("周三第2节 张老师", "张老师 9月2日 周三第2节"),
        ("张老师 9月2日", "张老师 9月2日 周三"),
        ("钱老师 今天第1节 高一5班", "钱老师 9月7日 周一第1节 高一5班"),
    ],
)
async def test_the_order_of_words_does_not_matter(chat, details, label):
    assert (await chat.王老师(f"/听课 {details}")).startswith(f"✅ 已记听课 5\uff1a{label}")
    assert "听课 1 节" in await chat.王老师("/我的")


@pytest.mark.parametrize(
    ("details", "first"),
    [
        ("今天第1节 高一3班", "❌ 听了谁的课\uff1f"),
        ("张老师 高一3班 很好", "❌ 哪一天、第几节\uff1f"),
        ("王老师 今天第1节", "❌ 自己的课不记听课。"),
        ("张老师 9月8日第1节", "❌ 9月8日还没到\uff0c听完再记。"),
        ("张老师 今天第12节", "❌ 没看懂日期“今天第12节”\uff1a没有“第12节”。"),
    ],
)
async def test_what_is_missing_is_asked_for(chat, details, first):
    reply = await chat.王老师(f"/听课 {details}")
    assert reply.splitlines()[0] == first
    assert reply.status == "refused"


async def test_the_same_lesson_counts_once_and_undo_takes_it_back(chat):
    await chat.王老师("/听课 张老师 今天第1节")
    assert (await chat.王老师("/听课 今天第1节 张老师")).startswith("ℹ️ 这节课已经记过了\uff085\uff09")
    assert "听课 5 删掉了" in await chat.王老师("/撤销")
    assert (await chat.王老师("/听课")).startswith("📝 您这学期听课 0 节")


async def test_the_guard_speaks_privately_and_one_tap_notes_the_code(chat):
    reply = await chat.王老师("/听课 张老师 今天第1节 高一3班 张伟默写58分")
    assert reply.startswith("🛡️ 刚才那条没有保存")
    assert "张伟" not in reply + reply.notes["王老师"]
    assert (await chat.王老师("1")).startswith("✅ 已记听课 5\uff1a张老师 9月7日 周一第1节 高一3班")
