"""A year of 100,000 records, and its report: ``python tests/benchmarks/bench_digest.py``.

Not collected by pytest. Two terms of one group; the leader orders picture, Word and Excel of the term while another
group and the same group go on talking. Prints how long the three files take together and how long the others wait;
exits 1 when a limit is missed.
"""

import asyncio
import gc
import sys
import tempfile
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import Playhouse  # noqa: E402 - runs without being installed
from bot.calendar.term import SchoolCalendar, Term  # noqa: E402
from bot.chat.transport import Incoming  # noqa: E402
from bot.clock import SCHOOL_ZONE  # noqa: E402
from bot.delivery.workshop import Workshop  # noqa: E402
from bot.domain.drafts import Draft  # noqa: E402
from bot.domain.groups import School, space_of  # noqa: E402
from bot.domain.observations import Observation  # noqa: E402
from bot.domain.people import SYSTEM  # noqa: E402
from bot.domain.reflections import Reflection  # noqa: E402
from bot.domain.resources import Resource, State  # noqa: E402
from bot.domain.tasks import Task  # noqa: E402
from bot.reports.press import apart  # noqa: E402
from bot.simulator import sample  # noqa: E402
from bot.simulator.api_models import MessageRequest  # noqa: E402
from bot.simulator.simulation import Playground  # noqa: E402
from bot.storage import Record  # noqa: E402
from tests.three_years import PEOPLE, TERMS, TEXT  # noqa: E402

RECORDS = 100_000
FILES_LIMIT = 3.0
"""Seconds for picture, Word and Excel together, from the order to the last file in the outbox."""
OTHERS_LIMIT = 0.100
"""Seconds, 99 of 100 answers to others meanwhile."""
EVERY = 0.01
FORMS = ("全部",)
YEAR = TERMS[-2:]
NOW = datetime(2027, 1, 15, 12, tzinfo=SCHOOL_ZONE)


def record(number: int) -> Record:
    """One of the kinds that digests count, spread over the year's terms, weeks and people."""
    term: Term = YEAR[number % 2]
    week = 1 + number // 160 % 19
    name, other = PEOPLE[number // 2 % 8], PEOPLE[(number // 2 + 1) % 8]
    made = datetime.combine(term.first_day + timedelta(weeks=week - 1, days=number % 5), NOW.time(), SCHOOL_ZONE)
    own = {"term": term.name, "number": 100_000 + number, "created": made, "author": name}
    match number // 16 % 5:
        case 0 | 1:
            return Reflection(member=name, week=week, text=TEXT, shared=number % 3 == 0, **own)
        case 2:
            return Observation(member=name, teacher=other, day=made.date(), text=TEXT, **own)
        case 3:
            return Task(text=f"交单元卷 {number}", owners=(name,), done={name: made}, giver="李老师", **own)
        case _:
            return Resource(member=name, name=f"学案{number}.docx", path="", size=9, week=week, state=State.KEPT, **own)


async def fill(playground: Playground) -> None:
    """The year, and drafts of every week."""
    async with playground.store.transaction(SYSTEM) as tx:
        (school,) = await tx.find(School, key="sample")
        calendar = SchoolCalendar(terms=YEAR, bells=sample.CALENDAR.bells)
        await tx.update(school.model_copy(update={"calendar": calendar}))
    for start in range(0, RECORDS, 5_000):
        async with playground.store.transaction(space_of("chinese")) as tx:
            for number in range(start, start + 5_000):
                await tx.add(record(number))
    async with playground.store.transaction(space_of("chinese")) as tx:
        for week in range(1, 20):
            for name in PEOPLE:
                await tx.add(Draft(term=YEAR[-1].name, week=week, sort="初案", member=name, place="x", created=NOW))


async def talk(playground: Playground, done: asyncio.Event) -> list[float]:
    """Seconds of each answer to others: in turn somebody of the same group and of another writes and looks."""
    seconds = []
    for number in count():
        if done.is_set():
            return seconds
        group, who = (("chinese", "王老师"), ("research", "赵老师"))[number % 2]
        text = ("/反思 导入太长，下次三分钟内进入文本", "/本周备课", "/公开课")[number % 3]
        incoming = Incoming(
            channel=sample.CHANNEL,
            msgid=f"bench-{number}",
            chat=sample.chat_of(group),
            private=False,
            sender=sample.user_of(who),
            sender_name=who,
            text=f" {text}",
            bot_name="备课助手",
            at=playground.clock.now(),
        )
        began = perf_counter()
        await playground.dispatcher.receive(incoming)
        seconds.append(perf_counter() - began)
        await asyncio.sleep(EVERY)
    return seconds


async def measured(folder: Path) -> bool:
    """Print what was found; whether the limits were kept."""
    async with Playhouse(folder, None, press=apart) as playground:
        await fill(playground)
        playground.clock.set(NOW)
        gc.collect()
        gc.freeze()  # as `run` does once everything is loaded
        workshop, playground.workshop = playground.workshop, None
        assert isinstance(workshop, Workshop)
        quiet = asyncio.Event()
        asyncio.get_running_loop().call_later(3, quiet.set)
        print(f"nobody orders: p99 {quantiles(await talk(playground, quiet), n=100)[98] * 1e3:.1f} ms")
        good = True
        for name in ("first", "again"):
            for form in FORMS:
                said = await playground.say(MessageRequest(speaker="李老师", text=f"/汇总 本学期 {form}", private=True))
                assert said.replies[0].status == "ok", said.replies[0].text
            done = asyncio.Event()
            others = asyncio.create_task(talk(playground, done))
            began = perf_counter()
            assert await workshop.drain() == len(FORMS)
            took = perf_counter() - began
            done.set()
            waits = await others
            slow = quantiles(waits, n=100)[98]
            print(
                f"{name}: {took:.2f} s for the files; {len(waits)} others, p50 {quantiles(waits, n=2)[0] * 1e3:.1f} ms,"
            )
            print(f"       p99 {slow * 1e3:.1f} ms, longest {max(waits) * 1e3:.1f} ms")
            good &= took <= FILES_LIMIT and slow <= OTHERS_LIMIT
    return good


def main() -> int:
    """0 when the limits are kept."""
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measured(Path(folder) / "data")) else 1


if __name__ == "__main__":
    sys.exit(main())
