"""What holds for every command and action, whatever it is about."""

import re

import pytest

from bot.app import registry

PUBLIC = registry().public()
ACTIONS = [(row["name"], row["example"], row["needs"]) for row in PUBLIC] + [
    (f"{row['name']} {action['action']}", action["example"], action["needs"])
    for row in PUBLIC
    for action in row["actions"]
]
NAMES = [name for name, _, _ in ACTIONS]
BARE = [row["name"] for row in PUBLIC]
HAN_BESIDE_ASCII = re.compile(r"[\u4e00-\u9fff][,:?!;()]|[,?!;()][\u4e00-\u9fff]")
WORLD = ("/报名 3", "/反思 导入太长\uff0c进入文本太慢", "/听课 张老师 今天第1节")


def speaks_well(text: str) -> None:
    """No trace, no ASCII punctuation in Chinese, no machine words."""
    assert not re.search(r"Traceback|Error|None|\bat 0x|<class", text), text
    assert not HAN_BESIDE_ASCII.search(text), text
    assert "您您" not in text
    assert "。。" not in text


@pytest.mark.parametrize(("name", "example", "needs"), ACTIONS, ids=NAMES)
@pytest.mark.parametrize("private", [False, True], ids=["group", "private"])
async def test_every_example_runs_as_it_stands(chat, name, example, needs, private):
    reply = await chat.say("李老师", example, private=private)
    assert reply.status in {"ok", "question", "refused"}
    for text in (reply, *reply.notes.values()):
        speaks_well(text)
        assert len(text.splitlines()) <= 12


@pytest.mark.parametrize("speaker", ["李老师", "王老师", "访客"])
@pytest.mark.parametrize("name", BARE)
async def test_a_bare_command_is_short_with_records_too(chat, name, speaker):
    for text in WORLD:
        await chat.王老师(text)
    reply = await chat.say(speaker, f"/{name}")
    speaks_well(reply)
    assert len(reply.splitlines()) <= 12
    assert len(reply.replace("@备课助手 ", "")) <= 300
    assert reply.status != "error"


@pytest.mark.parametrize(("name", "example", "needs"), ACTIONS, ids=NAMES)
async def test_permission_comes_before_arguments(chat, name, example, needs):
    for speaker, role in (("访客", 0), ("王老师", 1)):
        if role >= ("visitor", "member", "leader").index(needs):
            continue
        for text in (f"/{name}", f"/{name} \u4e71\u4e03\u516b\u7cdf 99", example):
            reply = await chat.say(speaker, text)
            assert reply.startswith("🔒"), text
            assert reply.status == "refused"
            assert "/" in reply.splitlines()[1], "no way out"
            speaks_well(reply)


ODD = [
    "乱七八糟",
    "0",
    "-1",
    "99999",
    "\U0001f600",
    "<script>",
    "' OR 1=1",
    "{}",
    "%s",
    "\u3000",
    "第99节",
    "明天",
    "x" * 300,
]


@pytest.mark.parametrize("name", NAMES)
async def test_nonsense_is_answered_with_a_sentence(chat, name):
    for words in ODD:
        reply = await chat.李老师(f"/{name} {words}")
        assert reply.status != "error", words
        assert reply.status != "menu", words
        assert len(reply.splitlines()) <= 12
        if reply.status == "refused":
            assert len(reply.splitlines()) >= 2, f"no way out: {reply}"
        speaks_well(reply.replace("<script>", "").replace("' OR 1=1", ""))
