"""What happens in the group between two cards, in the words of teachers."""

from datetime import datetime

from bot.app import Playhouse
from bot.clock import in_zone
from bot.simulator.api_models import Post


def when(text: str) -> datetime:
    return in_zone(datetime.fromisoformat(text))


def group(posts: list[Post]) -> list[tuple[str, str]]:
    return [(post.kind, post.text) for post in posts if post.to == "group"]


async def test_a_lesson_for_tomorrow_published_after_today_s_card_is_one_change(chat):
    await chat.until("2026-09-08T08:00")
    reply = await chat.李老师("/公开课 发布 周三第3节 赵老师《插秧歌》 录播室 2座")
    assert reply.status == "ok"
    posts = group(await chat.later(minutes=2))
    assert [kind for kind, _ in posts] == ["change"]
    assert "赵老师《插秧歌》" in posts[0][1]
    assert "还没有人报名" in posts[0][1]
    assert group(await chat.until("2026-09-08T23:00")) == []


async def test_a_lesson_later_in_the_week_waits_for_the_next_card(chat):
    await chat.until("2026-09-08T08:00")
    await chat.李老师("/公开课 发布 周五第3节 赵老师《插秧歌》 录播室 2座")
    assert group(await chat.until("2026-09-08T23:00")) == []
    (card,) = group(await chat.until("2026-09-09T08:00"))
    assert card[0] == "card"
    assert "赵老师《插秧歌》" in card[1]
    assert "补发" not in card[1]


async def test_a_cancelled_lesson_is_one_line_and_then_silence(chat):
    await chat.until("2026-09-08T08:00")
    reply = await chat.李老师("/公开课 取消 1")
    said = [line for line in reply.splitlines() if "【改】" in line]
    posts = group(await chat.until("2026-09-11T23:00"))
    changes = [text for kind, text in posts if kind == "change"]
    assert len(said) + len(changes) == 1
    assert not [text for kind, text in posts if kind == "card" and "峨日朵雪峰之侧" in text]


async def test_a_cancelled_preparation_is_not_called(chat):
    await chat.until("2026-09-07T08:00")
    reply = await chat.李老师("/日程 停 4")
    assert "【改】" in reply
    posts = group(await chat.until("2026-09-09T23:00"))
    assert not [text for _, text in posts if "⏰" in text]


async def test_a_full_lesson_is_not_called(chat):
    for name in ("王老师", "张老师", "刘老师", "周老师"):
        assert (await chat.say(name, "/报名 2")).status == "ok"
    posts = group(await chat.until("2026-09-11T23:00"))
    assert not [text for _, text in posts if "听赵老师的课" in text]


async def test_the_list_the_day_before_names_who_comes(chat):
    await chat.王老师("/报名 1")
    posts = group(await chat.until("2026-09-09T08:00"))
    assert "听课\uff1a王老师" in posts[-1][1]


async def test_the_second_group_has_no_plan_and_is_silent(chat):
    posts = await chat.until("2026-09-30T23:00")
    assert {post.group for post in posts} == {"高一语文备课组"}


async def test_week_zero_has_nothing_to_say(tmp_path):
    async with Playhouse(tmp_path / "data", when("2026-08-24T07:00")) as playground:
        posts = (await playground.move_clock(when("2026-08-30T23:00"), None, False)).posts
        assert [post.text for post in posts if "第0周" in post.text] == []
        (first,) = [
            post
            for post in (await playground.move_clock(when("2026-08-31T08:00"), None, False)).posts
            if post.kind == "card"
        ]
    assert "第1周备课" in first.text


async def test_the_last_week_and_the_winter(tmp_path):
    async with Playhouse(tmp_path / "data", when("2027-01-15T07:00")) as playground:
        posts = (await playground.move_clock(when("2027-02-28T23:00"), None, False)).posts
    last = max(post.at for post in posts)
    assert "第21周备课" in "".join(post.text for post in posts)
    assert last <= when("2027-01-24T23:59")
