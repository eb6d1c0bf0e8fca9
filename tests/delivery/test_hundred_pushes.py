"""A hundred pushes through the real robots' transports, to platforms that enforce their limits and break.

The figures are printed with ``-s``; ``PUSH_ROUNDS=50`` draws more mixtures of faults.
"""

import asyncio
import os
import random
from collections import Counter
from datetime import timedelta
from typing import get_args

import pytest

from bot.delivery.outbox import SYSTEM, OutboxItem, failed
from tests.delivery.desk import START
from tests.delivery.house import GROUPS, House, MakeHouse
from tests.delivery.robots import TAKES, Mood, Plan
from tests.delivery.test_limits import most_in_a_minute

PUSHES = 100
ROUNDS = int(os.environ.get("PUSH_ROUNDS", "1"))


def mixture(seed: int) -> list[Plan | None]:
    """Three requests in ten meet one of the faults, each as likely as any other."""
    moods = [mood for mood in get_args(Mood) if mood != "final"]
    draw = random.Random(seed)  # noqa: S311 - a seed that can be repeated is wanted

    def one() -> Plan:
        mood: Mood = draw.choice(moods)
        return Plan(mood, takes=mood in TAKES and draw.random() < 0.5)

    return [one() if draw.random() < 0.3 else None for _ in range(10 * PUSHES)]


@pytest.mark.parametrize(("kind", "senders"), [("wecom", 1), ("dingtalk", 1), ("wecom", 2)])
async def test_a_hundred_pushes_take_four_minutes_and_none_is_lost(
    make_house: MakeHouse, kind: str, senders: int
) -> None:
    here = await make_house(kind, senders=senders, patient=True)
    await here.push(PUSHES)
    await here.work()
    took = here.robot.arrivals[-1] - here.robot.arrivals[0]
    states = Counter(item.state for item in await here.items())
    lost = {f"第{n}条" for n in range(PUSHES)} - set(here.robot.texts)
    print(f"{kind}, {senders} sender(s): {dict(states)}, lost {len(lost)}, too fast {here.robot.too_fast}, took {took}")
    assert (states, lost, here.robot.too_fast) == (Counter(sent=PUSHES), set(), 0)
    assert len(here.robot.texts) == PUSHES
    assert most_in_a_minute(here.robot.arrivals) <= 20
    assert timedelta(minutes=4) < took <= timedelta(minutes=4.2)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_two_senders_three_kills_and_three_faults_in_ten(make_house: MakeHouse, kind: str, seed: int) -> None:
    here = await make_house(kind, senders=2, patient=False)
    here.robot.plans.extend(mixture(seed))
    here.robot.holds = {25: False, 40: False, 70: True}
    await here.push(PUSHES)
    await here.work()
    items = await here.items()
    held = {item.id for item in items if item.state == "held"}
    report(here, kind, seed, items)

    assert {item.state for item in items} <= {"sent", "held"}, "none is forgotten, none failed"
    sent = [item.content.plain() for item in items if item.state == "sent"]
    texts = Counter(here.robot.texts)
    assert [text for text in sent if not texts[text]] == [], "what is reported sent has arrived"
    assert [text for text, times in texts.items() if times > 1] == [], "nothing arrived twice"
    assert sorted(await here.shown()) == sorted(held), "what nobody can tell is shown to the leaders"
    assert sorted(item.id for item in here.told) == sorted(held), "and told once"
    assert most_in_a_minute(here.robot.arrivals) <= 20
    assert here.robot.too_fast == 0
    if kind == "dingtalk":
        assert held == set(), "DingTalk knows a repeated msgUuid: nobody has to decide"
    else:
        assert held

    here.robot.plans.clear()
    await here.decide()
    await here.work()
    texts = Counter(here.robot.texts)
    assert texts == Counter(f"第{n}条" for n in range(PUSHES)), "once the leaders have looked, all are there, once"
    assert await here.shown() == []


def report(here: House, kind: str, seed: int, items: list[OutboxItem]) -> None:
    states, texts = Counter(item.state for item in items), Counter(here.robot.texts)
    false = sum(item.state == "sent" and not texts[item.content.plain()] for item in items)
    gone = sum(not texts[item.content.plain()] for item in items if item.state != "held")
    twice = sum(times > 1 for times in texts.values())
    print(
        f"{kind}, 2 senders, 3 kills, 30 % faults (seed {seed}): {dict(states)}, {len(here.robot.arrivals)} requests, "
        f"lost {gone}, sent falsely {false}, twice {twice}, took {here.clock.now() - START}"
    )


async def test_a_final_refusal_ends_one_push_and_is_told_once(make_house: MakeHouse) -> None:
    for kind in ("wecom", "dingtalk"):
        here = await make_house(kind, senders=2, patient=True)
        here.robot.plans.extend([None, Plan("final"), None])
        await here.push(3)
        await here.work()
        here.clock.set(here.clock.now() + timedelta(days=1))
        await here.die(asyncio.gather())
        await here.work()
        async with here.store.transaction(SYSTEM) as tx:
            ended = [item for group in GROUPS for item in await failed(tx, group)]
        assert [item.id for item in ended] == [item.id for item in here.told]
        assert len(ended) == 1
        assert len(here.robot.arrivals) == 3
        assert Counter(item.state for item in await here.items()) == Counter(sent=2, failed=1)
