"""September and October 2026 with everything turned on and half of the group late: how much is said, and to whom.

Prints a row a week; ``pytest -s`` shows it.
"""

import asyncio
import os
import re
from collections import Counter
from datetime import date, timedelta

import pytest

from bot.app import Playhouse
from bot.simulator.api_models import MessageRequest, Post
from bot.simulator.simulation import Playground
from tests.schedules.test_autumn import PLAN, activate, when

WEEKS = 8
MONDAY = date(2026, 9, 7)
END = "2026-11-01T23:00"
LINK = "https://docs.example.com/w"
EAGER = ("王老师", "张老师", "陈老师")
TASKS = ("交单元卷", "整理资料", "出一道题", "交教学计划")


def script() -> list[tuple[str, str, str]]:
    """(moment, speaker, message), by moment: the same work every week, done by three of eight."""
    found = []
    for week in range(WEEKS):
        monday = MONDAY + week * timedelta(days=7)

        def at(day: int, clock: str, start: date = monday) -> str:
            return f"{start + timedelta(days=day)}T{clock}"

        found += [
            (at(0, "09:00"), "李老师", f"/任务 全组 周五前 {TASKS[week % 4]}"),
            (at(0, "09:01"), "李老师", "/任务 赵老师、刘老师、周老师 周四前 准备听课记录"),
            (at(0, "09:02"), "李老师", "/公开课 发布 下周四第2节 赵老师《劝学》 4座"),
            (at(0, "10:00"), "李老师", "/备课 主题 重难点 抓住意象"),
            (at(0, "10:01"), "王老师", "/例会 议题 单元卷谁来出"),
            (at(0, "10:02"), "张老师", f"/问题 第{week + 1}种错法，学生审题不细"),
            *[(at(1, "12:00"), name, f"/初案 {LINK}{week}{n}") for n, name in enumerate(EAGER)],
            (at(3, "09:00"), "李老师", f"/共案 {LINK}{week}"),
            *[(at(3, "12:00"), name, f"/二备 {LINK}{week}b{n}") for n, name in enumerate(EAGER)],
            (at(4, "10:00"), "王老师", "/反思 导入太长，下次三分钟内进入文本"),
            (at(3, "16:00"), "张老师", "/听课 王老师 今天第3节 高一2班 提问有层次"),
        ]
    found += [
        ("2026-09-07T08:30", "李老师", "/轮值 研讨课 排 下周起 周二第3节 录播室"),
        ("2026-09-07T08:00", "李老师", "/听课 配额 2"),
        ("2026-09-07T08:01", "李老师", "/轮值 排 第4周起 王老师 张老师 赵老师 陈老师 刘老师 周老师 孙老师"),
        ("2026-09-09T12:00", "孙老师", "/请假 9月14日到9月25日 外出培训"),
        ("2026-09-16T12:30", "王老师", "/轮值 换 陈老师"),
        ("2026-09-17T16:30", "陈老师", "/听课 王老师 今天第3节 高一2班 学生读得多"),
        ("2026-09-17T16:31", "陈老师", "/评课 王老师 目标达成5 环节设计4 学生参与3 效果4"),
        ("2026-09-18T12:00", "陈老师", "/轮值 同意"),
        ("2026-10-09T12:00", "周老师", "/请假 10月12日到10月30日 病假"),
        ("2026-09-30T18:00", "李老师", "/例会 定 10月9日第7节 语文办公室"),
        ("2026-10-09T15:00", "李老师", "/签到 全组"),
        ("2026-10-09T15:30", "李老师", "/例会 决定 王老师、刘老师 下周五前 出期中卷"),
    ]
    return sorted(found)


async def played() -> list[Post]:
    async with Playhouse(None, None) as playground:
        await activate(playground, PLAN)
        posts: list[Post] = []
        for moment, speaker, text in script():
            posts += await on(playground, moment)
            answer = await playground.say(MessageRequest(speaker=speaker, text=text))
            assert answer.replies[0].status in ("ok", "refused"), (moment, text, answer.replies[0].text)
        return posts + await on(playground, END)


async def on(playground: Playground, moment: str) -> list[Post]:
    return list((await playground.move_clock(when(moment), None, False)).posts)


@pytest.fixture(scope="module")
def busy() -> list[Post]:
    return asyncio.run(played())


def asks(post: Post) -> int:
    """Reminders in one note."""
    return sum(line.startswith("⏰") for line in post.text.splitlines())


def week_of(post: Post) -> date:
    day = post.at.date()
    return day - timedelta(days=day.weekday())


def in_main(posts: list[Post]) -> list[Post]:
    return [post for post in posts if post.group == "高一语文备课组"]


def test_how_much_is_said(busy: list[Post]) -> None:
    """Cards a week, and private asks a person and week, at most."""
    mine = in_main(busy)
    cards = Counter(week_of(post) for post in mine if post.kind == "card")
    # What the caps left out is told to the leader; that is no ask.
    notes = Counter((week_of(p), p.to) for p in mine if p.kind == "note" and asks(p))
    reminders = Counter[tuple[date, str]]()
    for post in mine:
        if post.kind == "note":
            reminders[week_of(post), post.to] += asks(post)
    for week in sorted(cards):
        most = [max((n for (w, _), n in found.items() if w == week), default=0) for found in (notes, reminders)]
        changes = sum(post.kind == "change" for post in mine if week_of(post) == week)
        print(f"{week}: {cards[week]} cards, {changes} changes, notes a person {most[0]}, asks in them {most[1]}")
    if os.environ.get("TRANSCRIPT"):
        print(*transcript(mine), sep="\n")
    assert max(cards.values()) <= 5
    assert max(notes.values()) <= 3
    assert max(reminders.values()) <= 3


def transcript(posts: list[Post]) -> list[str]:
    """Everything said in the weeks named in the environment ("2026-09-14"), notes of the same words once."""
    said: dict[tuple[str, str], list[str]] = {}
    for post in posts:
        if f"{week_of(post)}" in os.environ["TRANSCRIPT"]:
            said.setdefault((f"{post.at:%m-%d %H:%M} {post.kind}", post.text), []).append(post.to)
    return [f"\n## {head} → {'、'.join(to)}\n\n```\n{text}\n```" for (head, text), to in said.items()]


def test_a_meeting_is_said_once_a_day(busy: list[Post]) -> None:
    for post in in_main(busy):
        if post.to == "group":
            assert sum("例会" in line for line in post.text.splitlines()) <= 1, post.text


def test_nothing_is_said_twice_in_one_message(busy: list[Post]) -> None:
    for post in in_main(busy):
        tasks = re.findall(r"任务 \d+|\d+ 赵老师《劝学》", post.text)
        lessons = re.findall(r"\d+月\d+日 周.第\d+节", post.text)
        assert len(tasks) == len(set(tasks)), post.text
        assert len(lessons) == len(set(lessons)), post.text


def test_every_card_fits_a_phone(busy: list[Post]) -> None:
    """A title, twelve lines, three things to do."""
    for post in in_main(busy):
        assert len(post.text.splitlines()) <= 16, post.text
