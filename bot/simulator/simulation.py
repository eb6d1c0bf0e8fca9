"""The bot with its surroundings played: one channel, a clock that is moved, people who are only names.

Everything below the channel is the real thing: dispatcher, engine, outbox and store are those of ``run``.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.calendar.plan_reader import read_document
from bot.calendar.wording import rule_of
from bot.chat.transport import Abilities, Incoming
from bot.clock import MovableClock
from bot.delivery.calendar_links import CalendarLinks
from bot.delivery.orders import Order, result_name
from bot.delivery.outbox import SYSTEM, OutboxItem
from bot.delivery.outcome import Outcome, post
from bot.delivery.sender import Sender
from bot.delivery.workshop import Workshop
from bot.dispatch import Dispatcher
from bot.domain import groups, open_lessons, plan_import, plans
from bot.domain.groups import space_of
from bot.errors import BadArgument, Refused
from bot.scheduling.engine import Engine
from bot.simulator import sample
from bot.simulator.api_models import (
    Bubble,
    ClockResult,
    Explanation,
    Fault,
    FileData,
    LineRequest,
    MemberRow,
    MessageRequest,
    MessageResult,
    Platform,
    Post,
    Reply,
    State,
    UpcomingRow,
)
from bot.simulator.attachments import Attachments
from bot.simulator.chronicle import Chronicle, Line, group_chat, mention, person_chat
from bot.simulator.directory import Directory
from bot.simulator.drawing import (
    BOT_NAME,
    answer_bubble,
    as_it_stands_in_the_chat,
    delivered_bubble,
    entries_of,
    incoming_of,
    item_row,
    post_of,
    replies,
    reply_of,
)
from bot.simulator.rehearsal import RehearsalResult, rehearsal_of
from bot.simulator.transport import Delivery, SimulatedTransport
from bot.storage import Store

LONGEST_TEXT = 20_000
LOOK_AHEAD = timedelta(days=14)
SEARCH = timedelta(days=60)
LONGEST_REHEARSAL = timedelta(days=400)
ABILITIES = Abilities(
    max_bytes=15_000, per_minute=20, penalty=60.0, private=True, idempotent=True, timeout=0.5, recall=True
)

Founder = Callable[[Store, datetime], Awaitable[None]]


class Playground:
    """Implements ``Simulation`` over the real parts of the bot.

    Args:
        store: an open store.
        clock: shared with the dispatcher and the engine.
        dispatcher, engine: the real ones, working on ``store`` and ``clock``.
        transport: the played channel, named ``sample.CHANNEL``.
        sender: the real sender of that channel.
        workshop: makes what was ordered, while whoever ordered it waits, so that it is there at once.
        found: founds the school in an empty store.
        wipe: empties the store for a new start.
        attachments: the files people send and get.
        calendars: links to calendar files; their address is known once somebody serves it.
    """

    def __init__(
        self,
        store: Store,
        clock: MovableClock,
        dispatcher: Dispatcher,
        engine: Engine,
        transport: SimulatedTransport,
        sender: Sender,
        workshop: Workshop | None,
        found: Founder,
        wipe: Callable[[], Awaitable[None]],
        attachments: Attachments,
        calendars: CalendarLinks,
    ) -> None:
        self.store = store
        self.clock = clock
        self.dispatcher = dispatcher
        self.engine = engine
        self.transport = transport
        self.sender = sender
        self.workshop = workshop
        self.attachments = attachments
        self.calendars = calendars
        self.chronicle = Chronicle(store, BOT_NAME, attachments.links)
        self.directory = Directory(store)
        self._found = found
        self._wipe = wipe
        self._start = clock.now()
        self._arrived: deque[Delivery] = deque()
        self._turning = asyncio.Lock()

    async def open(self) -> None:
        """Found the school if the store is new, take up the clock, and finish what a former run left."""
        stood = await self.chronicle.clock()
        if stood is None:
            await self._found(self.store, self.clock.now())
        elif stood > self.clock.now():
            self.clock.set(stood)
        await self.chronicle.set_clock(self.clock.now())
        await self.dispatcher.drain()
        await self._deliver()
        await self._make()

    async def hear(self, incoming: Incoming) -> Outcome | None:
        """A message from elsewhere than the page's chats; what it leads to arrives in them."""
        outcome = await self.dispatcher.receive(incoming)
        await self._deliver()
        if await self._ordered(incoming):
            await self._make()
        return outcome

    async def invitations(self) -> list[tuple[str, str]]:
        """Groups that nobody has claimed yet, with their codes."""
        return await self.directory.invitations()

    def arrived(self, delivery: Delivery) -> None:
        """The played platform shows a message; it is written into the chronicle after the round."""
        self._arrived.append(delivery)

    async def say(self, request: MessageRequest, upload: FileData | None = None) -> MessageResult:
        """See ``Simulation.say``."""
        if upload and not request.private:
            raise BadArgument("群里收不到文件。", "文件请私下发给我。")
        if len(request.text) > LONGEST_TEXT:
            raise BadArgument(f"这条有 {len(request.text)} 字，平台一条最多 {LONGEST_TEXT} 字。")
        record = await self.directory.record(request.group)
        chat = person_chat(request.speaker) if request.private else group_chat(record.name)
        heard = request.private or request.mention
        msgid = request.msgid or uuid4().hex
        again = request.msgid is not None and await self.chronicle.has(request.msgid)
        said = Line(
            chat=chat,
            at=self.clock.now(),
            who=request.speaker,
            text=f"📎 {upload.name}" if upload else as_it_stands_in_the_chat(request),
            heard=heard,
            msgid=msgid,
            platform=request.platform,
        )
        if not again:
            await self.chronicle.write(said)
        if not heard:
            return MessageResult(heard=False)
        hint = await self.directory.hint(request, record) if request.private else None
        incoming = incoming_of(request, record, msgid, self.clock.now(), hint)
        if upload:
            incoming = incoming.model_copy(update={"files": (self.attachments.give(upload),)})
        outcome = await self.dispatcher.receive(incoming)
        if outcome is not None and not again:
            await self.chronicle.write(answer_bubble(chat, outcome, self.clock.now(), private=request.private))
        await self._deliver()
        if await self._ordered(incoming):  # nobody else waits for it
            await self._make()
        answers = replies(request, outcome, self.attachments.links)
        return MessageResult(replies=(*answers, *await self._made(request, incoming)))

    async def _ordered(self, incoming: Incoming) -> bool:
        async with self.store.glance(SYSTEM) as tx:
            return bool(await tx.find(Order, key=incoming.key))

    async def _make(self) -> None:
        """Make what was ordered, and have it arrive."""
        if self.workshop and await self.workshop.drain():
            await self._deliver()

    async def _made(self, request: MessageRequest, incoming: Incoming) -> tuple[Reply, ...]:
        """What was ordered by a message, once it has arrived."""
        async with self.store.glance(SYSTEM) as tx:
            found = await tx.find(OutboxItem, once=result_name(incoming.key))
        arrived = [item for item in found if item.state == "sent"]
        return tuple(reply_of(item, request, self.attachments.links) for item in arrived)

    async def move_clock(self, to: datetime | None, advance: timedelta | None, until_next: bool) -> ClockResult:
        """See ``Simulation.move_clock``."""
        async with self._turning:
            now = self.clock.now()
            target = await self._next_post() if until_next else to or now + (advance or timedelta())
            if target < now:
                raise Refused("时钟只能往前走。", "从头来：点“重来”")
            posts = await self._run_until(target)
            self.clock.set(target)
            await self.chronicle.set_clock(target)
            return ClockResult(now=target, posts=tuple(posts))

    async def _next_post(self) -> datetime:
        """When something is going to be said next.

        Raises:
            Refused: nothing within sixty days.
        """
        now = self.clock.now()
        coming = [one.at for one in await self.engine.rehearse(now, now + SEARCH)]
        waiting = await self.sender.next_due()
        moments = [*coming[:1], *([waiting] if waiting else [])]
        if not moments:
            raise Refused(f"接下来 {SEARCH.days} 天没有要发的消息。", "往前走：点“+1周”")
        return max(now, min(moments))

    async def _run_until(self, target: datetime) -> list[Post]:
        ticks = deque(await self.engine.moments(self.clock.now(), target))
        posts: list[Post] = []
        while (moment := await self._next_moment(ticks, target)) is not None:
            self.clock.set(moment)
            if ticks and moment == ticks[0]:
                ticks.popleft()
                await self.engine.tick()
            posts += await self._deliver()
        return posts

    async def read_plan(
        self, data: bytes | str, filename: str | None, group: str | None, activate: bool
    ) -> list[dict[str, Any]]:
        """See ``Simulation.read_plan``."""
        if isinstance(data, bytes):
            lines = await asyncio.to_thread(read_document, data, filename or "计划.txt")
        else:
            lines = data.splitlines()
        record = await self.directory.record(group)
        async with self.store.transaction(space_of(record.key)) as tx:
            bound = await groups.load(tx, record.key, self.clock.now())
            reading = plan_import.read(lines, plans.context_of(bound))
            entries = reading.every
            if activate:
                await plan_import.keep(bound, "网页", reading, activate=True)
                await post(bound, bound.notices, bound.changes, why="导入计划")
            days = [plans.first_days(bound, entry) for entry in entries]
        await self._deliver()
        return [
            {**entry.public(), "rule": rule_of(entry), "dates": [day.isoformat() for day in due]}
            for entry, due in zip(entries, days, strict=True)
        ]

    async def read_lines(self, lines: Sequence[LineRequest]) -> list[list[dict[str, Any]]]:
        """See ``Simulation.read_lines``."""
        return [entries_of(number, line) for number, line in enumerate(lines, start=1)]

    def explain(self, text: str, platform: Platform, bot_name: str) -> Explanation:  # noqa: ARG002 - one set of rules
        """See ``Simulation.explain``. Both platforms' shapes are read by the same rules."""
        understood = self.dispatcher.registry.understand(text, bot_name)
        return Explanation(command=understood.command, argument=understood.argument, suggest=understood.suggest)

    async def state(self, group: str | None) -> State:
        """See ``Simulation.state``."""
        record = await self.directory.record(group)
        now = self.clock.now()
        upcoming = await self.engine.rehearse(now, now + LOOK_AHEAD, record.key) if record.chat else []
        async with self.store.transaction(space_of(record.key)) as tx:
            bound = await groups.load(tx, record.key, now)
            names = tuple(each.name for each in await groups.all_groups(bound.system))
            members = [MemberRow(name=member.name, role=member.role.public) for member in await bound.members()]
            items = [await item_row(bound, item) for item in await open_lessons.upcoming(bound)]
            week = bound.calendar.week_of(bound.today)
        return State(
            now=now,
            week=week,
            groups=names,
            group=record.name,
            members=tuple(members),
            items=tuple(items),
            upcoming=tuple(UpcomingRow(at=one.at, to=one.to, title="、".join(one.why)) for one in upcoming),
            unread=await self.chronicle.unread(),
            faults=self.transport.armed(),
            bot_name=BOT_NAME,
        )

    async def rehearsal(self, group: str | None, first: date | None, last: date | None) -> RehearsalResult:
        """See ``Simulation.rehearsal``."""
        record = await self.directory.record(group)
        begin = first or self.clock.now().date()
        if last is not None and not begin <= last <= begin + LONGEST_REHEARSAL:
            raise BadArgument(f"从 {begin} 到 {last} 不行。", f"先早后晚，最多 {LONGEST_REHEARSAL.days} 天。")
        programme = await self.engine.programme(record.key, first, last)
        return rehearsal_of(programme, mention(in_group=True, bot_name=BOT_NAME))

    async def transcript(self, group: str, person: str | None, after: int) -> list[Bubble]:
        """See ``Simulation.transcript``."""
        chat = person_chat(person) if person else group_chat((await self.directory.record(group)).name)
        return await self.chronicle.read(chat, after)

    async def file(self, key: str) -> FileData | None:
        """See ``Simulation.file``."""
        return await self.attachments.read(key)

    async def faults(self, fault: Fault, times: int) -> dict[str, int]:
        """See ``Simulation.faults``."""
        self.transport.arm(fault, times)
        return self.transport.armed()

    async def reset(self) -> None:
        """See ``Simulation.reset``."""
        async with self._turning:
            await self.dispatcher.settle()
            await self._wipe()
            self.transport.faults.clear()
            self.transport.delivered.clear()
            self._arrived.clear()
            self.clock.set(self._start)
            await self._found(self.store, self._start)
            await self.chronicle.set_clock(self._start)

    async def _next_moment(self, ticks: deque[datetime], target: datetime) -> datetime | None:
        """The next tick of the alarm that may say something, or when the channel may be used again."""
        moments = [ticks[0]] if ticks else []
        due = await self.sender.next_due()
        if due is not None and self.clock.now() < due <= target:
            moments.append(due)
        return min(moments, default=None)

    async def _deliver(self) -> list[Post]:
        """Send what is due, write what arrived into the chats; returns the posts of the calendar."""
        items = await self.sender.drain()
        lines = [await self._bubble(self._arrived.popleft()) for _ in range(len(self._arrived))]
        if lines:
            await self.chronicle.write(*lines)
        names = await self.directory.names()
        sent = [item for item in items if item.state == "sent" and item.kind not in ("reply", "recall")]
        return [post_of(item, names.get(item.group, "")) for item in sent]

    async def _bubble(self, delivery: Delivery) -> Line:
        message = delivery.message
        if message.private:
            return delivered_bubble(person_chat(sample.name_of(message.to)), delivery)
        return delivered_bubble(group_chat(await self.directory.name(message.to)), delivery)
