"""What the leader switches off and on, and the times of the day: on the calendar, taken back, and what must not be."""

import pytest

from bot.app import jobs
from bot.domain.settings import speaking_subjects


async def ends_of_week(chat):
    """What the calendar says of the first two weeks' reflections."""
    return [post for post in await chat.until("2026-09-18T20:00") if "反思" in post.text]


def test_every_job_can_be_switched_off_and_every_switch_has_a_job():
    assert {job.topic for job in jobs()} == set(speaking_subjects())


async def test_a_subject_that_speaks_is_silent_when_switched_off_and_only_that(chat):
    await chat.王老师("/反思 导入太长，下次三分钟内进入文本")
    off = await chat.李老师("/设置 关 反思")
    assert off.startswith("🔕 反思不再自己发消息，命令照常")
    posts = await chat.until("2026-09-18T20:00")
    assert not [post for post in posts if "教学反思还差" in post.text]
    assert [post for post in posts if post.kind == "card"]
    assert (await chat.王老师("/反思 板书清楚了，还要给学生留时间")).status == "ok"
    assert "关着：反思" in await chat.李老师("/设置")
    assert (await chat.李老师("/设置 开 反思")).startswith("🔔")
    assert [post.to for post in await chat.until("2026-09-25T20:00") if "教学反思还差" in post.text]


async def test_without_the_switch_it_speaks(chat):
    await chat.王老师("/反思 导入太长，下次三分钟内进入文本")
    assert [post for post in await ends_of_week(chat) if "教学反思还差" in post.text]


async def test_a_card_without_its_main_subject_goes_on_with_the_others(chat):
    await chat.李老师("/设置 关 备课")
    texts = [post.text for post in await chat.until("2026-09-18T20:00") if post.kind == "card"]
    assert texts
    assert not [text for text in texts if "集体备课" in text or "主备" in text]
    assert [text for text in texts if "《百合花》" in text]


async def test_switches_are_taken_back(chat):
    await chat.李老师("/设置 关 公开课")
    assert "公开课照常自己发" in await chat.李老师("/撤销")
    assert "关着" not in await chat.李老师("/设置")
    await chat.李老师("/设置 关 公开课")
    await chat.李老师("/设置 开 公开课")
    assert "公开课关着" in await chat.李老师("/撤销")
    assert "关着：公开课" in await chat.李老师("/设置")


async def test_the_times_of_the_day_move(chat):
    assert "卡片改到 07:30" in await chat.李老师("/设置 时间 卡片 7点半")
    assert "私信改到 17:00" in await chat.李老师("/设置 时间 私信 下午5点")
    assert "安静改到 21:00" in await chat.李老师("/设置 安静 21:00")
    state = await chat.李老师("/设置")
    assert "卡片 07:30　私信 17:00　21:00 起安静" in state
    posts = await chat.until("2026-09-11T22:00")
    assert {f"{post.at:%H:%M}" for post in posts if post.kind == "card"} == {"07:30"}
    assert {f"{post.at:%H:%M}" for post in posts if post.kind == "note"} == {"17:00"}


async def test_a_time_is_taken_back(chat):
    await chat.李老师("/设置 时间 安静 20:00")
    assert "安静改回 21:30" in await chat.李老师("/撤销")
    assert "21:30 起安静" in await chat.李老师("/设置")


async def test_the_groups_have_settings_of_their_own(chat):
    await chat.李老师("/设置 关 反思")
    await chat.李老师("/设置 时间 卡片 07:45")
    other = await chat.say("张老师", "/设置", group="高一年级课题组")
    assert ("关着" in other, "卡片 07:10" in other) == (False, True)


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("李老师", "/设置 关 反", "本来就"),
        ("李老师", "/设置 开 反思", "反思本来就开着"),
        ("李老师", "/设置 关 进度", "没有“进度”可以开关"),
        ("李老师", "/设置 关 课", "没有“课”可以开关"),
        ("李老师", "/设置 关", "/设置 关 反思"),
        ("李老师", "/设置 随便", "没看懂“随便”"),
        ("李老师", "/设置 时间 07:30", "改哪个时间"),
        ("李老师", "/设置 时间 卡片", "没看懂时间"),
        ("李老师", "/设置 时间 卡片 很早", "没看懂时间"),
        ("李老师", "/设置 时间 卡片 明天 7:30", "没看懂时间"),
        ("李老师", "/设置 时间 卡片 25:00", "没看懂"),
        ("李老师", "/设置 时间 卡片 5:59", "06:00 到 23:00"),
        ("李老师", "/设置 安静 23:30", "06:00 到 23:00"),
        ("李老师", "/设置 时间 卡片 22:00", "都要早于安静"),
        ("李老师", "/设置 安静 16:40", "都要早于安静"),
        ("李老师", "/设置 时间 卡片 07:10", "本来就是 07:10"),
        ("王老师", "/设置", "由组长使用"),
        ("王老师", "/设置 关 反思", "由组长使用"),
    ],
)
async def test_what_is_wrong_is_said(chat, speaker, text, says):
    if text == "/设置 关 反":
        await chat.李老师("/设置 关 反思")
    reply = await chat.say(speaker, text)
    assert reply.status == "refused"
    assert says in reply
