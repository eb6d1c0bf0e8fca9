"""Calendars to subscribe to: asked for in the chat, fetched as a telephone does, parsed back."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar, Event

from bot.calendar.timetable import Swap
from bot.clock import SCHOOL_ZONE
from bot.delivery.calendar_links import CalendarLinks
from bot.delivery.signing import SECRET
from bot.domain.groups import School
from bot.domain.people import SYSTEM
from bot.web.calendars import PER_MINUTE, WRONG_PER_MINUTE, CalendarPages

Browser = Any


@pytest.fixture
async def browser(chat) -> AsyncIterator[Browser]:
    """A telephone: the bot's pages as ``run`` and ``try`` serve them."""
    playground = chat.playground
    playground.calendars.public_url = "https://bot.example.com/"
    app = web.Application()
    CalendarPages(playground.calendars, playground.store, playground.clock).add_to(app)
    async with TestClient(TestServer(app)) as client:
        yield client


def link_in(reply: str) -> str:
    found = re.search(r"https://bot\.example\.com(/calendar/\S+\.ics)", reply)
    assert found, reply
    return found[1]


async def events(browser: Browser, address: str) -> dict[str, Event]:
    """The events of a calendar by title; those called off without the word."""
    calendar = await fetched(browser, address)
    return {f"{e.get('summary')} {e.decoded('dtstart'):%m-%d}": e for e in calendar.walk("VEVENT")}


async def fetched(browser: Browser, address: str) -> Calendar:
    response = await browser.get(address)
    assert response.status == 200
    return Calendar.from_ical(await response.read())


def of(found: dict[str, Event], words: str) -> Event:
    (event,) = [event for title, event in found.items() if words in title]
    return event


async def test_a_teachers_own_calendar_has_the_lessons_times_and_their_part(chat, browser):
    await chat.王老师("/报名 1")
    await chat.李老师("/任务 王老师 周五前 交单元卷🙂；第一，二题")
    await chat.李老师("/任务 张老师 周五前 出卷")
    reply = await chat.王老师.private("/日程 订阅", group="高一语文备课组")
    assert reply.startswith("📅 王老师的日程日历")
    assert "您所在的 2 个组都在里面" in reply
    found = await events(browser, link_in(reply))
    prep = of(found, "集体备课（主备） 09-09")
    assert prep.decoded("dtstart") == datetime(2026, 9, 9, 15, 40, tzinfo=SCHOOL_ZONE)
    assert prep.decoded("dtend") == datetime(2026, 9, 9, 17, 10, tzinfo=SCHOOL_ZONE)
    assert prep.get("location") == "语文办公室"
    assert "课题：必修上 第一单元《立在地球边上放号》" in prep.get("description")
    assert prep.get("categories").to_ical().decode() == "集体备课"
    assert of(found, "（听课）").decoded("dtstart") == datetime(2026, 9, 10, 8, 30, tzinfo=SCHOOL_ZONE)
    task = of(found, "截止")
    assert task.get("summary") == "交单元卷🙂；第一，二题（截止）"
    assert task.decoded("dtstart") == date(2026, 9, 11)
    assert task.decoded("dtend") == date(2026, 9, 12)
    assert not [title for title in found if "出卷" in title or "百合花" in title]
    await chat.王老师("/完成 5")
    assert of(await events(browser, link_in(reply)), "✅ 交单元卷").decoded("sequence") > task.decoded("sequence")


async def test_the_groups_calendar_shows_what_the_group_may_see(chat, browser):
    await chat.王老师("/报名 1")
    await chat.李老师("/任务 王老师 周五前 交单元卷")
    reply = await chat.王老师("/日程 订阅")
    assert "没有个人的任务" in reply
    calendar = await fetched(browser, link_in(reply))
    titles = [str(event.get("summary")) for event in calendar.walk("VEVENT")]
    assert "陈老师《峨日朵雪峰之侧》" in titles
    assert "开课机会" in titles
    assert not [title for title in titles if "单元卷" in title or "（主备）" in title]
    assert "王老师" not in "".join(str(e.get("description")) for e in calendar.walk("VEVENT") if "峨日" in e["summary"])
    assert calendar["x-wr-calname"] == "高一语文备课组"
    assert link_in(await chat.王老师.private("/日程 订阅 全组", group="高一语文备课组")) == link_in(reply)


async def test_the_file_is_as_the_standard_wants_it(chat, browser):
    long = "关于本学期集体备课与听评课安排的说明" * 3
    await chat.李老师(f"/日程 加 下周五第3节 {long[:40]},逗号;分号\\反斜杠")
    await chat.李老师("/日程 加 9月18日15:30 专家讲座")
    address = link_in(await chat.李老师("/日程 订阅"))
    response = await browser.get(address)
    body = await response.read()
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for folded in lines:
        folded.decode()  # no character is cut in two
    unfolded = body.decode().replace("\r\n ", "")
    assert "TZID:Asia/Shanghai" in unfolded
    assert "TZOFFSETTO:+0800" in unfolded
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in unfolded
    assert "DTSTART;TZID=Asia/Shanghai:20260918T153000" in unfolded
    calendar = Calendar.from_ical(body)
    assert Calendar.from_ical(calendar.to_ical()) == calendar
    found = calendar.walk("VEVENT")
    assert len({str(event["uid"]) for event in found}) == len(found) > 15
    assert any(str(event["summary"]).endswith(",逗号;分号\\反斜杠") for event in found)
    needed = ("uid", "dtstamp", "last-modified", "sequence", "dtstart", "dtend", "status", "categories")
    assert all(name in event for event in found for name in needed)
    stamps = [event["dtstamp"].to_ical() for event in found]
    assert all(stamp.endswith(b"Z") for stamp in stamps)


async def test_two_fetches_are_equal_and_the_second_costs_nothing(chat, browser):
    address = link_in(await chat.李老师("/日程 订阅"))
    first = await browser.get(address)
    await chat.later(hours=3)
    second = await browser.get(address)
    assert await first.read() == await second.read()
    again = await browser.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    weak = await browser.get(address, headers={"If-None-Match": f'W/{first.headers["ETag"]}, "other"'})
    assert weak.status == 304
    head = await browser.head(address)
    assert (head.status, await head.read()) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(await second.read())
    await chat.李老师("/日程 改 4 周四第8节")
    assert (await browser.get(address, headers={"If-None-Match": first.headers["ETag"]})).status == 200


async def test_a_browser_shows_how_to_subscribe_and_a_telephone_gets_the_file(chat, browser):
    address = link_in(await chat.王老师.private("/日程 订阅", group="高一语文备课组"))
    opened = await browser.get(address, headers={"Sec-Fetch-Dest": "document"})
    text = await opened.text()
    assert opened.headers["Content-Type"].startswith("text/html")
    assert f'href="webcal://bot.example.com{address}"' in text
    assert f">https://bot.example.com{address}<" in text
    assert "链接只给自己用" in text
    saved = await browser.get(f"{address}?file", headers={"Sec-Fetch-Dest": "document"})
    assert saved.headers["Content-Type"].startswith("text/calendar")
    await chat.王老师.private("/日程 退订", group="高一语文备课组")
    assert (await browser.get(address, headers={"Sec-Fetch-Dest": "document"})).status == 410


async def test_moved_and_called_off_ones_keep_their_uid_and_rise(chat, browser):
    address = link_in(await chat.李老师("/日程 订阅"))
    planned = of(await events(browser, address), "集体备课 09-09")

    async def now(words: str) -> Event:
        event = of(await events(browser, address), words)
        assert event["uid"] == planned["uid"]
        return event

    await chat.李老师("/日程 改 4 周四第8节")
    moved = await now("集体备课 09-10")
    assert moved.decoded("dtstart").hour == 15
    await chat.later(minutes=1)
    await chat.李老师("/撤销")
    back = await now("集体备课 09-09")
    assert back.decoded("dtstart") == planned.decoded("dtstart")
    await chat.李老师("/日程 取消 4 期中考试")
    off = await now("【取消】集体备课 09-09")
    assert off["status"] == "CANCELLED"
    await chat.李老师("/日程 恢复 4")
    restored = await now("集体备课 09-09")
    assert restored["status"] == "CONFIRMED"
    sequences = [event.decoded("sequence") for event in (planned, moved, back, off, restored)]
    assert sequences == sorted(set(sequences))
    modified = [event.decoded("last-modified") for event in (planned, moved, back, off, restored)]
    assert modified == sorted(modified)
    assert back.decoded("last-modified") - moved.decoded("last-modified") == timedelta(minutes=1)
    other = of(await events(browser, address), "集体备课 09-16")
    assert other.decoded("sequence") == 0


async def test_a_standing_change_keeps_the_uids_of_its_weeks(chat, browser):
    address = link_in(await chat.李老师("/日程 订阅"))
    before = await events(browser, address)
    await chat.李老师("/日程 改 4 下周起 周五第3节")
    after = await events(browser, address)
    assert of(after, "集体备课 09-18")["uid"] == of(before, "集体备课 09-16")["uid"]
    assert of(after, "集体备课 09-09").decoded("dtstart") == of(before, "集体备课 09-09").decoded("dtstart")
    assert of(after, "【取消】集体备课 09-23")["uid"] == of(before, "集体备课 09-23")["uid"]  # Friday is a holiday
    await chat.李老师("/撤销")
    again = await events(browser, address)
    assert of(again, "集体备课 09-23")["status"] == "CONFIRMED"
    assert of(again, "集体备课 09-23").decoded("sequence") > of(after, "09-23").decoded("sequence")
    await chat.李老师("/日程 取消 4 以后都")
    ended = [event for title, event in (await events(browser, address)).items() if "集体备课" in title]
    assert {str(event["status"]) for event in ended} == {"CONFIRMED", "CANCELLED"}
    assert len(ended) == len([title for title in before if "集体备课" in title])


async def test_a_swapped_day_moves_what_is_on_it(chat, browser):
    address = link_in(await chat.李老师("/日程 订阅"))
    found = await events(browser, address)
    assert any("集体备课 10-10" in title for title in found)  # a Saturday that runs Wednesday's lessons
    assert not any("集体备课 10-07" in title for title in found)
    async with chat.playground.store.transaction(SYSTEM) as tx:
        (school,) = await tx.find(School, key="sample")
        swap = (Swap(date=date(2026, 9, 16), runs="周四"), Swap(date=date(2026, 9, 17), runs="周三"))
        calendar = school.calendar.model_copy(update={"swaps": swap})
        await tx.update(school.model_copy(update={"calendar": calendar}))
    swapped = await events(browser, address)
    assert of(swapped, "集体备课 09-17").decoded("dtstart").hour == 15
    assert not any("集体备课 09-16" in title for title in swapped)
    assert of(swapped, "集体备课 09-09").decoded("sequence") == 1


async def test_what_is_signed_up_turned_or_called_off_is_in_everyones_calendar(chat, browser):
    async def own(name: str) -> dict[str, Event]:
        reply = await getattr(chat, name).private("/日程 订阅", group="高一语文备课组")
        return await events(browser, link_in(reply))

    await chat.赵老师("/报名 1")
    seat = of(await own("赵老师"), "（听课）")
    assert not any("峨日朵" in title for title in await own("刘老师"))
    assert of(await own("陈老师"), "（上课）")["uid"] == seat["uid"]
    await chat.李老师("/轮值 研讨课 排 下周起 周四第3节 录播室 刘老师 周老师")
    turns = [title for title in await own("刘老师") if "研讨课" in title]
    assert sum("（上课）" in title for title in turns) == len(turns) / 2
    await chat.陈老师("/公开课 取消 1")
    assert of(await own("赵老师"), "【取消】陈老师《峨日朵雪峰之侧》")["uid"] == seat["uid"]


GONE = [
    ("forged", lambda token: token[:-6] + ("a" if token[-6] != "a" else "b") + token[-5:], 404),
    ("cut short", lambda token: token[:20] + ".ics", 404),
    ("another ending", lambda token: token.removesuffix(".ics"), 404),
    ("nonsense", lambda _: "/calendar/学案.ics", 404),
    ("very long", lambda _: f"/calendar/{'a' * 3000}.ics", 404),
]


@pytest.mark.parametrize(("forge", "status"), [row[1:] for row in GONE], ids=[row[0] for row in GONE])
async def test_a_link_that_is_none_leads_to_a_page(chat, browser, forge: Callable[[str], str], status: int):
    address = link_in(await chat.王老师("/日程 订阅"))
    response = await browser.get(forge(address))
    assert response.status == status
    assert "/日程 订阅" in await response.text()


async def test_a_link_to_a_file_opens_no_calendar_and_another_folders_none(chat, browser, tmp_path):
    folder = tmp_path / "data/store"
    link_in(await chat.王老师("/日程 订阅"))
    assert (folder / SECRET).exists()
    signer = CalendarLinks(folder, "https://x")._signer
    signer._purpose = ""
    assert (await browser.get(f"/calendar/{signer.token(['group:chinese', 1])}.ics")).status == 404
    strange = CalendarLinks(tmp_path, "https://x")._signer
    assert (await browser.get(f"/calendar/{strange.token(['group:chinese', 1])}.ics")).status == 404


async def test_a_link_given_up_is_gone_and_the_next_is_another(chat, browser):
    first = link_in(await chat.王老师.private("/日程 订阅", group="高一语文备课组"))
    assert first == link_in(await chat.王老师.private("/日程 订阅", group="高一语文备课组"))
    assert (await chat.王老师.private("/日程 退订", group="高一语文备课组")).startswith("✅ 您的日历链接作废了")
    assert (await browser.get(first)).status == 410
    await chat.王老师.private("/撤销", group="高一语文备课组")
    assert (await browser.get(first)).status == 200
    await chat.王老师.private("/日程 退订", group="高一语文备课组")
    second = link_in(await chat.王老师.private("/日程 订阅", group="高一语文备课组"))
    assert second != first
    assert [(await browser.get(address)).status for address in (first, second)] == [410, 200]
    assert "原来的链接" not in await chat.王老师.private("/撤销", group="高一语文备课组")
    assert (await browser.get(second)).status == 410


async def test_only_the_leader_gives_the_groups_link_up(chat, browser):
    address = link_in(await chat.王老师("/日程 订阅"))
    assert (await chat.王老师("/日程 退订")).status == "refused"
    assert (await browser.get(address)).status == 200
    await chat.李老师("/日程 退订")
    assert (await browser.get(address)).status == 410
    assert "没有订阅过" in await chat.李老师("/日程 退订")


async def test_who_has_left_the_group_reads_nothing_more(chat, browser):
    address = link_in(await chat.周老师.private("/日程 订阅"))
    assert (await browser.get(address)).status == 200
    await chat.李老师("/成员 移出 周老师")
    assert (await browser.get(address)).status == 410


async def test_a_link_lapses_after_a_year_unless_it_was_asked_for_again(chat, browser):
    clock = chat.playground.clock
    kept = link_in(await chat.周老师.private("/日程 订阅"))
    lapsing = link_in(await chat.孙老师.private("/日程 订阅"))
    clock.set(clock.now() + timedelta(days=390))
    assert link_in(await chat.周老师.private("/日程 订阅")) == kept
    clock.set(clock.now() + timedelta(days=20))
    assert [(await browser.get(address)).status for address in (kept, lapsing)] == [200, 410]


async def test_who_asks_too_often_waits_and_others_do_not(chat, browser):
    one = link_in(await chat.周老师.private("/日程 订阅"))
    other = link_in(await chat.孙老师.private("/日程 订阅"))
    asked = [(await browser.head(one)).status for _ in range(PER_MINUTE + 1)]
    assert asked == [200] * PER_MINUTE + [429]
    wrong = [(await browser.head("/calendar/x.ics")).status for _ in range(WRONG_PER_MINUTE + 1)]
    assert wrong == [404] * WRONG_PER_MINUTE + [429]
    assert (await browser.head(other)).status == 200
    chat.playground.clock.set(chat.playground.clock.now() + timedelta(minutes=1))
    assert (await browser.head(one)).status == 200


async def test_without_an_address_the_bot_says_what_is_missing(chat):
    reply = await chat.王老师("/日程 订阅")
    assert reply.status == "refused"
    assert "server.public_url" in reply
    assert (await chat.王老师("/日程 订阅 张老师")).startswith("❌ 没看懂“张老师”")
    assert "请私下发" in await chat.王老师("/日程 订阅 我的")
    assert (await chat.访客("/日程 订阅")).startswith("🔒 我还不认识您")


async def test_a_swap_raises_the_sequence_of_what_it_moves_and_taking_it_back_does_again(chat, browser):
    await chat.李老师("/日程 加 9月30日第3节 教学经验分享会")
    address = link_in(await chat.李老师("/日程 订阅"))
    first = of(await events(browser, address), "教学经验分享会")
    await chat.李老师("/调课 9月30日 停课")
    second = of(await events(browser, address), "教学经验分享会")
    assert second["uid"] == first["uid"]
    assert (first.decoded("dtstart").day, second.decoded("dtstart").day) == (30, 29)
    assert second.decoded("sequence") > first.decoded("sequence")
    await chat.李老师("/撤销")
    third = of(await events(browser, address), "教学经验分享会")
    assert third.decoded("dtstart") == first.decoded("dtstart")
    assert third.decoded("sequence") > second.decoded("sequence")


async def test_the_sequence_never_falls_whatever_becomes_of_the_plan(chat, browser):
    address = link_in(await chat.李老师("/日程 订阅"))
    uid = of(await events(browser, address), "集体备课 09-16")["uid"]
    seen = []
    for words in (
        "/日程 改 4 以后都周三第7节",
        "/计划 改 4 周三第8节",
        "/撤销",
        "/日程 取消 4 以后都",
        "/计划 恢复 4",
        "/撤销",
        "/计划 恢复 4",
        "/计划 停用",
        "/计划 启用",
    ):
        assert (await chat.李老师(words)).status == "ok", words
        found = (await fetched(browser, address)).walk("VEVENT")
        seen += [event.decoded("sequence") for event in found if event["uid"] == uid]
    assert len(seen) == 8  # stopped, it is in no calendar
    assert seen == sorted(set(seen))
