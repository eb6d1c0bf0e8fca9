"""How a group answers after three years: ``python tests/benchmarks/bench_three_years.py``.

Not collected by pytest. 50,000 records of six terms in one group; then every bare command is asked by a teacher and by
the leader, privately, a month is summed up and files are made. Prints the slowest and exits 1 when a limit is missed.
"""

import asyncio
import gc
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import Playhouse, registry  # noqa: E402 - runs without being installed
from bot.cli.serve import SELDOM  # noqa: E402
from bot.reports.press import apart  # noqa: E402
from bot.simulator.api_models import MessageRequest  # noqa: E402
from bot.simulator.simulation import Playground  # noqa: E402
from tests.three_years import fill  # noqa: E402

RECORDS = 50_000
BARE_LIMIT = 0.050
"""Seconds, 99 of 100 answers to each bare command."""
LONG_LIMIT = 1.0
"""Seconds for what goes through months or makes a file, which is there before the simulator has the answer."""
LONG = ("汇总", "日程 预演", "导出", "我的 导出")
ROUNDS, LONG_ROUNDS = 40, 8


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
    async with Playhouse(folder, None, press=apart) as playground:
        await fill(playground.store, RECORDS)
        gc.set_threshold(*SELDOM)  # as `run` does
        gc.collect()
        gc.freeze()
        for name in bare():
            for speaker in ("王老师", "李老师"):
                rounds, limit = (LONG_ROUNDS, LONG_LIMIT) if name.startswith(LONG) else (ROUNDS, BARE_LIMIT)
                text = "/汇总 9月" if name == "汇总" else f"/{name}"
                found = await asked(playground, speaker, text, rounds)
                slow = quantiles(found, n=100)[98]
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
