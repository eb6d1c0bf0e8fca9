"""Transactions of the tiny store: copies that are swapped in at commit."""

from concurrent.futures import Future
from typing import Any, TypeVar

from bot.storage.folder import Folder
from bot.storage.overlay import Overlay
from bot.storage.rows import Change
from bot.storage.store import Record

R = TypeVar("R", bound=Record)


class TinyRecords:
    """The tables of one space inside a transaction; see ``Records``."""

    def __init__(self, transaction: "TinyTransaction", space: str) -> None:
        self._transaction = transaction
        self.space = space

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
        return self._overlay(kind).get(id)

    async def find(self, kind: type[R], **equal: Any) -> list[R]:
        """Records with these values, by a declared index."""
        return await self._overlay(kind).find(equal)

    async def scan(self, kind: type[R]) -> list[R]:
        """All records of the table."""
        return await self._overlay(kind).scan()

    async def count(self, kind: type[Record]) -> int:
        """How many records the table holds."""
        return self._overlay(kind).count()

    def _overlay(self, kind: type[R]) -> Overlay[R]:
        return self._transaction.overlay(self.space, kind)


class TinyTransaction(TinyRecords):
    """An open transaction; see ``Transaction``. Unusable after its end."""

    def __init__(self, folder: Folder, space: str) -> None:
        if not space:
            raise ValueError("a space needs a name")
        super().__init__(self, space)
        self._folder = folder
        self._overlays: dict[tuple[str, type[Record]], Overlay[Any]] = {}
        self._state = "open"

    def within(self, space: str) -> TinyRecords:
        """The records of another space, in the same commit."""
        return TinyRecords(self, space)

    def overlay(self, space: str, kind: type[R]) -> Overlay[R]:
        """What this transaction sees of a table."""
        if self._state != "open":
            raise RuntimeError("the transaction has ended")
        key = (space, kind)
        if key not in self._overlays:
            self._overlays[key] = Overlay(self._folder.shelf(space, kind))
        overlay: Overlay[R] = self._overlays[key]
        return overlay

    @property
    def changed(self) -> int:
        """Records added, updated or removed so far, in all spaces; each counts once."""
        return sum(len(overlay.changed) for overlay in self._overlays.values())

    @property
    def wrote(self) -> bool:
        """Whether there is anything to wait for."""
        return any(overlay.written for overlay in self._overlays.values())

    def commit(self) -> "Future[None]":
        """Check, swap in and queue, without a pause in which others could run.

        Raises:
            Conflict: others were faster; nothing was changed.
            ReadOnly: the store is closed or a batch has failed; nothing was changed.
        """
        written = [overlay for overlay in self._overlays.values() if overlay.written]
        for overlay in written:
            overlay.check()
        pairs = [overlay.shelf.reindex(overlay.fresh()) for overlay in written]
        changes = {overlay.shelf.table.name: Change(overlay.changed) for overlay in written}
        durable = self._folder.storage.change(changes) if changes else self._folder.storage.barrier()
        for overlay, replaced in zip(written, pairs, strict=True):
            overlay.shelf.swap(replaced)
        self._state = "committed"
        return durable

    def end(self) -> None:
        """Close; without a commit, forget everything."""
        if self._state == "open":
            for overlay in self._overlays.values():
                overlay.give_up()
        self._state = "ended"
