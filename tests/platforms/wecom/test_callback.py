"""A callback from bytes to bytes: verification, signature, window, answers."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.envelope import name_called
from bot.chat.transport import Incoming
from bot.clock import SCHOOL_ZONE, MovableClock
from bot.content import Action, Content
from bot.delivery.logbook import ChannelLog, logs
from bot.delivery.outcome import Outcome, Said
from bot.errors import ReadOnly
from bot.platforms.wecom.answers import stream_id
from bot.platforms.wecom.callback import WeComCallback
from bot.platforms.wecom.late import Late
from bot.platforms.wecom.refusals import Forbidden, Refusal, Unreadable
from bot.storage.tiny import TinyStore
from tests.platforms.wecom.desk import Desk, outcome
from tests.platforms.wecom.peer import KEY, NOW, TOKEN, Platform, settings, vectors


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("plain", ["1616140317555161061", "中文 \u2005", "{}", '"quoted"', "a\nb"])
async def test_verification_answers_the_bare_text(desk: Desk, plain: str) -> None:
    assert await desk.callback.verify(desk.platform.echo(plain)) == plain


async def test_a_plus_that_became_a_space_is_understood(desk: Desk) -> None:
    queries = [desk.platform.echo(f"echo {n}") for n in range(20)]
    assert any("+" in query["echostr"] for query in queries)
    for n, query in enumerate(queries):
        assert await desk.callback.verify({**query, "echostr": query["echostr"].replace("+", " ")}) == f"echo {n}"


async def test_an_answer_is_a_finished_stream_with_the_nonce_of_the_question(desk: Desk) -> None:
    query, body = desk.platform.signed(desk.platform.body("@备课助手 /帮助", chat="wrAbC"))
    answer = await desk.callback.receive(query, body)
    sealed = json.loads(answer)
    assert (sealed["nonce"], sealed["timestamp"]) == (query["nonce"], int(NOW.timestamp()))
    read = desk.platform.read(answer)
    assert read == {"msgtype": "stream", "stream": {"id": read["stream"]["id"], "finish": True, "content": "✅ 好的"}}
    assert desk.heard[0].chat == "wrAbC"


async def test_a_group_is_shown_the_mention_a_private_chat_not(desk: Desk) -> None:
    said = Content(lines=("好",), actions=(Action(label="看", send="/汇总"),))
    desk.reply = lambda _: Outcome(said=(Said(to="here", content=said),))
    assert "@备课助手 /汇总" in desk.platform.said(await desk.hear(desk.platform.body("x", chat="wr1")))
    assert "@" not in desk.platform.said(await desk.hear(desk.platform.body("x")))


@pytest.mark.parametrize("seconds", [-601, 601, -7200, 7200, 10**9])
async def test_outside_the_window_is_forbidden(desk: Desk, seconds: int) -> None:
    query, body = desk.platform.signed(desk.platform.body("/帮助"), at=int(NOW.timestamp()) + seconds)
    with pytest.raises(Forbidden, match="time window"):
        await desk.callback.receive(query, body)
    assert desk.heard == []


@pytest.mark.parametrize("seconds", [-600, 0, 600])
async def test_inside_the_window_is_served(desk: Desk, seconds: int) -> None:
    query, body = desk.platform.signed(desk.platform.body("/帮助"), at=int(NOW.timestamp()) + seconds)
    assert desk.platform.said(await desk.callback.receive(query, body)) == "✅ 好的"


async def test_an_old_verification_is_forbidden(desk: Desk) -> None:
    query = desk.platform.echo("1")
    desk.clock.set(NOW + timedelta(hours=2))
    with pytest.raises(Forbidden):
        await desk.callback.verify(query)


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
async def test_a_missing_or_changed_parameter_is_refused(desk: Desk, name: str) -> None:
    query, body = desk.platform.signed(desk.platform.body("/帮助"))
    for wrong in ({key: value for key, value in query.items() if key != name}, {**query, name: query[name] + "1"}):
        with pytest.raises(Refusal):
            await desk.callback.receive(wrong, body)
    assert desk.heard == []


@pytest.mark.parametrize("name", ["msgsignature", "signature"])
async def test_other_names_of_the_signature_are_accepted(desk: Desk, name: str) -> None:
    query, body = desk.platform.signed(desk.platform.body("/帮助"))
    query[name] = query.pop("msg_signature")
    assert desk.platform.said(await desk.callback.receive(query, body.replace(b"encrypt", b"Encrypt"))) == "✅ 好的"


@pytest.mark.parametrize("timestamp", ["", "abc", "-1", "1.5", "\u0661\u0662", "9" * 13, "1e3"])
async def test_a_signed_timestamp_that_is_no_number_is_refused(desk: Desk, timestamp: str) -> None:
    query, body = desk.platform.signed(desk.platform.body("/帮助"))
    encrypted = json.loads(body)["encrypt"]
    query |= {
        "timestamp": timestamp,
        "msg_signature": desk.platform.crypto.signature(timestamp, query["nonce"], encrypted),
    }
    with pytest.raises(Unreadable):
        await desk.callback.receive(query, body)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"encrypt": 5}', b'{"other": "x"}', b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_envelope_is_unreadable(desk: Desk, body: bytes) -> None:
    query, _ = desk.platform.signed({})
    with pytest.raises(Unreadable):
        await desk.callback.receive(query, body)


async def test_another_robot_is_forbidden_unless_none_is_configured(desk: Desk) -> None:
    body = desk.platform.body("/帮助", aibotid="aib-2")
    with pytest.raises(Forbidden, match="foreign robot"):
        await desk.hear(body)
    assert desk.heard == []
    open_desk = Desk(bot_id="")
    assert open_desk.platform.said(await open_desk.hear(body)) == "✅ 好的"


async def test_the_first_entry_is_greeted(desk: Desk) -> None:
    body = {"msgid": "E", "aibotid": "aib-1", "from": {"userid": "U"}, "msgtype": "event"}
    read = desk.platform.read(await desk.hear({**body, "event": {"eventtype": "enter_chat"}}))
    assert read["msgtype"] == "text"
    assert "/帮助" in read["text"]["content"]


async def test_a_file_is_answered_with_what_to_do(desk: Desk) -> None:
    said = desk.platform.said(await desk.hear(desk.platform.body(msgtype="video", video={"url": "u"})))
    assert "链接" in said
    assert desk.heard == []


async def test_an_event_without_consequence_gets_an_empty_answer(desk: Desk) -> None:
    event = {"eventtype": "feedback_event", "feedback_event": {"id": "1", "type": 1}}
    assert desk.platform.read(await desk.hear(desk.platform.body(msgtype="event", event=event))) == {}


@pytest.mark.parametrize("error", [ReadOnly("full"), ZeroDivisionError("secret")])
async def test_a_failure_is_said_and_the_stream_closed(desk: Desk, error: Exception) -> None:
    def fail(_: Incoming) -> Outcome:
        raise error

    desk.reply = fail
    said = desk.platform.said(await desk.hear(desk.platform.body("/帮助")))
    assert "没有处理" in said
    assert "secret" not in said


@pytest.mark.parametrize("line", ["长", "😀", "a*"])
async def test_an_answer_stays_below_the_limit_and_no_character_is_cut(desk: Desk, line: str) -> None:
    desk.reply = lambda _: outcome(*[line * 700] * 30)
    said = desk.platform.said(await desk.hear(desk.platform.body("/汇总")))
    assert 15_000 < len(said.encode()) <= 20_480
    assert said.endswith("后面的没有显示。\uff09")
    assert "\ufffd" not in said


async def test_an_answer_of_blanks_still_shows_something(desk: Desk) -> None:
    desk.reply = lambda _: outcome("", " ")
    assert desk.platform.said(await desk.hear(desk.platform.body("/帮助"))).strip()


async def test_a_late_answer_is_fetched_by_its_stream(desk: Desk) -> None:
    desk.reply = lambda _: None
    body = desk.platform.body("/慢", chat="wr1")
    read = desk.platform.read(await desk.hear(body))
    stream = read["stream"]["id"]
    assert read["stream"]["finish"] is False
    assert read["stream"]["content"].strip()
    assert desk.late.expected == [body["msgid"]]
    refresh = desk.platform.body(chat="wr1", msgtype="stream", stream={"id": stream})
    desk.late.known[stream] = Late(None, NOW)
    assert desk.platform.read(await desk.hear(refresh))["stream"]["finish"] is False
    desk.late.known[stream] = Late(outcome("终于好了"), NOW)
    assert desk.platform.said(await desk.hear(refresh)) == "终于好了"


async def test_a_stream_is_closed_before_the_platform_gives_up(desk: Desk) -> None:
    refresh = desk.platform.body(msgtype="stream", stream={"id": "S"})
    desk.late.known["S"] = Late(None, NOW - timedelta(minutes=5, seconds=40))
    assert "还没有做完" in desk.platform.said(await desk.hear(refresh))


async def test_an_unknown_stream_is_closed(desk: Desk) -> None:
    refresh = desk.platform.body(msgtype="stream", stream={"id": "unknown"})
    assert "再发一次" in desk.platform.said(await desk.hear(refresh))


def test_a_stream_has_one_id_for_ever() -> None:
    assert stream_id("CAIQ/1=") == stream_id("CAIQ/1=") != stream_id("CAIQ/2=")


def at_time_of(vector: dict[str, Any]) -> tuple[WeComCallback, Platform]:
    clock = MovableClock(datetime.fromtimestamp(int(vector["timestamp"]), SCHOOL_ZONE))
    desk = Desk()
    own = settings(
        token=vector["token"],
        encoding_aes_key=vector["encoding_aes_key"],
        receive_id=vector["receiveid"],
        bot_id="",
    )
    platform = Platform(clock, vector["token"], vector["encoding_aes_key"], vector["receiveid"])
    return WeComCallback(own, desk.handle, desk.late, clock), platform


def query_of(vector: dict[str, Any], **more: str) -> dict[str, str]:
    return {**{key: vector[key] for key in ("msg_signature", "timestamp", "nonce")}, **more}


@pytest.mark.parametrize("vector", vectors("crypto_vectors"))
async def test_the_reference_vectors_are_served(vector: dict[str, Any]) -> None:
    callback, platform = at_time_of(vector)
    assert await callback.verify(query_of(vector, echostr=vector["encrypt"])) == vector["plain"]
    if vector["kind"] == "aibot_callback":
        answer = await callback.receive(query_of(vector), json.dumps({"encrypt": vector["encrypt"]}).encode())
        assert isinstance(platform.read(answer), dict)


@pytest.mark.parametrize("vector", vectors("negative_vectors"))
async def test_the_negative_vectors_are_refused(vector: dict[str, Any]) -> None:
    callback, _ = at_time_of(vector)
    with pytest.raises(Refusal):
        await callback.receive(query_of(vector), json.dumps({"encrypt": vector["encrypt"]}).encode())


def test_nothing_shows_the_secrets(desk: Desk) -> None:
    assert TOKEN not in repr(desk.callback)
    assert KEY not in repr(vars(desk.callback))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@备课助手 /帮助", "备课助手"),
        ("@王老师 @备课助手\u2005/报名 1", "备课助手"),
        ("/报名 1 @备课助手", "备课助手"),
        ("请问@小助手 明天有课吗", None),
        ("/帮助", None),
        ("写信到 a@b.cn", None),
        ("@RobotA hello robot", "RobotA"),
        ("\uff20小助手 /帮助", "小助手"),
    ],
)
def test_the_name_a_group_calls(text: str, name: str | None) -> None:
    assert name_called(text, "备课助手") == name


async def test_the_logbook_hears_of_a_name_that_is_not_the_configured_one(desk: Desk, tmp_path: Path) -> None:
    store = await TinyStore(tmp_path, kinds=[ChannelLog]).open()
    for text, chat in (("@小助手 /帮助", "wr1"), ("@别人 /帮助", ""), ("请问@小助手 明天有课吗", "wr1")):
        await desk.hear(desk.platform.body(text, chat=chat))
    await desk.logbook.write(store)
    log = (await logs(store))["wecom"]
    await store.close()
    assert (log.called, log.called_right_at, log.right_name, log.senders) == ("小助手", None, "", ("WangLi",))
