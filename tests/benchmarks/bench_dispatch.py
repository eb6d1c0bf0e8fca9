"""How fast the whole bot answers as it grows: ``python tests/benchmarks/bench_dispatch.py [--small]``.

Not collected by pytest. Prints tables and exits 1 when a limit is missed. A group is filled with reflections and the
bot with marks of messages seen; then teachers write (/反思) and ask (/本周备课) one after the other, the two sizes
taking turns, so that a machine that gets slower in between does not show as growth. Start-up and idle memory are those
of a fresh process with the whole bot in it.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import Playhouse  # noqa: E402 - runs without being installed
from bot.chat.transport import Incoming  # noqa: E402
from bot.content import content  # noqa: E402
from bot.delivery.outcome import Outcome, Said  # noqa: E402
from bot.delivery.seen import Seen  # noqa: E402
from bot.domain.groups import space_of  # noqa: E402
from bot.domain.people import SYSTEM  # noqa: E402
from bot.domain.reflections import Reflection  # noqa: E402
from bot.simulator import sample  # noqa: E402
from bot.simulator.simulation import Playground  # noqa: E402

GROWTH_LIMIT = 1.5
"""Median of the large bot ÷ that of the small one, for writing and for asking."""
START_LIMIT = 5.0
"""Seconds to the first answer at 100,000 records, imports included."""
TEXT = "今天的课导入太长\uff0c后半段学生讨论不够充分\uff0c下次把导入压到三分钟。" * 2
PEOPLE = ("王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师")
ROUNDS = 30
AT_ONCE = 20
PAST_TERM = "2025学年第二学期"
"""Most records of an old bot are of terms gone by; a term itself holds some hundreds of reflections."""
THIS_TERM = 300


async def fill(playground: Playground, size: int) -> None:
    """``size`` records: half reflections of the group, half marks of messages."""
    for start in range(0, size // 2, 5_000):
        async with playground.store.transaction(space_of("chinese")) as tx:
            system = tx.within(SYSTEM)
            for number in range(start, min(start + 5_000, size // 2)):
                await tx.add(reflection(number))
                outcome = Outcome(said=(Said(to="here", content=content(TEXT)),), command="反思")
                await system.add(Seen(key=f"try/old-{number}", outcome=outcome, created=playground.clock.now()))


def reflection(number: int) -> Reflection:
    """Numbers beyond those the term will give out."""
    term = sample.TERM.name if number < THIS_TERM else PAST_TERM
    name = PEOPLE[number % len(PEOPLE)]
    return Reflection(term=term, number=10_000 + number, member=name, week=1 + number % 20, text=TEXT)


def message(text: str, msgid: str, number: int) -> Incoming:
    """What one of the teachers says in the group."""
    name = PEOPLE[number % len(PEOPLE)]
    return Incoming(
        channel=sample.CHANNEL,
        msgid=msgid,
        chat=sample.chat_of("chinese"),
        private=False,
        sender=sample.user_of(name),
        sender_name=name,
        text=f" {text}",
        bot_name="备课助手",
        at=sample.START,
    )


async def talk(playground: Playground, text: str, mark: str) -> list[float]:
    """Seconds of each of ``AT_ONCE`` messages, one after the other."""
    seconds = []
    for number in range(AT_ONCE):
        began = perf_counter()
        outcome = await playground.dispatcher.receive(message(text, f"{mark}-{number}", number))
        seconds.append(perf_counter() - began)
        assert outcome is not None
        assert outcome.said[0].status == "ok", outcome.answer.plain()
    return seconds


async def together(playground: Playground, mark: str) -> float:
    """Seconds a message when 200 come at once."""
    began = perf_counter()
    sent = [message(f"/反思 {TEXT}", f"{mark}-{number}", number) for number in range(200)]
    await asyncio.gather(*(playground.dispatcher.receive(one) for one in sent))
    return (perf_counter() - began) / 200


async def growth(folder: Path, sizes: tuple[int, int]) -> list[dict[str, list[float]]]:
    """Seconds of all messages by kind, for each size."""
    houses = [Playhouse(folder / str(size), None) for size in sizes]
    playgrounds = [await house.__aenter__() for house in houses]
    samples: list[dict[str, list[float]]] = [{"/反思": [], "/本周备课": [], "200 at once": []} for _ in sizes]
    for playground, size in zip(playgrounds, sizes, strict=True):
        await fill(playground, size)
    for round_ in range(ROUNDS):
        for playground, found in zip(playgrounds, samples, strict=True):
            found["/反思"] += await talk(playground, f"/反思 {TEXT}", f"write-{round_}")
            found["/本周备课"] += await talk(playground, "/本周备课", f"ask-{round_}")
    for playground, found in zip(playgrounds, samples, strict=True):
        found["200 at once"].append(await together(playground, "burst"))
    for house in houses:
        await house.__aexit__()
    return samples


def start_up(folder: Path) -> tuple[float, float]:
    """(seconds to the first answer, MiB of memory then) of a fresh process."""
    began = perf_counter()
    command = [sys.executable, __file__, "--open", str(folder)]
    mebibytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return perf_counter() - began, float(mebibytes)


async def open_only(folder: Path) -> None:
    """What the fresh process does."""
    async with Playhouse(folder, None) as playground:
        await talk(playground, "/本周备课", f"open-{perf_counter()}")
        print(resident())


def resident() -> float:
    """MiB of memory this process holds (Linux; 0 elsewhere)."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 2**20 if status.exists() else 0.0


async def fill_one(folder: Path, size: int) -> None:
    """A bot of its own for the start-up."""
    async with Playhouse(folder, None) as playground:
        await fill(playground, size)


def report(sizes: tuple[int, int], folder: Path) -> bool:
    """Measure and print; whether all limits were kept."""
    small, large = asyncio.run(growth(folder, sizes))
    ratios = {}
    for name in small:
        ratios[name] = median(large[name]) / median(small[name])
        for size, found in zip(sizes, (small[name], large[name]), strict=True):
            p99 = quantiles(found, n=100)[98] if len(found) > 1 else found[0]
            rate = 1 / (sum(found) / len(found))
            print(f"{name:12}{size:>10,}: p50 {median(found) * 1e3:6.2f} ms  p99 {p99 * 1e3:6.2f} ms  {rate:6.0f}/s")
        print(f"{name:12}{'ratio':>10}: {ratios[name]:.2f}")
    asyncio.run(fill_one(folder / "middle", sizes[1] // 10))
    begun = [start_up(folder / name) for name in ("middle", str(sizes[1]))]
    for (seconds, mebibytes), size in zip(begun, (sizes[1] // 10, sizes[1]), strict=True):
        print(f"start and first answers at {size:>8,}: {seconds:.2f} s, {mebibytes:.0f} MiB")
    return max(ratios["/反思"], ratios["/本周备课"]) <= GROWTH_LIMIT and begun[-1][0] <= START_LIMIT


def main() -> int:
    """0 when the limits are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="1,000 and 10,000 records")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.open:
        asyncio.run(open_only(arguments.open))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return 0 if report((1_000, 10_000 if arguments.small else 100_000), Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
