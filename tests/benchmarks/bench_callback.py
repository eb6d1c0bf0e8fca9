"""How many commands the real server does: ``python tests/benchmarks/bench_callback.py [--rounds N]``.

Not collected by pytest. Prints a table and exits 1 when a limit is missed. ``python -m bot run`` answers DingTalk's
callbacks from 32 connections that write reflections, and so does the least server that keeps the same promise
(callback/baseline.py); both stay up and take turns, so that a machine that gets slower in between slows both. The load
comes from a process of its own (callback/load.py).
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import record_kinds  # noqa: E402 - runs without being installed
from bot.clock import SCHOOL_ZONE, SystemClock  # noqa: E402
from bot.content import content  # noqa: E402
from bot.delivery.outcome import Outcome, Said  # noqa: E402
from bot.delivery.seen import Seen  # noqa: E402
from bot.domain.groups import space_of  # noqa: E402
from bot.domain.people import SYSTEM  # noqa: E402
from bot.domain.reflections import Reflection  # noqa: E402
from bot.storage.tiny import TinyStore  # noqa: E402
from tests.benchmarks.callback.load import Load, Wish  # noqa: E402
from tests.platforms.dingtalk import samples  # noqa: E402

RATIO_LIMIT, RATIO_AIM = 0.35, 0.40
"""Durable commands a second ÷ those of the baseline, 32 connections over 32 groups."""
P99_LIMIT = 0.040
"""Seconds to the answer, 32 connections over 32 groups."""
CPU_AIM = 500e-6
"""Processor seconds a message with its answer."""
IDLE_LIMIT = 60.0
"""MiB a fresh bot holds."""
START_LIMIT = 1.0
"""Seconds from the command to "listening on" with 10,000 records."""
HANG_LIMIT = 0.100
"""Seconds to the answer (99 of 100) while DingTalk's own addresses never answer."""

CONNECTIONS = 32
TEXT = "/反思 今天的课导入太长\uff0c后半段学生讨论不够充分\uff0c下次把导入压到三分钟。"
PEOPLE = ("李老师", "王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师")
CONFIG = """
[server]
port = 0
[[schools]]
name = "示例中学"
[[schools.terms]]
name = "2026学年第一学期"
first_day = {first_day}
weeks = 20
[[channels]]
name = "ding"
kind = "dingtalk-callback"
client_id = "dingKEY"
client_secret = "{secret}"
robot_code = "dingrobotcode"
corp_id = "dingcorp"
api_base = "{base}"
oapi_base = "{base}"
"""


@dataclass
class Server:
    """A process that serves callbacks."""

    process: "subprocess.Popen[str]"
    address: str
    started: float

    @property
    def cpu(self) -> float:
        """Processor seconds used so far, all threads."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self) -> float:
        """MiB held."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def anonymous(self) -> float:
        """MiB held that are no pages of a file, as those of libraries are, which processes share."""
        rows = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("Anonymous:")) / 2**10


@contextmanager
def serving(command: list[str], folder: Path) -> Iterator[Server]:
    """A server that was waited for until it listens."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SSL_CERT")}  # a school has none
    environment = {**ours, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    began = perf_counter()
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on "), (folder / "log").read_text()
    try:
        yield Server(process, line.split()[-1], perf_counter() - began)
    finally:
        process.terminate()
        process.wait(60)


def write_config(folder: Path, base: str) -> Path:
    """A school of 32 groups of seven teachers."""
    folder.mkdir(parents=True, exist_ok=True)
    monday = datetime.now(SCHOOL_ZONE).date() - timedelta(days=datetime.now(SCHOOL_ZONE).weekday() + 35)
    groups = []
    for number, chat in enumerate(chats()):
        people = [f'{{ name = "{name}{number:02}", id = "{chat}-{n}" }}' for n, name in enumerate(PEOPLE)]
        groups.append(
            f'[[groups]]\nname = "第{number}备课组"\nchannel = "ding"\nchat = "{chat}"\n'
            f"leader = {people[0]}\nmembers = [{', '.join(people)}]\n"
        )
    text = CONFIG.format(first_day=monday, secret=samples.SECRET, base=base) + "\n".join(groups)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder


def chats() -> list[str]:
    """Conversation ids of the groups."""
    return [f"cid-{number:02}" for number in range(CONNECTIONS)]


def load(server: Server, mark: str, **changes: object) -> Load:
    """Let everybody write, in another process."""
    wish = Wish(f"{server.address}/callback/ding", [TEXT], chats(), len(PEOPLE), mark)
    asked = json.dumps({**asdict(wish), **changes})
    script = str(ROOT / "tests" / "benchmarks" / "callback" / "load.py")
    out = subprocess.run([sys.executable, script, asked], check=True, capture_output=True, text=True).stdout
    found = Load(**json.loads(out))
    assert not found.wrong, found.wrong[:3]
    return found


@dataclass
class Run:
    """One run's figures: durable commands a second, seconds to the answer, processor seconds a message."""

    rate: float
    p50: float
    p99: float
    cpu: float


def measured(server: Server, mark: str, **changes: object) -> Run:
    """One run against a server."""
    before = server.cpu
    found = load(server, mark, **changes)
    cuts = quantiles(found.latencies, n=100)
    number = len(found.latencies)
    return Run(number / found.seconds, cuts[49], cuts[98], (server.cpu - before) / number)


def taking_turns(folder: Path, rounds: int) -> dict[str, list[Run]]:
    """The runs of the baseline and of the bot, over 32 groups and over one."""
    runs: dict[str, list[Run]] = {"baseline": [], "32 groups": [], "one group": []}
    least = [str(ROOT / "tests" / "benchmarks" / "callback" / "baseline.py"), str(folder), samples.SECRET]
    home = write_config(folder / "bot", "http://127.0.0.1:9")
    with serving(least, folder) as baseline, serving(["-m", "bot", "run"], home) as bot:
        for server in (baseline, bot):
            load(server, "warm", seconds=1.0)
        for number in range(rounds):
            runs["baseline"].append(measured(baseline, f"base-{number}"))
            runs["32 groups"].append(measured(bot, f"many-{number}"))
            runs["one group"].append(measured(bot, f"one-{number}", chats=chats()[:1]))
    return runs


def idle(folder: Path) -> tuple[float, float]:
    """MiB of a bot with its 32 groups that nobody has written to: resident, and what of it no file backs."""
    with serving(["-m", "bot", "run"], write_config(folder, "http://127.0.0.1:9")) as bot:
        sleep(1.0)
        return bot.resident, bot.anonymous


def start_up(folder: Path) -> float:
    """Seconds until it listens with 10,000 records; the best of three, the disk being everybody's."""
    home = write_config(folder, "http://127.0.0.1:9")
    with serving(["-m", "bot", "run"], home):
        pass  # founds the groups
    asyncio.run(fill(home / "data"))
    seconds = []
    for _ in range(3):
        with serving(["-m", "bot", "run"], home) as bot:
            seconds.append(bot.started)
    return min(seconds)


async def fill(data: Path) -> None:
    """10,000 records: half reflections of the groups, half marks of messages."""
    store = await TinyStore(data, kinds=record_kinds()).open()
    now = SystemClock().now()
    outcome = Outcome(said=(Said(to="here", content=content(TEXT)),), command="反思")
    for number in range(CONNECTIONS):
        async with store.transaction(space_of(f"第{number}备课组")) as tx:
            for row in range(5_000 // CONNECTIONS):
                name = f"{PEOPLE[row % len(PEOPLE)]}{number:02}"
                await tx.add(Reflection(term="2026学年第一学期", number=10_000 + row, member=name, week=3, text=TEXT))
                await tx.within(SYSTEM).add(Seen(key=f"ding/old-{number}-{row}", outcome=outcome, created=now))
    await store.close()


def while_it_hangs(folder: Path) -> list[float]:
    """Seconds to the answer while whatever is sent to DingTalk's own addresses hangs.

    Half of the messages ask in the group for what is then told privately: each of these waits in the outbox. Everybody
    writes about five messages a second, so that it is the hanging that would slow the answers, not the load.
    """
    with deaf() as base, serving(["-m", "bot", "run"], write_config(folder, base)) as bot:
        session = f"{base}/robot/sendBySession?session=1"
        load(bot, "warm", seconds=1.0, session=session, people=1)
        texts = [TEXT, "/反思 看 1"]
        found = load(bot, "hang", texts=texts, session=session, people=1, pause=0.2, seconds=8.0)
    return found.latencies


@contextmanager
def deaf() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=1_000) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def report(folder: Path, rounds: int) -> bool:
    """Measure and print; whether all limits were kept."""
    runs = taking_turns(folder, rounds)
    for name, found in runs.items():
        rate, p50, p99, cpu = (median(getattr(run, field) for run in found) for field in ("rate", "p50", "p99", "cpu"))
        print(f"{name:10}: {rate:6.0f}/s  p50 {p50 * 1e3:5.1f} ms  p99 {p99 * 1e3:5.1f} ms  CPU {cpu * 1e6:5.0f} µs")
    many = runs["32 groups"]
    ratio = median(bot.rate / base.rate for bot, base in zip(many, runs["baseline"], strict=True))
    single = median(bot.rate / base.rate for bot, base in zip(runs["one group"], runs["baseline"], strict=True))
    hang = while_it_hangs(folder / "hang")
    resident, anonymous = idle(folder / "idle")
    figures = [
        ("ratio, 32 groups", ratio, RATIO_LIMIT, True),
        ("p99, 32 groups (s)", median(run.p99 for run in many), P99_LIMIT, False),
        ("idle memory (MiB)", resident, IDLE_LIMIT, False),
        ("start at 10,000 records (s)", start_up(folder / "start"), START_LIMIT, False),
        ("p99 while replies hang (s)", quantiles(hang, n=100)[98], HANG_LIMIT, False),
    ]
    for name, value, limit, at_least in figures:
        kept = value >= limit if at_least else value <= limit
        print(f"{name:30} {value:8.3f}  limit {'≥' if at_least else '≤'} {limit:g}  {'kept' if kept else 'MISSED'}")
    print(f"aims: ratio ≥ {RATIO_AIM:g}, CPU a message ≤ {CPU_AIM * 1e6:.0f} µs; ratio over one group {single:.2f}")
    print(f"of the idle memory {anonymous:.0f} MiB are no pages of files")
    print(f"while replies hang: {len(hang)} answers, p50 {median(hang) * 1e3:.1f} ms, slowest {max(hang) * 1e3:.1f} ms")
    return all(value >= limit if at_least else value <= limit for _, value, limit, at_least in figures)


def main() -> int:
    """0 when the limits are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of baseline and bot, about 10 s each")
    rounds = parser.parse_args().rounds
    if not Path("/proc/self/stat").exists():
        print("measured on Linux only")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return 0 if report(Path(folder), rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
