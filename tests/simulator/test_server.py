"""The simulator's API over a real socket, against a fake simulation: what each address does."""

import asyncio
from datetime import date
from typing import Any

import pytest

from tests.simulator.api_client import Api, form, is_chinese_error


async def test_a_message_gets_the_replies_of_the_contract(api: Api) -> None:
    status, found = await api.post("messages", {"speaker": "王老师", "text": "/报名 5"})
    assert status == 200
    assert found["heard"] is True
    assert set(found["replies"][0]) == {"to", "status", "text", "files", "actions"}
    assert found["replies"][0]["to"] == "group"
    assert found["replies"][0]["actions"] == [{"label": "撤销", "send": "@备课助手 /撤销"}]


async def test_without_a_mention_nothing_is_dispatched(api: Api) -> None:
    found = await api.post("messages", {"speaker": "王老师", "text": "/报名 5", "mention": False})
    assert found == (200, {"replies": [], "heard": False})


async def test_in_private_the_mention_means_nothing(api: Api) -> None:
    _, found = await api.post("messages", {"speaker": "王老师", "text": "/帮助", "mention": False, "private": True})
    assert found["replies"][0]["to"] == "王老师"


async def test_defaults_are_those_of_the_contract(api: Api) -> None:
    await api.post("messages", {"speaker": "新面孔", "text": ""})
    _, request = api.simulation.calls[-1]
    assert request.model_dump() == {  # type: ignore[attr-defined]
        "speaker": "新面孔",
        "text": "",
        "private": False,
        "group": None,
        "mention": True,
        "platform": "dingtalk",
        "msgid": None,
    }


async def test_text_goes_through_byte_for_byte(api: Api) -> None:
    odd = " \uff0f反思\u2005\u200b 👩\u200d🏫\n\t𠮷 <b>" + "长" * 10_000
    await api.post("messages", {"speaker": "王老师", "text": odd, "private": True})
    assert api.simulation.bubbles[0][2].text == odd


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"text": "/帮助"}, "speaker"),
        ({"speaker": "", "text": "x"}, "speaker"),
        ({"speaker": 7, "text": "x"}, "speaker"),
        ({"speaker": "王老师"}, "text"),
        ({"speaker": "王老师", "text": None}, "text"),
        ({"speaker": "王老师", "text": "x", "private": "no"}, "private"),
        ({"speaker": "王老师", "text": "x", "mention": 1}, "mention"),
        ({"speaker": "王老师", "text": "x", "platform": "qq"}, "platform"),
        ({"speaker": "王老师", "text": "x", "group": ["高一语文备课组"]}, "group"),
        ({"speaker": "王老师", "text": "x", "priavte": True}, "priavte"),
        ({"speaker": "王老师", "text": "x", "msgid": 1}, "msgid"),
        ({"speaker": "王老师", "text": "x", "group": "没有的组"}, "没有的组"),
    ],
)
async def test_a_wrong_message_is_told_in_chinese(api: Api, body: dict[str, Any], word: str) -> None:
    status, found = await api.post("messages", body)
    assert is_chinese_error(status, found)
    assert status == 400
    assert word in found["error"]
    assert api.simulation.bubbles == []


@pytest.mark.parametrize(
    ("body", "now", "posts"),
    [
        ({"to": "2026-09-07T07:30"}, "2026-09-07T07:30:00+08:00", 1),
        ({"to": "2026-09-06T23:30Z"}, "2026-09-07T07:30:00+08:00", 1),
        ({"advance": "1d"}, "2026-09-08T07:00:00+08:00", 1),
        ({"advance": "5m"}, "2026-09-07T07:05:00+08:00", 0),
        ({"advance": "1w"}, "2026-09-14T07:00:00+08:00", 3),
        ({"next": True}, "2026-09-07T07:10:00+08:00", 1),
    ],
)
async def test_the_clock_moves_and_posts_in_order(api: Api, body: dict[str, Any], now: str, posts: int) -> None:
    status, found = await api.post("clock", body)
    assert (status, found["now"], len(found["posts"])) == (200, now, posts)
    assert found["posts"] == sorted(found["posts"], key=lambda post: post["at"])
    assert all(set(post) == {"at", "group", "to", "kind", "text", "why"} for post in found["posts"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to": "2026-09-08T07:00", "advance": "1d"},
        {"next": False},
        {"advance": "0d"},
        {"advance": "-1d"},
        {"advance": "1y"},
        {"advance": "\uff11d"},
        {"advance": "99999w"},
        {"advance": 1},
        {"to": 1789000000},
        {"to": "明天"},
        {"to": "0001-01-01T00:00"},
        {"to": "9999-12-31T23:59"},
        {"to": "2026-09-06T07:00"},
    ],
)
async def test_a_wrong_clock_request_is_told(api: Api, body: dict[str, Any]) -> None:
    status, found = await api.post("clock", body)
    assert (status, is_chinese_error(status, found)) == (400, True)


async def test_a_plan_document_is_read_and_activated(api: Api) -> None:
    status, found = await api.post("plan?activate=1&group=%E9%AB%98", form("每周三集体备课\n隔周研讨".encode()))
    assert status == 200
    assert [entry["sure"] for entry in found] == [True, False]
    assert api.simulation.calls[-1][1] == ("每周三集体备课\n隔周研讨".encode(), "计划.txt", "高", True)


async def test_a_plan_as_text_and_as_lines(api: Api) -> None:
    assert (await api.post("plan", {"text": "每周三集体备课"}))[1][0]["kind"] == "weekly"
    status, found = await api.post("plan", {"lines": [{"line": "每周三", "context": {}}, {"line": "隔周"}]})
    assert (status, len(found["results"])) == (200, 2)


@pytest.mark.parametrize(
    "body", [{}, {"text": "x", "lines": []}, {"lines": [{"context": {}}]}, {"lines": "x"}, {"text": 3}]
)
async def test_a_wrong_plan_request_is_told(api: Api, body: dict[str, Any]) -> None:
    status, found = await api.post("plan", body)
    assert (status, is_chinese_error(status, found)) == (400, True)


async def test_the_file_name_carries_no_folder(api: Api) -> None:
    await api.post("plan", form(b"x", "..\\..\\C/etc/计划.docx"))
    assert api.simulation.calls[-1][1][1] == "计划.docx"  # type: ignore[index]


async def test_explain_runs_nothing(api: Api) -> None:
    status, found = await api.post("explain", {"text": "/报名 3", "platform": "wecom", "bot_name": "备课 助手"})
    assert (status, found) == (200, {"command": "报名", "argument": "3", "suggest": []})
    assert api.simulation.bubbles == []
    assert (await api.post("explain", {"text": "/x", "platform": "qq"}))[0] == 400


async def test_state_has_the_fields_of_the_contract(api: Api) -> None:
    _, found = await api.get("/try/api/state")
    assert {"now", "week", "groups", "group", "members", "items", "upcoming"} <= set(found)
    assert found["now"] == "2026-09-07T07:00:00+08:00"
    assert set(found["items"][0]) == {"number", "kind", "title", "seats", "taken"}
    assert (await api.get("/try/api/state?group=nobody"))[0] == 400


async def test_a_rehearsal_is_shown_by_week(api: Api) -> None:
    _, found = await api.get("/try/api/rehearsal?from=2026-09-07&to=2026-09-20")
    assert api.simulation.calls[-1] == ("rehearsal", (None, date(2026, 9, 7), date(2026, 9, 20)))
    assert (found["cards"], found["notes"]) == (2, 1)
    (week,) = found["weeks"]
    assert (week["label"], week["first"], week["unpublished"]) == ("第2周", "2026-09-07", True)
    assert set(week["posts"][0]) == {"at", "to", "readers", "kind", "text", "why"}
    assert [post["readers"] for post in week["posts"]] == ["群里", "王老师", "群里"]
    assert api.simulation.bubbles == []
    assert await api.get("/try/api/rehearsal?from=x") == (400, {"error": "from\uff1a没看懂日期\uff0c请写成 2026-09-07"})
    assert (await api.get("/try/api/rehearsal?group=nobody"))[0] == 400


async def test_transcript_of_group_and_person(api: Api) -> None:
    await api.post("messages", {"speaker": "王老师", "text": "/报名 5"})
    await api.post("messages", {"speaker": "王老师", "text": "/反思 今天节奏偏快", "private": True})
    _, group = await api.get("/try/api/transcript")
    assert [bubble["who"] for bubble in group["bubbles"]] == ["王老师", "bot"]
    assert set(group["bubbles"][1]["previews"]) == {
        "wecom_desktop",
        "wecom_phone",
        "dingtalk_desktop",
        "dingtalk_phone",
    }
    _, private = await api.get("/try/api/transcript?person=%E7%8E%8B%E8%80%81%E5%B8%88&after=3")
    assert [bubble["id"] for bubble in private["bubbles"]] == [4]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "\u0663", "9" * 13])
async def test_transcript_refuses_a_wrong_number(api: Api, after: str) -> None:
    status, found = await api.get(f"/try/api/transcript?after={after}")
    assert (status, is_chinese_error(status, found)) == (400, True)


async def test_redelivery_answers_the_same_and_does_nothing_twice(api: Api) -> None:
    body = {"speaker": "王老师", "text": "/报名 5", "msgid": "m-1"}
    first, again = await asyncio.gather(api.post("messages", body), api.post("messages", body))
    assert first == again
    assert len(api.simulation.bubbles) == 2


async def test_faults(api: Api) -> None:
    assert (await api.post("faults", {"fault": "rate", "times": 2}))[1] == {"faults": {"rate": 2}}
    assert (await api.post("faults", {"fault": "rate", "times": 0}))[1] == {"faults": {}}
    for wrong in ({"fault": "fire"}, {"fault": "rate", "times": -1}, {"fault": "rate", "times": True}, {}):
        assert (await api.post("faults", wrong))[0] == 400


async def test_files_are_downloads(api: Api) -> None:
    async with api.session.get(api.base + "/try/api/files/1") as response:
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert (await response.read()).decode() == "小结"
    assert (await api.get("/try/api/files/2"))[0] == 404


async def test_reset(api: Api) -> None:
    await api.post("messages", {"speaker": "王老师", "text": "/帮助"})
    assert (await api.post("reset", {}))[0] == 200
    assert (await api.get("/try/api/transcript"))[1] == {"bubbles": []}


async def test_the_page_is_served_under_a_strict_policy(api: Api) -> None:
    async with api.session.get(api.base + "/") as response:
        assert response.url.path == "/try"
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    assert "unsafe" not in policy
    assert 'lang="zh-CN"' in page
    assert "<script>" not in page
    assert " style=" not in page
    assert "onclick" not in page
