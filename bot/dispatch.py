"""One message, one transaction: the straight line from ``Incoming`` to ``Outcome``.

seen before? → who, which group → which command → may they? → arguments → handler → commit → answer. The mark that says
"seen", everything the handler wrote, the notes to others and the answer are one durable commit; a message delivered
again gets the stored answer and does nothing twice.
"""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import structlog
from pydantic import BaseModel, ConfigDict

from bot.chat import dialogs, help
from bot.chat.commands import Action, Context, Registry
from bot.chat.reply import Reply, Status, message, refuse
from bot.chat.transport import Incoming
from bot.chat.understanding import Understanding
from bot.clock import Clock
from bot.content import Content
from bot.delivery.outbox import enqueue, take_inbox
from bot.domain import groups, people, undo
from bot.domain.groups import Group, GroupRecord, Notice
from bot.domain.people import SYSTEM, Member, Person, Role
from bot.errors import Conflict, NotAllowed, UserError
from bot.storage import Record, Records, Store, Transaction

log = structlog.get_logger()

PATIENCE = 2.0  # seconds after arrival until the platform is acknowledged whatever happens
KEEP_SEEN = timedelta(days=3)  # far longer than any platform delivers again
INCIDENT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Said(BaseModel):
    """One thing said because of a message: to the conversation it came from ("here"), or to a member by name."""

    model_config = ConfigDict(frozen=True)

    to: str
    status: Status = "ok"
    content: Content


class Outcome(BaseModel):
    """What a message led to; stored, so that a second delivery gets the same."""

    model_config = ConfigDict(frozen=True)

    said: tuple[Said, ...]
    command: str | None = None
    why: str = ""

    @property
    def answer(self) -> Content:
        """What goes back into the conversation."""
        return self.said[0].content


class Seen(Record):
    """The mark that a message was handled, with its outcome."""

    TABLE: ClassVar[str] = "seen"
    UNIQUE: ClassVar = (("key",),)

    key: str
    outcome: Outcome


class Inboxed(Record):
    """A message that took too long: acknowledged, and to be handled from here."""

    TABLE: ClassVar[str] = "inbox"
    UNIQUE: ClassVar = (("key",),)

    key: str
    incoming: Incoming


@dataclass(frozen=True)
class Place:
    """Where a message belongs: the speaker and the group, as far as they are known."""

    person: Person | None
    group: GroupRecord | None
    choose_from: tuple[GroupRecord, ...] = ()


class Dispatcher:
    """Handles messages. Handlers of one group run one at a time; a message in flight is not started twice."""

    def __init__(self, store: Store, registry: Registry, clock: Clock, *, patience: float = PATIENCE) -> None:
        self.store = store
        self.registry = registry
        self.clock = clock
        self.patience = patience
        self._running: dict[str, asyncio.Task[Outcome]] = {}
        self._late: set[str] = set()

    async def receive(self, incoming: Incoming) -> Outcome | None:
        """Handle a message and return its outcome once that is durable.

        None means that it took longer than ``patience`` seconds: the raw message is stored, the caller acknowledges it,
        and the answer follows through the outbox.
        """
        task = self._running.get(incoming.key) or self._start(incoming)
        done, _ = await asyncio.wait({task}, timeout=self.patience)
        if done:
            return task.result()
        await self._put_aside(incoming)
        return None

    async def drain(self) -> int:
        """Handle what a former run left in the inbox, oldest first; returns how many."""
        async with self.store.transaction(SYSTEM) as tx:
            waiting = await tx.scan(Inboxed)
        for row in waiting:
            self._late.add(row.key)
            await (self._running.get(row.key) or self._start(row.incoming))
        return len(waiting)

    async def settle(self) -> None:
        """Wait for every message in flight."""
        while self._running:
            await asyncio.wait(set(self._running.values()))

    def _start(self, incoming: Incoming) -> asyncio.Task[Outcome]:
        task = asyncio.create_task(self._handle(incoming))
        self._running[incoming.key] = task

        def over(_: asyncio.Task[Outcome]) -> None:
            self._running.pop(incoming.key, None)
            self._late.discard(incoming.key)

        task.add_done_callback(over)
        return task

    async def _put_aside(self, incoming: Incoming) -> None:
        self._late.add(incoming.key)
        async with self.store.transaction(f"inbox:{incoming.key}") as tx:
            system = tx.within(SYSTEM)
            if not await system.find(Inboxed, key=incoming.key) and not await system.find(Seen, key=incoming.key):
                await system.add(Inboxed(key=incoming.key, incoming=incoming, created=incoming.at))

    async def _handle(self, incoming: Incoming) -> Outcome:
        try:
            return await self._once(incoming)
        except Conflict:
            log.info("dispatch.conflict", message=incoming.key)
            return await self._once(incoming, again=True)

    async def _once(self, incoming: Incoming, *, again: bool = False) -> Outcome:
        async with self.store.transaction(SYSTEM) as tx:
            for seen in await tx.find(Seen, key=incoming.key):
                await self._clear_inbox(tx, incoming)
                return seen.outcome
            place = await _find_place(tx, incoming)
        space = groups.space_of(place.group.key) if place.group else f"nobody:{incoming.channel}"
        try:
            async with self.store.transaction(space) as tx:
                turn = await self._turn(tx, incoming, place)
                return await self._commit(turn, *await self._run(turn))
        except UserError as error:
            reply = refuse(error)
        except Conflict:
            if not again:
                raise
            reply = _incident(incoming)
        except Exception:  # the one place that turns a defect into an incident number
            reply = _incident(incoming)
        async with self.store.transaction(space) as tx:
            turn = await self._turn(tx, incoming, place)
            return await self._commit(turn, reply, self.registry.understand(incoming.text, incoming.bot_name))

    async def _turn(self, tx: Transaction, incoming: Incoming, place: Place) -> Context:
        now = self.clock.now()
        group = await groups.load(tx, place.group.key, now) if place.group else None
        member = await _membership(group, place.person)
        return Context(incoming, tx, now, self.registry, group, member, place.person)

    async def _run(self, ctx: Context) -> tuple[Reply, Understanding]:
        text = await dialogs.expand(ctx.tx.within(SYSTEM), ctx.incoming, ctx.incoming.text, ctx.now)
        understood = self.registry.understand(text, ctx.incoming.bot_name)
        if understood.command is None:
            return help.not_understood(self.registry, understood, ctx.role), understood
        command = self.registry.commands[understood.command]
        action, argument = command.choose(understood.argument)
        await _may_they(ctx, action)
        names = [member.name for member in await ctx.maybe_group.members()] if ctx.maybe_group else []
        return await action.run(ctx, **action.signature.parse(argument, names)), understood

    async def _commit(self, ctx: Context, reply: Reply, understood: Understanding) -> Outcome:
        """Everything a message leads to, written into its transaction; durable when that ends."""
        system = ctx.tx.within(SYSTEM)
        await dialogs.open_question(system, ctx.incoming, reply.choices, ctx.now)
        if ctx.maybe_group and ctx.maybe_member and reply.undo:
            await undo.remember(ctx.maybe_group, ctx.maybe_member.name, reply.undo)
        outcome = await _say(ctx, reply, understood)
        await system.add(Seen(key=ctx.incoming.key, outcome=outcome, created=ctx.now))
        if await self._clear_inbox(system, ctx.incoming):
            await _answer_late(system, ctx, outcome)
        return outcome

    async def _clear_inbox(self, system: Records, incoming: Incoming) -> bool:
        rows = await system.find(Inboxed, key=incoming.key)
        for row in rows:
            await system.remove(row)
        return bool(rows) or incoming.key in self._late


async def forget_seen(system: Records, now: datetime) -> int:
    """Housekeeping: drop marks older than any platform's redelivery; returns how many."""
    old = [mark for mark in await system.scan(Seen) if mark.created and now - mark.created > KEEP_SEEN]
    for mark in old:
        await system.remove(mark)
    return len(old)


async def _find_place(system: Records, incoming: Incoming) -> Place:
    person = await people.person_of(system, incoming.channel, incoming.sender)
    if not incoming.private:
        return Place(person, await groups.group_of_chat(system, incoming.channel, incoming.chat))
    if person is None:
        return Place(None, None)
    mine = [member.group for member in await people.memberships(system, person.id)]
    wanted = incoming.group_hint or person.current_group or (mine[0] if len(mine) == 1 else None)
    if wanted in mine:
        return Place(person, await _record(system, wanted))
    return Place(person, None, tuple([await _record(system, key) for key in mine]))


async def _record(system: Records, key: str) -> GroupRecord:
    return (await system.find(GroupRecord, key=key))[0]


async def _membership(group: Group | None, person: Person | None) -> Member | None:
    if group is None or person is None:
        return None
    mine = await people.memberships(group.system, person.id)
    return next((member for member in mine if member.group == group.key), None)


async def _may_they(ctx: Context, action: Action) -> None:
    """Permission comes before arguments: who may not run it learns nothing of its syntax.

    Raises:
        NotAllowed: no group, not bound to a name, or the role does not suffice.
    """
    mark = action.mark
    if mark.anywhere:
        return
    if ctx.maybe_group is None and not ctx.private:
        raise NotAllowed("这个群还没有备课组。", "请组长发\uff1a/建组 组名 邀请码", symbol="👋")
    if ctx.maybe_group is None and ctx.person is not None:
        raise NotAllowed("您在不止一个组\uff0c先选一个。", "选组\uff1a/切换", symbol="📝")
    if ctx.role >= mark.needs and ctx.maybe_group is not None:
        return
    if ctx.role is Role.VISITOR:
        raise NotAllowed("我还不认识您\uff0c先告诉我您是谁。", "例\uff1a/我是 王老师")
    leader = await ctx.group.leader()
    who = f"\uff08组长\uff1a{leader.name}\uff09" if leader else ""
    raise NotAllowed(
        f"/{mark.name}{' ' + mark.action if mark.action else ''} 由组长使用{who}。", "看自己的记录\uff1a/我的"
    )


async def _say(ctx: Context, reply: Reply, understood: Understanding) -> Outcome:
    group, incoming = ctx.maybe_group, ctx.incoming
    notices = [*reply.notes, *(group.notices if group else ())]
    changes = group.changes if group else []
    answer = reply.answer
    if reply.private and not incoming.private and ctx.maybe_member:
        notices.insert(0, Notice(ctx.maybe_member.name, reply.answer))
        answer = reply.answer_in_group or message("✉️ 私下回复您了。")
    if incoming.private:
        answer = await _with_inbox(ctx, answer)
    elif group and changes:
        answer = answer.model_copy(update={"lines": (*answer.lines, *changes)})
        changes = []
    said = [Said(to="here", status=reply.status, content=answer)]
    said += [Said(to=notice.to, content=notice.content) for notice in notices]
    said += [Said(to="group", content=message(line)) for line in changes]
    if group:
        await post(group, notices, changes, why=f"/{understood.command}")
    return Outcome(said=tuple(said), command=understood.command, why=understood.why)


async def post(group: Group, notices: list[Notice], changes: list[str], why: str) -> None:
    """Put notes to members and change lines to the group into the outbox, within the group's transaction."""
    system, record = group.system, group.record
    for notice in notices:
        channel, user = await people.address(system, record.channel, await group.member(notice.to))
        await enqueue(
            system,
            channel=channel,
            kind="note",
            to=user,
            to_name=notice.to,
            private=True,
            group=group.key,
            content=notice.content,
            why=(why,),
            now=group.now,
        )
    for line in changes:
        if record.channel and record.chat:
            await enqueue(
                system,
                channel=record.channel,
                kind="change",
                to=record.chat,
                group=group.key,
                content=message(line),
                why=(why,),
                now=group.now,
            )


async def _with_inbox(ctx: Context, answer: Content) -> Content:
    """The private answer with the notes that could not be pushed to this person."""
    incoming = ctx.incoming
    waiting = await take_inbox(ctx.tx.within(SYSTEM), incoming.channel, incoming.sender, ctx.now)
    extra = [line for item in waiting for line in ("", "✉️ 给您的留言\uff1a", *item.content.plain().splitlines())]
    return answer.model_copy(update={"lines": (*answer.lines, *extra)}) if extra else answer


async def _answer_late(system: Records, ctx: Context, outcome: Outcome) -> None:
    incoming = ctx.incoming
    await enqueue(
        system,
        channel=incoming.channel,
        kind="reply",
        to=incoming.sender if incoming.private else incoming.chat,
        to_name=incoming.sender_name if incoming.private else "",
        private=incoming.private,
        group=ctx.maybe_group.key if ctx.maybe_group else "",
        content=outcome.answer,
        why=("迟到的回答",),
        now=ctx.now,
    )


def _incident(incoming: Incoming) -> Reply:
    number = "".join(secrets.choice(INCIDENT_LETTERS) for _ in range(6))
    log.exception("incident", incident=number, channel=incoming.channel, message=incoming.msgid)
    text = f"😣 刚才出了点问题\uff0c没有保存任何内容\uff08编号 {number}\uff09。"
    return Reply(message(text, "请再发一次\uff1b还不行请把编号告诉管理员。"), status="error")
