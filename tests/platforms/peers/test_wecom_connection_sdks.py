"""WeCom's own clients against the fake long connection: what they do works there, what they may not is refused."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import MovableClock
from tests.platforms.peers.process import Peer, wecom_connection_node, wecom_connection_python
from tests.platforms.wecom.connection_rules import BOT, SECRET
from tests.platforms.wecom.fake_connection import WANG, FakeConnection

GROUP = "wrkSFfCgAAbeikezuBeikezu01"
CARD: dict[str, Any] = {
    "card_type": "button_interaction",
    "main_title": {"title": "公开课报名"},
    "button_list": [{"text": "报名", "key": "signup:w08"}],
    "task_id": "open-w08@1",
}


@pytest.fixture(scope="module", params=[wecom_connection_node, wecom_connection_python], ids=["node", "python"])
def sdk(request: pytest.FixtureRequest) -> Iterator[Peer]:
    peer = request.param()
    yield peer
    peer.close()


@pytest.fixture
async def platform(clock: MovableClock, sdk: Peer) -> AsyncIterator[FakeConnection]:
    async with FakeConnection(clock) as made:
        assert await subscribe(sdk, made) == {"is": "authenticated"}
        yield made
        await sdk.ask("disconnect", name="a")


async def subscribe(sdk: Peer, platform: FakeConnection, name: str = "a", secret: str = SECRET) -> dict[str, str]:
    return await sdk.ask("connect", name=name, url=platform.url, bot=BOT, secret=secret)


async def test_a_message_is_answered_in_a_stream(platform: FakeConnection, sdk: Peer) -> None:
    await platform.say("@备课助手 /帮助", chat=GROUP)
    [event] = (await sdk.ask("events", name="a", number=1))["events"]
    assert event["what"]["body"]["text"]["content"] == "@备课助手 /帮助"
    for text, finish in (("⏳", False), ("⏳ 好了", True)):
        ack = await sdk.ask("stream", name="a", frame=event["what"], id="S1", text=text, finish=finish)
        assert ack["errcode"] == 0
    assert platform.in_chat(GROUP) == ["⏳ 好了"]


async def test_who_enters_is_welcomed_and_a_card_is_changed(platform: FakeConnection, sdk: Peer) -> None:
    await platform.enter()
    await platform.tap("signup:w08", CARD["task_id"])
    entered, tapped = (await sdk.ask("events", name="a", number=2))["events"]
    assert (await sdk.ask("welcome", name="a", frame=entered["what"], text="您好"))["errcode"] == 0
    assert (await sdk.ask("update", name="a", frame=tapped["what"], card=CARD))["errcode"] == 0
    assert [one.cmd for one in platform.shown] == ["aibot_respond_welcome_msg", "aibot_respond_update_msg"]


async def test_a_card_is_tapped_and_changed_once_for_who_tapped(platform: FakeConnection, sdk: Peer) -> None:
    await platform.say("@备课助手 /公开课", chat=GROUP)
    [asked] = (await sdk.ask("events", name="a", number=1))["events"]
    assert (await sdk.ask("card", name="a", frame=asked["what"], card=CARD))["errcode"] == 0
    await platform.tap_button("报名", chat=GROUP)
    _, tapped = (await sdk.ask("events", name="a", number=2))["events"]
    assert tapped["what"]["body"]["event"]["template_card_event"]["event_key"] == "signup:w08"
    done = {**CARD, "button_list": [{"text": "已报名", "key": "done"}]}
    assert (await sdk.ask("update", name="a", frame=tapped["what"], card=done, people=[WANG]))["errcode"] == 0
    seen = [platform.card_of(CARD["task_id"], who)["button_list"][0]["text"] for who in (WANG, "ZhangSan")]
    assert seen == ["已报名", "报名"]
    await sdk.ask("update", name="a", frame=tapped["what"], card=done)
    await sdk.ask("card", name="a", frame=asked["what"], card=CARD)
    refused = [("aibot_respond_update_msg", 846605), ("aibot_respond_msg", 40058)]
    assert platform.refusals == refused  # once for each tap, and an id is taken once


async def test_a_change_after_five_seconds_or_beyond_the_limits_is_refused(
    platform: FakeConnection, sdk: Peer, clock: MovableClock
) -> None:
    for number, (card, seconds, code) in enumerate(
        (
            ({**CARD, "main_title": {"title": "一" * 27}}, 0, 40058),
            ({**CARD, "button_list": CARD["button_list"] * 2}, 0, 40058),
            ({**CARD, "task_id": "another"}, 0, 40058),
            (CARD, 6, 846605),
        ),
        start=1,
    ):
        await platform.tap("signup:w08", CARD["task_id"])
        tapped = (await sdk.ask("events", name="a", number=number))["events"][-1]
        clock.set(clock.now() + timedelta(seconds=seconds))
        await sdk.ask("update", name="a", frame=tapped["what"], card=card)
        assert platform.refusals[-1] == ("aibot_respond_update_msg", code)


async def test_posts_go_where_somebody_has_spoken(platform: FakeConnection, sdk: Peer) -> None:
    await platform.say("/帮助")
    assert (await sdk.ask("send", name="a", chat=WANG, text="**提醒**"))["errcode"] == 0
    assert platform.in_chat(WANG) == ["**提醒**"]
    assert "error" in (refused := await sdk.ask("send", name="a", chat=WANG.lower(), text="x")) or "refused" in refused
    assert platform.refusals == [("aibot_send_msg", 93006)]


async def test_the_wrong_answer_to_an_event_is_refused(platform: FakeConnection, sdk: Peer) -> None:
    await platform.enter()
    [event] = (await sdk.ask("events", name="a", number=1))["events"]
    await sdk.ask("stream", name="a", frame=event["what"], id="S", text="x", finish=True)
    assert platform.refusals == [("aibot_respond_msg", 846605)]


async def test_pings_are_answered(platform: FakeConnection, sdk: Peer) -> None:
    assert await sdk.ask("disconnect", name="a") == {}
    await sdk.ask("connect", name="b", url=platform.url, bot=BOT, secret=SECRET, heartbeat=200)
    await platform.until(lambda: platform.pings >= 5)  # two without an answer would have been the end
    assert (await sdk.ask("events", name="b", number=0))["events"] == []
    await sdk.ask("disconnect", name="b")


async def test_the_last_to_subscribe_has_the_robot(platform: FakeConnection, sdk: Peer) -> None:
    assert await subscribe(sdk, platform, "b") == {"is": "authenticated"}
    [kick, *_] = (await sdk.ask("events", name="a", number=1))["events"]
    assert kick["what"]["body"]["event"]["eventtype"] == "disconnected_event"
    await platform.say("/帮助")
    [heard] = (await sdk.ask("events", name="b", number=1))["events"]
    assert heard["what"]["body"]["text"]["content"] == "/帮助"
    await sdk.ask("disconnect", name="b")


async def test_a_wrong_secret_is_refused(platform: FakeConnection, sdk: Peer) -> None:
    said = await subscribe(sdk, platform, "c", "wrong")
    assert said["is"] == "error"
    assert "853000" in said["error"]
    await sdk.ask("disconnect", name="c")


async def test_who_hammers_is_locked_out(platform: FakeConnection, sdk: Peer, clock: MovableClock) -> None:
    platform.lock()
    said = await subscribe(sdk, platform, "d")
    assert "45009" in said["error"]
    await sdk.ask("disconnect", name="d")


async def test_a_file_comes_in_three_steps(platform: FakeConnection, clock: MovableClock) -> None:
    """The package for Python has no uploads."""
    sdk = wecom_connection_node()
    try:
        await subscribe(sdk, platform, "up")
        await platform.say("/帮助")
        done = await sdk.ask("upload", name="up", chat=WANG, size=1_300_000, filename="汇总.docx")
        assert platform.media[done["media_id"]][:2] == ("file", "汇总.docx")
        assert len(platform.media[done["media_id"]][2]) == 1_300_000
        assert platform.shown[-1].msgtype == "file"
    finally:
        sdk.close()
