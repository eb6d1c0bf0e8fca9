"""A school year lived through with accidents says what the rehearsal of the same facts showed.

The default suite lives through five weeks; ``make year`` through the whole year, ``YEAR_ROUNDS`` times with accidents
drawn anew (``YEAR_SEED`` names the first). The figures are printed with ``-s``.
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SCHOOL_ZONE
from tests.scheduling import hard_year, school_year
from tests.scheduling.hard_year import Fact, Live, Said, Told, copied, draw, exam, lived, swap

ROUNDS = int(os.environ.get("YEAR_ROUNDS", "0"))
SEED = int(os.environ.get("YEAR_SEED", "2026"))
SECONDS = 5
CAPS_NEWS = "ℹ️ 本周提醒已到上限"

# Told far enough ahead that nothing of those days has been said yet.
AUTUMN_FACTS = (
    swap("2026-09-22T12:00", "2026-10-17", "周三"),
    exam("2026-10-08T12:00", school_year.AUTUMN, 11),
    swap("2026-10-07T09:00", "2026-10-23", "off"),
)
YEAR_FACTS = (*AUTUMN_FACTS, swap("2027-04-20T12:00", "2027-05-15", "周三"))


def when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SCHOOL_ZONE)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the school on the morning before the year."""
    return asyncio.run(school_year.furnish(tmp_path_factory.mktemp("school")))


class Story:
    """The same weeks three times: rehearsed, lived through in peace, lived through with accidents."""

    def __init__(self, school: Path, work: Path, first: datetime, last: datetime, facts: Sequence[Fact]) -> None:
        self.school, self.work = school, work
        self.first, self.last, self.facts = first, last, facts

    async def rehearsed(self) -> tuple[list[tuple[object, ...]], Told, float]:
        """What the rehearsal shows, what peace says, and the CPU seconds of the rehearsal; all facts known before."""
        folder = copied(self.school, self.work / "calm")
        live = Live(folder, self.first)
        await live.open()
        for fact in self.facts:
            await live.tell(fact)
        began = time.process_time()
        shown = await live.engine.rehearse(self.first, self.last, "chinese")
        took = time.process_time() - began
        await live.close()
        rows = [(one.at, one.to, one.kind, one.content.plain(), one.why) for one in shown]
        return sorted(rows, key=str), await lived(folder, self.first, self.last), took

    async def hard(self, seed: int, restarts: int, jumps: int) -> Told:
        rng = random.Random(seed)  # noqa: S311 - a seed that can be repeated is wanted
        folder = copied(self.school, self.work / f"hard{seed}")
        # The last days are in peace again, so that what is late is said or given up within the span.
        accidents = draw(rng, self.first, self.last - timedelta(days=8), restarts, jumps)
        return await lived(folder, self.first, self.last, self.facts, accidents, rng)


def as_rows(told: Told) -> list[tuple[object, ...]]:
    return sorted([(one.at, one.to, one.kind, one.text, one.why) for one in told.posts], key=str)


def check_peace(story: Story) -> Told:
    shown, calm, took = asyncio.run(story.rehearsed())
    print(f"rehearsed {len(shown)} posts in {took:.1f} s")
    assert shown
    assert as_rows(calm) == shown
    assert took <= SECONDS
    check_rhythm(calm)
    check_arrivals(calm)
    return calm


def check_accidents(calm: Told, hard: Told) -> None:
    print({name: dict(Counter(told.decisions.values())) for name, told in (("calm", calm), ("hard", hard))})
    assert fates(calm, hard) == []
    strangers = [key for key, decision in hard.decisions.items() if decision == "posted" and not known(calm, key)]
    assert strangers == []
    check_texts(calm, hard)
    check_rhythm(hard)
    check_arrivals(hard)


def known(calm: Told, key: str) -> bool:
    """Whether peace said it too, or left it out for the caps alone."""
    return calm.decisions.get(key) in ("posted", "capped")


def fates(calm: Told, hard: Told) -> list[tuple[str, str | None]]:
    """What peace said and the accidents lost: neither said, nor too late, nor left out for the caps."""
    found = []
    for key in sorted(key for key, decision in calm.decisions.items() if decision == "posted"):
        fate = hard.decisions.get(key) or hard.decisions.get(key.rpartition(":")[0])
        if fate not in ("posted", "missed", "capped") and not said_by_the_week_card(hard, key):
            found.append((key, fate))
    return found


def said_by_the_week_card(hard: Told, key: str) -> bool:
    """The eve of a preparation, told late, is silent where the week's card of the same day says it."""
    rows = {row.key: row for row in hard.ledger}
    days = {row.day for row in hard.ledger if "/prep.week_card:" in row.key and row.decision == "posted"}
    return "/prep.tomorrow:" in key and key in rows and rows[key].decision == "silent" and rows[key].day in days


def check_texts(calm: Told, hard: Told) -> None:
    """A post of the same occurrences has the same words; most posts are."""
    before = {one.keys: one for one in calm.posts if one.keys}
    after = [one for one in hard.posts if one.keys]
    pairs = [(before[one.keys], one) for one in after if one.keys in before]
    for one, other in pairs:
        title = int(one.kind == "card" and one.at.date() != other.at.date())  # it names the day on which it comes
        assert (one.to, words(one)[title:]) == (other.to, words(other)[title:])
    assert len(pairs) >= 0.8 * len(after)


def words(post: Said) -> list[str]:
    """What it says, without the remark that it is late and what the leader hears of other people's caps."""
    lines = post.bare.splitlines()
    news = next((number for number, line in enumerate(lines) if line.startswith(CAPS_NEWS)), None)
    if news is None:
        return lines
    return lines[: max(news - 1, 0)] + [line for line in lines[news + 1 :] if line and not line.startswith("•")]


def check_arrivals(told: Told) -> None:
    """Everything the engine wrote down stands in its chat once, though the bot was ended while sending."""
    assert set(told.states.values()) == {"sent"}
    assert told.arrived.keys() >= told.states.keys()
    assert set(told.arrived.values()) == {1}


def check_rhythm(told: Told) -> None:
    """Five cards a week, three asks a person and week; one card a day, one note a person and day; never at night."""
    cards = [one for one in told.posts if one.kind == "card"]
    notes = [one for one in told.posts if one.kind == "note"]
    asks = Counter((row.person, monday(row.day)) for row in told.ledger if row.person and row.decision == "posted")
    assert max(Counter(monday(one.at.date()) for one in cards).values()) <= 5
    assert max(asks.values()) <= 3
    assert max(Counter(one.at.date() for one in cards).values()) == 1
    assert max(Counter((one.to, one.at.date()) for one in notes).values()) == 1
    assert all("07:10" <= f"{one.at:%H:%M}" < "21:30" for one in told.posts)
    assert all(f"{one.at:%H:%M}" >= "16:40" for one in notes)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def test_five_weeks(school: Path, tmp_path: Path) -> None:
    """National Day with its make-up days, a Saturday that runs Wednesday, a day off, and an accident a day."""
    story = Story(school, tmp_path, when("2026-09-21T06:00"), when("2026-10-31T23:00"), AUTUMN_FACTS)
    calm = check_peace(story)
    for seed in range(SEED, SEED + 2):
        check_accidents(calm, asyncio.run(story.hard(seed, restarts=12, jumps=6)))


@pytest.mark.skipif(not ROUNDS, reason="two minutes: make year")
def test_the_whole_year(school: Path, tmp_path: Path) -> None:
    story = Story(school, tmp_path, school_year.FIRST, school_year.LAST, YEAR_FACTS)
    calm = check_peace(story)
    for seed in range(SEED, SEED + ROUNDS):
        print(f"YEAR_SEED={seed}")
        check_accidents(calm, asyncio.run(story.hard(seed, restarts=50, jumps=20)))


def test_the_accidents_are_hard_enough() -> None:
    accidents = draw(random.Random(SEED), school_year.FIRST, school_year.LAST, 50, 20)  # noqa: S311
    due = [m for d in range(320) for m in (school_year.FIRST + timedelta(days=d, minutes=70),)]
    assert sum(map(accidents.is_down, due)) >= len(due) / 5
    assert len(accidents.restarts) == 50
    assert {by for _, _, by in accidents.jumps} == {hard_year.HOUR, -hard_year.HOUR}
