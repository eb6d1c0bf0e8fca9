"""Decrypted bodies of an intelligent robot, and what they mean."""

from typing import Any

import pytest

from bot.chat.envelope import open_envelope
from bot.platforms.wecom.payloads import (
    Arrival,
    Attachment,
    Entered,
    Ignored,
    Message,
    Refresh,
    arrival,
)
from bot.platforms.wecom.refusals import Unreadable
from bot.platforms.wecom.shapes import read_object, read_payload
from tests.platforms.wecom.peer import NOW, vectors

GROUP = {"msgid": "M", "aibotid": "B", "chatid": "wrAbC", "chattype": "group", "from": {"userid": "007"}}
SINGLE = {"msgid": "M", "aibotid": "B", "chattype": "single", "from": {"userid": "007"}}
TEXT = {"msgtype": "text", "text": {"content": "@备课助手 /报名 1"}}
IMAGE = {"msgtype": "image", "image": {"url": "https://example.com/1"}}


def meaning(body: dict[str, Any]) -> Arrival:
    return arrival(read_payload(body), channel="wecom", bot_name="备课助手", now=NOW)


def text_of(body: dict[str, Any]) -> str:
    what = meaning(body)
    assert isinstance(what, Message), what
    return what.incoming.text


def test_a_group_message_keeps_ids_case_and_mention() -> None:
    what = meaning({**GROUP, **TEXT, "response_url": "https://x"})
    assert isinstance(what, Message)
    said = what.incoming
    assert (said.chat, said.sender, said.private, said.at) == ("wrAbC", "007", False, NOW)
    assert (said.key, said.text, said.bot_name) == ("wecom/M", "@备课助手 /报名 1", "备课助手")
    assert what.response_url == "https://x"


def test_a_private_message_is_a_conversation_with_its_sender() -> None:
    what = meaning({**SINGLE, **TEXT})
    assert isinstance(what, Message)
    assert (what.incoming.chat, what.incoming.private, what.response_url) == ("007", True, "")


def mixed(*items: dict[str, Any]) -> dict[str, Any]:
    return {"msgtype": "mixed", "mixed": {"msg_item": list(items)}}


def words(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (mixed(words("@备课助手 /反思 板书见图"), IMAGE), "@备课助手 /反思 板书见图"),
        (mixed(words("@备课助手 /反思"), IMAGE, words("后半")), "@备课助手 /反思\n后半"),
        ({"msgtype": "voice", "voice": {"content": "本周备课"}}, "本周备课"),
        (words(""), ""),
        (words("  课\n\t表 😀 "), "  课\n\t表 😀 "),
        (words("长" * 10_000), "长" * 10_000),
        ({**TEXT, "quote": words("/建组 别的 123456")}, "@备课助手 /报名 1"),
        ({**TEXT, "quote": None, "response_url": None, "new_field": {"a": [1]}}, "@备课助手 /报名 1"),
        ({**words("@备课助手"), "quote": words("/撤销")}, "@备课助手"),
    ],
)
def test_the_words_are_those_of_the_person_alone(more: dict[str, Any], text: str) -> None:
    assert text_of({**GROUP, **more}) == text


@pytest.mark.parametrize(
    "more",
    [
        {"msgtype": "image", "image": {}},
        {"msgtype": "file", "file": {"url": ""}},
        {"msgtype": "file"},
        {"msgtype": "video"},
        mixed(),
        {"msgtype": "voice", "voice": {"content": " "}},
    ],
)
def test_what_has_no_words_is_an_attachment(more: dict[str, Any]) -> None:
    assert meaning({**SINGLE, **more}) == Attachment("M", SINGLE["from"]["userid"], private=True)


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        (IMAGE, ["picture"]),
        ({"msgtype": "file", "file": {"url": "https://example.com/1", "aeskey": "k"}}, ["file"]),
        (mixed(IMAGE, IMAGE), ["picture", "picture"]),
    ],
)
def test_one_to_one_a_file_is_a_message_and_in_a_group_it_is_not(more: dict[str, Any], kinds: list[str]) -> None:
    what = meaning({**SINGLE, **more})
    assert isinstance(what, Message)
    assert [each.kind for each in what.incoming.files] == kinds
    assert what.incoming.text == ""
    assert "example.com" not in repr(what)
    assert meaning({**GROUP, **more}) == Attachment("M", "wrAbC", private=False)


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "event", "create_time": 1, "event": {"eventtype": kind, **more}}


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"msgid": "E", "from": {"userid": "U"}, **event("enter_chat")}, Entered("U", "E")),
        ({**GROUP, **event("template_card_event", template_card_event={"event_key": "k"})}, Ignored),
        ({**GROUP, **event("feedback_event", feedback_event={"id": "1", "type": 2})}, Ignored),
        ({**GROUP, **event("auth_change_event")}, Ignored),
        ({**GROUP, **event("something_new")}, Ignored),
        ({**GROUP, "msgtype": "stream", "stream": {"id": "S"}}, Refresh("S", private=False)),
        ({**SINGLE, "msgtype": "stream", "stream": {"id": "S"}}, Refresh("S", private=True)),
        ({**GROUP, "msgtype": "location"}, Ignored),
        ({**GROUP, **TEXT, "from": {"userid": "sys"}}, Ignored),
        ({**GROUP, **TEXT, "from": {"userid": ""}}, Ignored),
        ({**GROUP, **TEXT, "from": {}}, Ignored),
        ({**GROUP, **TEXT, "from": None}, Ignored),
        ({**GROUP, **TEXT, "chatid": ""}, Ignored),
        ({**GROUP, **TEXT, "chatid": None}, Ignored),
        ({**GROUP, **TEXT, "chattype": "channel"}, Ignored),
    ],
)
def test_events_refreshes_and_what_is_dropped(body: dict[str, Any], what: Any) -> None:
    found = meaning(body)
    assert isinstance(found, what) if isinstance(what, type) else found == what


@pytest.mark.parametrize(
    "change",
    [
        {"msgtype": None},
        {"msgtype": 5},
        {"msgid": ""},
        {"msgid": None},
        {"msgid": 4561255354251345929},
        {"msgid": "x" * 257},
        {"text": None},
        {"text": {}},
        {"text": {"content": ["/报名"]}},
        {"text": "报名"},
        {"text": {"content": "\ud800"}},
        {"from": "007"},
        {"from": {"userid": 7}},
        {"chatid": ["wr"]},
        {"msgtype": "mixed"},
        {"msgtype": "mixed", "mixed": {"msg_item": [None]}},
        {"msgtype": "mixed", "mixed": {"msg_item": [{"msgtype": "text"}]}},
        {"msgtype": "stream", "stream": {}},
        {"msgtype": "event"},
    ],
)
def test_what_lacks_the_needed_is_unreadable(change: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        meaning({**GROUP, **TEXT, **change})


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"1", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"a":' + b"9" * 5000 + b"}"],
)
def test_what_is_no_object_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_object(data)


def test_raw_control_characters_are_read() -> None:
    assert read_object(b'{"a":"x\ny\x01"}') == {"a": "x\ny\x01"}


@pytest.mark.parametrize("sample", vectors("payload_samples", direction="in"))
def test_the_reference_samples_mean_something(sample: dict[str, Any]) -> None:
    body = sample["payload"].get("body", sample["payload"])
    kinds = {"text": Message, "mixed": Message, "file": Message, "stream": Refresh, "event": Ignored}
    assert isinstance(meaning(body), kinds[body["msgtype"]])


@pytest.mark.parametrize("case", vectors("mention_cases"))
def test_the_reference_mentions_come_off(case: dict[str, Any]) -> None:
    letter = open_envelope(text_of({**GROUP, **words(case["text"])}), case["bot_name"])
    assert (f"/{letter.body}" if letter.slash else None) == case["expected_command"]
