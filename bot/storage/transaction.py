"""Transactions of the tiny store: copies that are swapped in at commit."""

from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

from bot.storage.folder import Folder
from bot.storage.overlay import Overlay
from bot.storage.rows import Change
from bot.storage.sequence import Sequence, table_of
from bot.storage.shelf import Shelf
from bot.storage.store import Record

R = TypeVar("R", bound=Record)

_ENDED: Mapping[type[Record], Shelf[Any]] = {}


class Part(Protocol):
    """What a transaction writes to one table."""

    @property
    def name(self) -> str:
        """The table's."""
        ...

    @property
    def changed(self) -> Mapping[int, bytes | None]:
        """New bytes by id, None for a removed row."""
        ...

    @property
    def written(self) -> bool:
        """Whether there is anything to commit."""
        ...

    def check(self) -> None:
        """Raise ``Conflict`` when others were faster."""
        ...

    def swap(self) -> None:
        """Show everybody what is committed."""
        ...

    def give_up(self) -> None:
        """Forget everything."""
        ...


class TinyRecords:
    """The tables of one space inside a transaction; see ``Records``. Tables it changes nothing in are read as they are.

    Args:
        space: its name, not empty.
        changing: takes the parts made here, for the transaction to commit.
    """

    def __init__(self, folder: Folder, space: str, changing: list[Part]) -> None:
        if not space:
            raise ValueError("a space needs a name")
        self.space = space
        self._folder = folder
        self._known: Mapping[type[Record], Shelf[Any]] = folder.known(space)
        self._changing = changing
        self._overlays: dict[type[Record], Overlay[Any]] = {}
        self._sequences: dict[str, Sequence] = {}

    async def add(self, record: R) -> R:
        """Store a new record; an ``id`` it carries is ignored."""
        return self._overlay(type(record)).add(record)

    async def update(self, record: R) -> R:
        """Store a changed record."""
        return self._overlay(type(record)).update(record)

    async def remove(self, record: Record) -> None:
        """Delete a record."""
        self._overlay(type(record)).remove(record)

    async def get(self, kind: type[R], id: int) -> R | None:
        """The record with this id, or None."""
        return self._overlay(kind).get(id) if kind in self._overlays else self._shelf(kind).record(id)

    async def find(self, kind: type[R], **equal: Any) -> list[R]:
        """Records with these values, by a declared index."""
        if kind not in self._overlays:
            found = (self._known.get(kind) or self._shelf(kind)).find(equal)
            if found is not None:
                return found
        return await self._overlay(kind).find(equal)

    async def scan(self, kind: type[R]) -> list[R]:
        """All records of the table."""
        return await self._overlay(kind).scan()

    async def count(self, kind: type[Record], **equal: Any) -> int:
        """How many records the table holds, or have these values."""
        overlay = self._overlay(kind)
        return await overlay.count_of(equal) if equal else overlay.count()

    async def latest(self, kind: type[R], most: int, **equal: Any) -> list[R]:
        """The last records with these values, by a declared index."""
        return await self._overlay(kind).latest(most, equal)

    async def next_number(self, sequence: str, above: int = 0) -> int:
        """The next number of a sequence."""
        found = self._sequences.get(sequence)
        if found is None:
            if self._known is _ENDED:
                raise _ended()
            name = table_of(self.space, sequence)
            found = self._sequences[sequence] = Sequence(name, self._folder.storage.rows(name))
            self._changing.append(found)
        return found.take(above)

    def has_changed(self, kind: type[Record]) -> bool:
        """Whether the table is another one since the transaction began."""
        overlay = self._overlays.get(kind)
        return overlay is not None and bool(overlay.changed)

    def branched(self, changing: list[Part]) -> "TinyRecords":
        """The same tables for a trial: it sees what was changed here, and its own changes go to ``changing`` alone."""
        other = TinyRecords(self._folder, self.space, changing)
        other._branch(self)
        return other

    def _branch(self, origin: "TinyRecords") -> None:
        self._overlays = {kind: overlay.branch() for kind, overlay in origin._overlays.items()}
        self._changing += self._overlays.values()

    def _overlay(self, kind: type[R]) -> Overlay[R]:
        overlay: Overlay[R] | None = self._overlays.get(kind)
        if overlay is None:
            overlay = self._overlays[kind] = Overlay(self._shelf(kind))
            self._changing.append(overlay)
        return overlay

    def _shelf(self, kind: type[R]) -> Shelf[R]:
        if self._known is _ENDED:
            raise _ended()
        return self._known.get(kind) or self._folder.shelf(self.space, kind)

    def end(self) -> None:
        """Nothing can be read or written any more."""
        self._known, self._overlays, self._sequences = _ENDED, {}, {}


def _ended() -> RuntimeError:
    return RuntimeError("the transaction has ended")


class TinyTransaction(TinyRecords):
    """An open transaction; see ``Transaction``. Unusable after its end."""

    def __init__(self, folder: Folder, space: str) -> None:
        super().__init__(folder, space, [])
        self._others: dict[str, TinyRecords] = {}
        self._committed = False

    def within(self, space: str) -> TinyRecords:
        """The records of another space, in the same commit."""
        if space == self.space:
            return self
        if space not in self._others:
            self._others[space] = TinyRecords(self._folder, space, self._changing)
            if self._known is _ENDED:
                self._others[space].end()
        return self._others[space]

    @asynccontextmanager
    async def trial(self) -> "AsyncIterator[TinyTransaction]":
        """See ``Transaction.trial``."""
        inner = TinyTransaction(self._folder, self.space)
        inner._branch(self)
        inner._others = {space: records.branched(inner._changing) for space, records in self._others.items()}
        try:
            yield inner
        finally:
            inner.end()

    @property
    def changed(self) -> int:
        """Records added, updated or removed so far, in all spaces; each counts once."""
        return sum([len(part.changed) for part in self._changing])

    @property
    def wrote(self) -> bool:
        """Whether there is anything to wait for."""
        return any(part.written for part in self._changing)

    def commit(self) -> "Future[None]":
        """Check, swap in and queue, without a pause in which others could run.

        Raises:
            Conflict: others were faster; nothing was changed.
            ReadOnly: the store is closed or a batch has failed; nothing was changed.
        """
        written = [part for part in self._changing if part.written]
        if not written:
            return self._folder.storage.barrier()
        for part in written:
            part.check()
        durable = self._folder.storage.change({part.name: Change(part.changed) for part in written})
        for part in written:
            part.swap()
        self._committed = True
        return durable

    def end(self) -> None:
        """Close; without a commit, forget everything."""
        if not self._committed:
            for part in self._changing:
                part.give_up()
        super().end()
        for records in self._others.values():
            records.end()
