"""How the tiny store behaves as it grows: ``python tests/benchmarks/bench_storage.py [--small]``.

Not collected by pytest. Prints a table and exits 1 when a limit is missed. Each size is filled in a folder of its own;
start-up and memory are measured in a fresh process. Both are larger than what is kept decoded, so that look-ups do the
same work. The two sizes take turns at writing, so that a disk that gets
slower or faster in between does not show as growth.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.storage import Record  # noqa: E402 - runs without being installed
from bot.storage.tiny import TinyStore  # noqa: E402

GROWTH_LIMIT = 1.5
"""Large store / small store, for a durable write and for a look-up."""
START_LIMIT = 3.0
"""Seconds to open the largest store, indexes built."""
SPACE = "group:bench"
ROUNDS = 30
AT_ONCE = 20


class Reflection(Record):
    """About 300 bytes of JSON with one index and one unique key."""

    TABLE = "reflection"
    INDEXES = ("member",)
    UNIQUE = (("key",),)
    key: str
    member: str
    text: str = "今天的课导入太长，后半段学生讨论不够充分，下次把导入压到三分钟。" * 2


def reflection(number: int) -> Reflection:
    """Ten records a member."""
    return Reflection(key=f"key-{number}", member=f"member-{number // 10}")


async def fill(store: TinyStore, size: int) -> None:
    """Write ``size`` records, 5,000 a transaction."""
    for start in range(0, size, 5_000):
        async with store.transaction(SPACE) as tx:
            for number in range(start, min(start + 5_000, size)):
                await tx.add(reflection(number))


async def writes(store: TinyStore, first: int) -> float:
    """Seconds for one durable write, one after the other."""
    began = perf_counter()
    for number in range(AT_ONCE):
        async with store.transaction(SPACE) as tx:
            await tx.add(reflection(first + number))
    return (perf_counter() - began) / AT_ONCE


async def lookups(store: TinyStore, size: int) -> float:
    """Seconds for one look-up by unique key and one by index (ten records)."""
    async with store.transaction(SPACE) as tx:
        began = perf_counter()
        for number in range(0, size, size // 200):
            (found,) = await tx.find(Reflection, key=f"key-{number}")
            assert len(await tx.find(Reflection, member=found.member)) == 10
        return (perf_counter() - began) / 200


async def together(store: TinyStore, first: int) -> float:
    """Seconds for one of 200 durable writes asked for at once in as many spaces (group commit)."""

    async def one(number: int) -> None:
        async with store.transaction(f"group:{number}") as tx:
            await tx.add(reflection(first + number))

    began = perf_counter()
    await asyncio.gather(*(one(number) for number in range(200)))
    return (perf_counter() - began) / 200


async def growth(folder: Path, sizes: tuple[int, int]) -> list[list[float]]:
    """[write, look-up, write together] for each size, medians of rounds that take turns."""
    stores = [await TinyStore(folder / str(size)).open() for size in sizes]
    samples: list[list[list[float]]] = [[[], [], []] for _ in sizes]
    for store, size in zip(stores, sizes, strict=True):
        await fill(store, size)
    for round_ in range(ROUNDS):
        for store, size, (write, look, burst) in zip(stores, sizes, samples, strict=True):
            write.append(await writes(store, size + round_ * AT_ONCE))
            look.append(await lookups(store, size))
            burst.append(await together(store, round_ * 1_000))
    for store in stores:
        await store.close()
    return [[median(values) for values in sample] for sample in samples]


def start_up(folder: Path) -> tuple[float, float]:
    """(seconds, MiB) of opening a store in a fresh process; MiB beyond what the imports take."""
    command = [sys.executable, __file__, "--open", str(folder)]
    seconds, mebibytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(mebibytes)


def resident() -> float:
    """MiB of memory this process holds (Linux; 0 elsewhere)."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 2**20 if status.exists() else 0.0


async def open_only(folder: Path) -> None:
    """What the fresh process does."""
    before, began = resident(), perf_counter()
    store = await TinyStore(folder, kinds=[Reflection]).open()
    print(perf_counter() - began, resident() - before)
    await store.close()


def report(sizes: tuple[int, int], folder: Path) -> bool:
    """Measure and print; whether all limits were kept."""
    small, large = asyncio.run(growth(folder, sizes))
    names = ("durable write", "look-up by key", "write, 200 at once")
    ratios = [after / before for before, after in zip(small, large, strict=True)]
    print(f"{'':20}{sizes[0]:>12,}{sizes[1]:>12,}   ratio")
    for name, before, after, ratio in zip(names, small, large, ratios, strict=True):
        print(f"{name:20}{before * 1e6:>9.0f} µs{after * 1e6:>9.0f} µs   {ratio:.2f}")
    asyncio.run(fill_one(folder / "middle", sizes[1] // 10))
    begun = [start_up(folder / name) for name in ("middle", str(sizes[1]))]
    for (seconds, mebibytes), size in zip(begun, (sizes[1] // 10, sizes[1]), strict=True):
        print(f"start at {size:>9,}: {seconds:.2f} s, +{mebibytes:.0f} MiB")
    return max(ratios[:2]) <= GROWTH_LIMIT and begun[-1][0] <= START_LIMIT


async def fill_one(folder: Path, size: int) -> None:
    """A store of its own for the start-up."""
    store = await TinyStore(folder).open()
    await fill(store, size)
    await store.close()


def main() -> int:
    """0 when the limits are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="5,000 and 10,000 records")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.open:
        asyncio.run(open_only(arguments.open))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return 0 if report((5_000, 10_000) if arguments.small else (10_000, 100_000), Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
