"""Every command and action with what nobody should send, on days on which things go wrong."""

import asyncio

import pytest

from bot.app import registry

WORDS = [
    f"/{row['name']}{f' {action}' if action else ''}"
    for row in registry().public()
    for action in ("", *(one["action"] for one in row["actions"]))
]
ARGUMENTS = {
    "nothing": "",
    "a long number": "9" * 5_000,
    "10,000 characters": "长" * 10_000,
    "emoji": "😀👨\u200d👩\u200d👧",
    "a name and nothing": "王老师",
    "a day that is none": "2月31日 周八 第99节",
    "signs": "《》（）？！：=\uff1d<@all>|{}%s\\",
    "a number and more": "3 0 -1 第0周",
}
DAYS = ("2026-09-07T23:59", "2026-09-20T10:00", "2027-01-24T23:00", "2027-02-20T10:00")


PAIRS = [(words, argument) for words in WORDS for argument in ARGUMENTS.values()]


@pytest.mark.parametrize("day", range(len(DAYS)))
async def test_no_command_ends_in_an_incident(chat, day):
    """Each command with each argument on one of the days, and on each day with every kind of them."""
    if day:
        await chat.until(DAYS[day])
    for words, argument in (pair for n, pair in enumerate(PAIRS) if (n + n // len(ARGUMENTS)) % len(DAYS) == day):
        reply = await chat.say("李老师", f"{words} {argument}", private=len(argument) % 2 == 0)
        assert reply.status != "error", (words, argument[:20], reply)


async def test_every_example_twice_at_once_is_done_once(chat):
    for number, row in enumerate(registry().public()):
        said = [chat.王老师(row["example"], msgid=f"twin-{number}") for _ in range(3)]
        answers = await asyncio.gather(*said)
        assert len(set(answers)) == 1, row["name"]
