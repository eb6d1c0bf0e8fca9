"""/日程 预演: the leader reads privately what the bot is going to say."""

import pytest


async def test_two_weeks_in_a_few_lines_and_privately(chat):
    reply = await chat.李老师.private("/日程 预演")
    assert reply.startswith("🎬 预演 9月7日–9月20日\uff1a群里 ")
    assert "9月7日 周一 群里\uff1a第2周备课" in reply
    assert "9月11日 周五 私下 8 人\uff1a第2周反思" in reply
    assert len(reply.splitlines()) <= 12
    assert len(reply) <= 300


async def test_the_group_sees_that_it_was_answered_and_no_more(chat):
    reply = await chat.李老师("/日程 预演")
    assert "第2周备课" not in reply
    assert "第2周备课" in reply.notes["李老师"]


async def test_a_day_is_shown_with_its_words_and_comes_so(chat):
    reply = await chat.李老师.private("/日程 预演 9月8日")
    assert "07:10 → 群里" in reply
    [card] = [post for post in await chat.until("2026-09-08T08:00") if post.at.day == 8]
    assert "集体备课" in card.text
    assert all(line in reply for line in card.text.splitlines()[:3])


async def test_what_is_switched_off_is_not_shown_and_nothing_is_written(chat):
    before = await chat.李老师.private("/日程 预演 9月11日")
    assert "反思" in before
    assert await chat.李老师.private("/日程 预演 9月11日") == before
    await chat.李老师("/设置 关 反思")
    assert "反思" not in await chat.李老师.private("/日程 预演 9月11日")
    assert "反思" not in " ".join(post.text for post in await chat.until("2026-09-12T08:00"))


async def test_a_free_week_says_so(chat):
    await chat.李老师("/静音 到9月20日")
    assert "这段时间没有要发的" in await chat.李老师.private("/日程 预演 下周")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("很久", "没看懂“很久”"),
        ("9月1日", "已经过去了"),
        ("每周三", "没看懂“每周三”"),
        ("周八", "周八"),
        ("2029年9月1日", "太远了"),
    ],
)
async def test_what_is_wrong_is_said(chat, words, sentence):
    reply = await chat.李老师.private(f"/日程 预演 {words}")
    assert reply.status == "refused"
    assert sentence in reply
    assert "可以这样写" in reply


async def test_it_is_the_leaders(chat):
    reply = await chat.王老师.private("/日程 预演")
    assert reply.status == "refused"
    assert "组长" in reply


async def test_it_leaves_the_way_back_of_what_was_done_before(chat):
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    await chat.李老师.private("/日程 预演")
    assert "已撤销" in await chat.李老师("/撤销")
