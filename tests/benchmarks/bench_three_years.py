"""How a group answers after three years: ``python tests/benchmarks/bench_three_years.py``.

Not collected by pytest. 50,000 records of six terms in one group; then every bare command is asked by a teacher and by
the leader, privately, and the month is summed up. Prints the slowest and exits 1 when a limit is missed.
"""

import asyncio
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import Playhouse, registry  # noqa: E402 - runs without being installed
from bot.domain.drafts import Draft  # noqa: E402
from bot.domain.groups import space_of  # noqa: E402
from bot.domain.observations import Observation  # noqa: E402
from bot.domain.reflections import Reflection  # noqa: E402
from bot.domain.tasks import Task  # noqa: E402
from bot.scheduling.ledger import LedgerRow  # noqa: E402
from bot.simulator import sample  # noqa: E402
from bot.simulator.api_models import MessageRequest  # noqa: E402
from bot.simulator.simulation import Playground  # noqa: E402
from bot.storage import Record  # noqa: E402

RECORDS = 50_000
BARE_LIMIT = 0.050
"""Seconds, 99 of 100 answers to each bare command."""
MONTH_LIMIT = 1.0
"""Seconds for /汇总."""
ROUNDS = 40
PEOPLE = ("李老师", "王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师")
TERMS = (
    "2024学年第一学期",
    "2024学年第二学期",
    "2025学年第一学期",
    "2025学年第二学期",
    "2026学年第二学期",
    sample.TERM.name,
)
TEXT = "导入太长\uff0c后半段学生讨论不够充分\uff0c下次把导入压到三分钟。"


def record(number: int) -> Record:
    """One of the kinds a group writes most, spread over terms, weeks and people."""
    name, term, week = PEOPLE[number // 6 % 8], TERMS[number % 6], 1 + number // 240 % 20
    made = sample.START - timedelta(days=number % 6)
    own = {"term": term, "number": 100_000 + number, "created": made, "author": name}
    match number // 48 % 5:
        case 0 | 1:
            return Reflection(member=name, week=week, text=TEXT, shared=number % 3 == 0, **own)
        case 2:
            return Observation(member=name, teacher=PEOPLE[(number // 6 + 1) % 8], day=made.date(), text=TEXT, **own)
        case 3:
            return Task(text="交单元卷", owners=(name,), done={name: made}, giver="李老师", **own)
        case _:
            key = f"{term}/{number}"
            return LedgerRow(key=key, day=made.date(), decision="posted", title="集体备课", person=name, created=made)


async def fill(playground: Playground) -> None:
    """``RECORDS`` records in the sample group, and each draft of every week."""
    for start in range(0, RECORDS, 5_000):
        async with playground.store.transaction(space_of("chinese")) as tx:
            for number in range(start, start + 5_000):
                await tx.add(record(number))
    async with playground.store.transaction(space_of("chinese")) as tx:
        for term in TERMS:
            for week in range(1, 21):
                for name in PEOPLE:
                    link = f"https://docs.example.com/{week}"
                    await tx.add(
                        Draft(term=term, week=week, sort="初案", member=name, place=link, created=sample.START)
                    )


def bare() -> list[str]:
    """Every command without anything after it, and every action that only shows and needs nothing more."""
    found = []
    for name, command in registry().commands.items():
        found.append(name)
        for words, action in command.actions.items():
            shows = not action.mark.writes and action.mark.example == f"/{name} {words}"
            found += [f"{name} {words}"] if words and shows else []
    return found


async def asked(playground: Playground, speaker: str, text: str, rounds: int) -> list[float]:
    """Seconds of each answer."""
    seconds = []
    for _ in range(rounds):
        began = perf_counter()
        result = await playground.say(MessageRequest(speaker=speaker, text=text, private=True))
        seconds.append(perf_counter() - began)
        assert result.replies[0].status != "error", result.replies[0].text
    return seconds


async def measured(folder: Path) -> bool:
    """Print a line for each command; whether all limits were kept."""
    good = True
    async with Playhouse(folder, None) as playground:
        await fill(playground)
        for name in bare():
            for speaker in ("王老师", "李老师"):
                month = name == "汇总"
                found = await asked(playground, speaker, f"/{name}{' 9月' if month else ''}", 8 if month else ROUNDS)
                slow, limit = max(quantiles(found, n=100)[98], 0), MONTH_LIMIT if month else BARE_LIMIT
                good &= slow <= limit
                print(f"/{name:8} {speaker} p50 {median(found) * 1e3:7.1f} ms  p99 {slow * 1e3:7.1f} ms", end="")
                print("" if slow <= limit else "   TOO SLOW")
    return good


def main() -> int:
    """0 when the limits are kept."""
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measured(Path(folder) / "data")) else 1


if __name__ == "__main__":
    sys.exit(main())
