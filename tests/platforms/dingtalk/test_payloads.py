"""Bodies as they really come, and bodies that are none."""

import json
from datetime import timedelta

import pytest

from bot.platforms.dingtalk.payloads import Aside, Heard, QuotaUsedUp, decode
from bot.platforms.dingtalk.refusal import Refusal
from bot.platforms.dingtalk.signing import milliseconds
from bot.simulator import sample
from tests.platforms.dingtalk.samples import WEBHOOK, body, channel, raw, vectors

NOW = sample.START


def heard(given: dict, **changes) -> Heard:
    found = decode(raw(given), channel(**changes), NOW)
    assert isinstance(found, Heard)
    return found


def refused(given: bytes | dict, **changes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        decode(given if isinstance(given, bytes) else raw(given), channel(**changes), NOW)
    return caught.value


def test_a_group_message_with_its_leading_blank():
    found = heard(body(" /本周备课"))
    assert found.incoming.text == " /本周备课"
    assert (found.incoming.chat, found.incoming.private, found.incoming.sender) == (
        "chat-chinese",
        False,
        "user-王老师",
    )
    assert found.incoming.at == NOW
    assert found.conversation == (False, "chat-chinese")
    assert found.session.url == WEBHOOK
    assert found.session.expires == NOW + timedelta(milliseconds=5_400_180)


def test_one_to_one_goes_back_to_the_person():
    found = heard(body("/我的", conversationType="1", conversationId="cid-p", without=("atUsers", "conversationTitle")))
    assert found.incoming.private
    assert found.conversation == (True, "user-王老师")


@pytest.mark.parametrize("at", [milliseconds(NOW) - 5000, str(milliseconds(NOW) - 5000)])
@pytest.mark.parametrize("kind", [2, "2"])
def test_numbers_come_as_numbers_and_as_strings(at, kind):
    found = heard(body(createAt=at, conversationType=kind, sessionWebhookExpiredTime=at, msgId=1234567890123456789))
    assert found.incoming.at == NOW - timedelta(seconds=5)
    assert found.session.expires == NOW - timedelta(seconds=5)
    assert found.incoming.msgid == "1234567890123456789"


def test_an_id_that_begins_with_zero_stays_whole():
    assert heard(body(senderStaffId="0123")).incoming.sender == "0123"


@pytest.mark.parametrize(
    "absent", [{"without": ("senderStaffId", "isAdmin")}, {"senderStaffId": ""}, {"senderStaffId": None}]
)
def test_people_outside_the_organisation_and_before_publishing(absent):
    without = absent.pop("without", ())
    assert heard(body(without=without, **absent)).incoming.sender == "$:LWCP_v1:$wang"


def test_mentioned_colleagues_without_the_robot_and_strangers():
    users = [
        {"dingtalkId": "$:LWCP_v1:$bot", "staffId": "bot"},
        {"dingtalkId": "x", "staffId": "t2"},
        {"dingtalkId": "y"},
    ]
    assert heard(body(atUsers=users)).mentioned == ("t2",)


@pytest.mark.parametrize(
    ("quoted", "words"),
    [
        ({"text": "今天的课"}, "今天的课"),
        ({"content": "今天的课"}, "今天的课"),
        ({"richText": [{"msgType": "text", "content": "今天"}, {"msgType": "picture"}, {"text": "的课"}]}, "今天的课"),
        ({"downloadCode": "x"}, ""),
        ("今天", ""),
        (None, ""),
    ],
)
def test_quotations_in_every_shape_seen(quoted, words):
    text = {"content": " /反思", "isReplyMsg": True, "repliedMsg": {"msgType": "text", "content": quoted}}
    found = heard(body(text=None) | {"text": text})
    assert (found.incoming.text, found.quote) == (" /反思", words)


@pytest.mark.parametrize(
    "replied", [None, 3, "x", [], {}, {"content": {"richText": "x"}}, {"content": {"richText": [3]}}]
)
def test_a_quotation_nobody_can_read_spoils_no_message(replied):
    assert heard(body() | {"text": {"content": "/反思", "repliedMsg": replied}}).quote == ""


def test_rich_text_with_a_picture():
    nodes = [
        {"text": " /反思 课堂"},
        {"text": "照片", "attrs": {"bold": True}},
        {"type": "picture", "downloadCode": "m"},
    ]
    found = heard(body(None, msgtype="richText", content={"richText": nodes}))
    assert (found.incoming.text, found.pictures) == (" /反思 课堂照片", 1)


def test_the_text_at_top_level():
    assert heard(body(None, content=" 你好")).incoming.text == " 你好"


def test_speech_comes_written_down():
    content = {"downloadCode": "x", "recognition": "本周备课", "duration": "4000"}
    assert heard(body(None, msgtype="audio", conversationType="1", content=content)).incoming.text == "本周备课"


@pytest.mark.parametrize(
    ("kind", "content", "named"),
    [
        ("picture", {"downloadCode": "x"}, "图片"),
        ("richText", {"richText": [{"type": "picture", "downloadCode": "x"}]}, "图片"),
        ("audio", {"downloadCode": "x", "recognition": "", "duration": 4000}, "语音"),
        ("video", {"duration": "12", "downloadCode": "x", "videoType": "mp4"}, "视频"),
        ("file", {"downloadCode": "x", "fileName": "计划.docx", "spaceId": "1"}, "《计划.docx》"),
        ("interactiveCard", {}, "这种消息"),
    ],
)
def test_what_has_no_words_is_answered_in_words(kind, content, named):
    found = decode(raw(body(None, msgtype=kind, content=content)), channel(), NOW)
    assert isinstance(found, Aside)
    assert named in found.say.lines[0]
    assert found.say.actions[0].send == "/帮助"


@pytest.mark.parametrize("code", [20001, "20001"])
@pytest.mark.parametrize("names", [("errorCode", "errorMessage"), ("errCode", "errMsg")])
def test_the_quota_is_used_up(code, names):
    found = decode(raw(body(None, **dict(zip(names, (code, "受调用量超量影响"), strict=True)))), channel(), NOW)
    assert found == QuotaUsedUp("受调用量超量影响")


def test_another_organisation_or_robot():
    assert refused(body(chatbotCorpId="other")).status == 403
    assert refused(body(robotCode="normal")).status == 403
    assert heard(body(chatbotCorpId="other", robotCode="other"), corp_id="", robot_code="").incoming.msgid == "msg-1"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/robot/sendBySession?session=1",
        "http://oapi.dingtalk.com/robot/sendBySession?session=1",
        "https://oapi.dingtalk.com.evil.example/robot/sendBySession",
        "https://oapi.dingtalk.com@evil.example/robot/sendBySession",
        "https://evil.example\\@oapi.dingtalk.com/robot/sendBySession",
        "https://oapi.dingtalk.com:444/robot/sendBySession",
        "https://oapi.dingtalk.com/robot/send?access_token=1",
        "https://oapi.dingtalk.com/robot/sendBySession/../send",
        "https://oapi.dingtalk.com/robot/sendBySession?a=\r\nHost: evil",
        "https://oapi.dingtalk.com:x/robot/sendBySession",
        "http://127.0.0.1:8000/robot/sendBySession",
        "file:///etc/passwd",
        "https://[::1",
    ],
)
def test_a_reply_address_that_leads_elsewhere(url):
    assert refused(body(sessionWebhook=url)).reason == "sessionWebhook leads elsewhere"


def test_a_loopback_reply_address_only_with_a_loopback_base():
    local = body(sessionWebhook="http://127.0.0.1:8000/robot/sendBySession?session=1")
    assert heard(local, oapi_base="http://127.0.0.1:9000").session is not None
    assert refused(body(sessionWebhook="http://10.0.0.1/robot/sendBySession"), oapi_base="http://127.0.0.1:9000")


@pytest.mark.parametrize("without", [("sessionWebhook",), ("sessionWebhookExpiredTime",)])
def test_no_reply_address_or_none_that_ends(without):
    assert heard(body(without=without)).session is None


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"3",
        b"{",
        b"\xff\xfe{}",
        b'{"msgId": "\\ud800"}',
        b"[" * 100_000,
        b'{"content":' * 100_000,
        b'{"content":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"{}" * 2,
        b'{"content":' + b"[" * 150 + b"null" + b"]" * 150 + b"}",
    ],
)
def test_bytes_that_are_no_message(broken):
    assert refused(broken).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"msgId": None},
        {"msgId": ""},
        {"msgId": "x" * 300},
        {"msgId": ["m"]},
        {"msgId": True},
        {"conversationId": {}},
        {"conversationType": "3"},
        {"createAt": -1},
        {"createAt": 10**30},
        {"createAt": "soon"},
        {"sessionWebhookExpiredTime": 1e300},
        {"text": "plain"},
        {"text": None},
        {"text": {"content": ["x"]}},
        {"atUsers": "all"},
        {"atUsers": [3]},
        {"senderId": None, "senderStaffId": None},
        {"senderStaffId": {"$gt": ""}},
        {"msgtype": "richText", "text": None, "content": {"richText": "x"}},
        {"msgtype": "richText", "text": None, "content": {"richText": ["x"]}},
        {"msgtype": "richText", "text": None, "content": []},
    ],
)
def test_fields_of_the_wrong_kind(change):
    refusal = refused(body() | change)
    assert refusal.status == 400
    assert "王老师" not in refusal.reason


def test_a_text_of_ten_thousand_characters_stays_whole():
    text = "/反思 " + "课😀" * 5000
    assert heard(body(text)).incoming.text == text


def test_every_reference_payload_is_understood():
    open_to_all = {"corp_id": "", "robot_code": ""}
    for vector in vectors("inbound_payloads"):
        found = decode(json.dumps(vector["body"]), channel(**open_to_all), NOW)
        expected = vector["expected"]
        if isinstance(found, Heard):
            assert (expected.get("command") or "") in found.incoming.text, vector["id"]
            assert found.incoming.private is not expected.get("group", not found.incoming.private), vector["id"]
            assert found.quote == expected.get("quote", ""), vector["id"]
            assert found.pictures == expected.get("pictures", 0), vector["id"]
            assert list(found.mentioned) == expected.get("mentions", []), vector["id"]
        elif isinstance(found, QuotaUsedUp):
            assert expected == {"error": "20001"}
        else:
            assert expected["kind"] == found.reason
            assert expected["name"] in found.say.lines[0]
