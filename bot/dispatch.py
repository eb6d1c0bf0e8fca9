"""One message, one transaction: the straight line from ``Incoming`` to ``Outcome``.

seen before? → who, which group → which command → may they? → arguments → handler → commit → answer. The mark that says
"seen", everything the handler wrote, the notes to others and the answer are one durable commit; a message delivered
again gets the stored answer and does nothing twice.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from bot.chat import dialogs
from bot.chat import help as menu
from bot.chat.addresses import Addresses
from bot.chat.commands import Registry
from bot.chat.context import Context
from bot.chat.receiving import Receiving
from bot.chat.rehearsal import Rehearse
from bot.chat.reply import Reply, message, refuse
from bot.chat.roles import Place, find_place, may_they, membership
from bot.chat.transport import Incoming
from bot.chat.understanding import Understanding
from bot.clock import Clock
from bot.delivery.desk import OutboxDesk
from bot.delivery.flight import Flight, Patience
from bot.delivery.incidents import incident_number
from bot.delivery.orders import place_order
from bot.delivery.outbox import OutboxItem
from bot.delivery.outcome import Outcome, Said, answer_apart, say
from bot.delivery.seen import Inboxed, Seen
from bot.domain import groups
from bot.domain.people import SYSTEM
from bot.errors import Conflict, StoreError, UserError
from bot.storage import Records, Store, Transaction

log = structlog.get_logger()

PATIENCE = 2.0  # seconds after arrival until the platform is acknowledged whatever happens


# A message id belongs to one sender; somebody else who shows it learns nothing of the answer, which may be private.
# Where the answer was a message of its own, nobody needs it a second time.
HANDLED = Outcome(said=(Said(to="here", status="refused", content=message("这条消息已经处理过了。")),))


class Dispatcher:
    """Handles messages. Handlers of one group run one at a time; a message in flight is not started twice.

    ``posted`` is called when a message is done with that changed the outbox: something may be sent now; ``ordered``
    when slow work was ordered in it. ``receiving`` fetches what came without words; without it nothing is fetched.
    ``rehearse`` is handed to the handlers.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        clock: Clock,
        *,
        patience: float = PATIENCE,
        posted: Callable[[], None] = lambda: None,
        ordered: Callable[[], None] = lambda: None,
        receiving: Receiving | None = None,
        rehearse: Rehearse | None = None,
        addresses: Addresses | None = None,
    ) -> None:
        self.store = store
        self.registry = registry
        self.clock = clock
        self.patience = Patience(patience)
        self.posted = posted
        self._ordered = ordered
        self._receiving = receiving
        self._rehearse = rehearse
        self._addresses = addresses
        self._flights: dict[str, Flight] = {}
        self._homes: dict[tuple[str, str], str] = {}  # where the groups' conversations belonged when last heard

    async def receive(self, incoming: Incoming) -> Outcome | None:
        """Handle a message and return its outcome once that is durable.

        None means that its handler took longer than ``patience`` seconds: the raw message is stored, the caller
        acknowledges it, and the answer follows through the outbox. A commit under way is waited for, however slow the
        disk: the inbox could not be written any sooner.

        Raises:
            StoreError: nothing is stored and nothing may be acknowledged; the platform delivers again.
        """
        key = incoming.key
        flight = self._flights.get(key) or self._start(incoming, key)
        if flight.sender != incoming.sender:
            return HANDLED
        while not await flight.over(self.patience):
            if not flight.decided:
                flight.late = True
                return await self._put_aside(incoming, flight)
        return flight.result()

    async def drain(self) -> int:
        """Handle what a former run left in the inbox, oldest first; returns how many.

        One that fails stays there for the next time.
        """
        async with self.store.transaction(SYSTEM) as tx:
            waiting = await tx.scan(Inboxed)
        handled = 0
        for row in waiting:
            flight = self._flights.get(row.key) or self._start(row.incoming, row.key)
            flight.late = True
            await asyncio.wait({flight.task})
            handled += flight.outcome is not None
        return handled

    async def settle(self) -> None:
        """Wait for every message in flight."""
        while self._flights:
            await asyncio.wait({flight.task for flight in self._flights.values()})

    def _start(self, incoming: Incoming, key: str) -> Flight:
        flight = self._flights[key] = Flight(key, incoming.sender)
        flight.task = asyncio.create_task(self._handle(incoming, flight))
        return flight

    async def _put_aside(self, incoming: Incoming, flight: Flight) -> Outcome | None:
        """Store a message to be handled from the inbox. One that comes again, and waits for a busy group's turn to
        learn it, has its outcome here; what its own flight decides meanwhile goes through the outbox."""
        async with self.store.transaction(f"inbox:{incoming.key}") as tx:
            system = tx.within(SYSTEM)
            if done := await system.find(Seen, key=incoming.key):
                return None if flight.decided else _known(done[0], incoming)
            if not await system.find(Inboxed, key=incoming.key):
                await system.add(Inboxed(key=incoming.key, incoming=incoming, created=incoming.at))
        return None

    async def _handle(self, incoming: Incoming, flight: Flight) -> None:
        """From the start of a flight to its end; whatever becomes of it, those who wait learn it."""
        try:
            try:
                flight.outcome = await self._once(incoming, flight)
            except Conflict:
                log.info("dispatch.conflict", message=flight.key)
                flight.outcome = await self._once(incoming, flight, again=True)
        except Exception as error:  # raised again where the outcome is asked for
            log.exception("dispatch.failed", message=flight.key)
            flight.error = error
        finally:
            del self._flights[flight.key]
            flight.landed()
            if flight.posted:
                self.posted()
            if flight.ordered:
                self._ordered()

    async def _once(self, incoming: Incoming, flight: Flight, *, again: bool = False) -> Outcome:
        flight.decided = False
        home = None if incoming.private else self._homes.get((incoming.channel, incoming.chat))
        space = home or await self._look(incoming, flight)
        try:
            async with self.store.transaction(space) as tx:
                system = tx.within(SYSTEM)
                if known := await system.find(Seen, key=flight.key):
                    await self._out_of_inbox(system, flight)
                    return _known(known[0], incoming)
                place = await find_place(system, incoming)
                if self._space_of(place, incoming) == space:
                    turn = await self._turn(tx, incoming, flight, place)
                    understood = await self._understand(turn)
                    before = tx.changed
                    reply = await self._run(turn, understood, place)
                    return await self._commit(turn, flight, reply, understood, wrote=tx.changed != before)
        except UserError as error:
            reply = refuse(error)
        except StoreError as error:
            if not (again and isinstance(error, Conflict)):
                raise
            reply = _incident(incoming)
        except Exception:  # noqa: BLE001 - the one place that turns a defect into an incident number
            reply = _incident(incoming)
        else:  # its conversation belongs to another group now
            return await self._once(incoming, flight, again=again)
        async with self.store.transaction(space) as tx:
            turn = await self._turn(tx, incoming, flight, await find_place(tx.within(SYSTEM), incoming))
            return await self._commit(turn, flight, reply, await self._understand(turn))

    async def _look(self, incoming: Incoming, flight: Flight) -> str:
        """Where a message belongs, without waiting for a turn; its files are fetched, unless it is a repeated one."""
        async with self.store.glance(SYSTEM) as tx:
            if await tx.find(Seen, key=flight.key):
                return SYSTEM
            place = await find_place(tx, incoming)
        if incoming.files:
            await self._fetch(incoming, flight, place)
        return self._space_of(place, incoming)

    def _space_of(self, place: Place, incoming: Incoming) -> str:
        """The space whose turn a message takes; that of a group's conversation is likely that of its next message."""
        if place.group is None:
            self._homes.pop((incoming.channel, incoming.chat), None)
            return f"nobody:{incoming.channel}"
        space = groups.space_of(place.group.key)
        if not incoming.private:
            self._homes[incoming.channel, incoming.chat] = space
        return space

    async def _fetch(self, incoming: Incoming, flight: Flight, place: Place) -> None:
        """Get the files of a message, before its group's turn: for members alone, and once however often it is tried.

        In private a group is known only where the speaker is a member of it.
        """
        if incoming.private and place.group and self._receiving and flight.received is None:
            flight.received = await self._receiving.take(incoming)

    async def _turn(self, tx: Transaction, incoming: Incoming, flight: Flight, place: Place) -> Context:
        now = self.clock.now()
        group = await groups.bind(tx, place.group, now) if place.group else None
        member = await membership(group, place.person)
        desk = OutboxDesk(tx.within(SYSTEM), group.key if group else "", now)
        documents = self._receiving.documents if self._receiving else None
        who = (group, member, place.person)
        files = (flight.received or (), documents)
        return Context(incoming, tx, now, self.registry, *who, desk, *files, self._rehearse, self._addresses)

    async def _understand(self, ctx: Context) -> Understanding:
        """What the words mean; an answer to the bot's own question stands for a whole message, and files alone for the
        command that takes them."""
        if ctx.incoming.files and not ctx.incoming.text:
            return self.registry.understand(self.registry.for_files, "")
        text = await dialogs.expand(ctx.tx.within(SYSTEM), ctx.incoming, ctx.incoming.text, ctx.now)
        return self.registry.understand(text, ctx.incoming.bot_name)

    async def _run(self, ctx: Context, understood: Understanding, place: Place) -> Reply:
        if understood.command is None:
            unclaimed = ctx.maybe_group is None and not ctx.private
            return menu.new_here() if unclaimed else menu.not_understood(self.registry, understood, ctx.role)
        command = self.registry.commands[understood.command]
        action, argument = command.choose(understood.argument)
        if len(place.choose_from) > 1 and not action.mark.anywhere:
            return menu.which_group(place.choose_from, ctx.incoming.text or self.registry.for_files)
        await may_they(ctx, action)
        names = await ctx.maybe_group.teachers() if ctx.maybe_group and action.signature.names_members else []
        return await action.run(ctx, **action.signature.parse(argument, names))

    def _did(self, ctx: Context, reply: Reply, understood: Understanding, *, wrote: bool) -> bool:
        """Whether this is what /撤销 takes back next; if it cannot be taken back, nothing older is either.

        A command that could have changed something and only looked or asked (/初案, /问题 5, /完成) is not.
        """
        command = self.registry.commands.get(understood.command or "")
        if command is None or ctx.maybe_group is None or ctx.maybe_member is None:
            return False
        if reply.undo:  # it may ask the next thing in the same breath
            return True
        return reply.status == "ok" and wrote and command.choose(understood.argument)[0].mark.writes

    async def _commit(
        self, ctx: Context, flight: Flight, reply: Reply, understood: Understanding, *, wrote: bool = False
    ) -> Outcome:
        """Everything a message leads to, written into its transaction; durable when that ends.

        Args:
            wrote: its handler changed something.
        """
        system = ctx.tx.within(SYSTEM)
        if reply.choices or ctx.incoming.files:  # a text has closed the open question already
            await dialogs.open_question(system, ctx.incoming, reply.choices, ctx.now)
        making = reply.job is not None and await place_order(ctx, reply.job)
        outcome, posts = await say(ctx, reply, understood, did=wrote and reply.status == "ok")
        if reply.job:
            flight.ordered, outcome = True, outcome.model_copy(update={"making": making})
        incoming = ctx.incoming
        kept = None if incoming.apart else outcome
        done: dict[str, Any] = {}
        if self._did(ctx, reply, understood, wrote=wrote):
            done = {"group": ctx.group.key, "doer": ctx.member.name, "undo": reply.undo, "posts": posts}
        await system.add(Seen(key=flight.key, sender=incoming.sender, outcome=kept, created=ctx.now, **done))
        late = await self._close(system, flight)
        if late or incoming.apart:
            await answer_apart(system, ctx, outcome, late=late)
        flight.posted = system.has_changed(OutboxItem)
        return outcome

    async def _close(self, system: Records, flight: Flight) -> bool:
        """Whether the answer goes through the outbox, which is settled here; the message is taken out of the inbox."""
        waited = await self._out_of_inbox(system, flight)
        flight.decided = True
        return waited or flight.late

    @staticmethod
    async def _out_of_inbox(system: Records, flight: Flight) -> bool:
        """Whether the message was there."""
        rows = await system.find(Inboxed, key=flight.key)
        for row in rows:
            await system.remove(row)
        return bool(rows)


def _known(seen: Seen, incoming: Incoming) -> Outcome:
    """The outcome of a message handled before."""
    return (seen.outcome if seen.sender in ("", incoming.sender) else None) or HANDLED


def _incident(incoming: Incoming) -> Reply:
    number = incident_number()
    log.exception("incident", incident=number, channel=incoming.channel, message=incoming.msgid)
    text = f"😣 刚才出了点问题\uff0c没有保存任何内容\uff08编号 {number}\uff09。"
    return Reply(message(text, "请再发一次\uff1b还不行请把编号告诉管理员。"), status="error")
