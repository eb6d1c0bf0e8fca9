"""What one open transaction has changed in one table, laid over the committed records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from typing import Any, Generic, TypeVar

from bot.errors import Conflict
from bot.storage.index import Indexes, twin_among, unique_conflict
from bot.storage.shelf import AT_ONCE, Shelf, matches
from bot.storage.store import Record
from bot.turns import give_way

R = TypeVar("R", bound=Record)

_FEW = 8
"""Records changed in one table that are looked through rather than indexed."""


class Overlay(Generic[R]):
    """Reads fall through to the shelf; writes stay here until the transaction is swapped in.

    Args:
        shelf: the committed table.
    """

    def __init__(self, shelf: Shelf[R]) -> None:
        self.shelf = shelf
        self.name = shelf.name
        self.changed: dict[int, bytes | None] = {}
        self._fresh: dict[int, R] = {}  # what ``changed`` holds, decoded; shared with nobody
        self._bases: dict[int, R | None] = {}  # id → the committed record the change builds on, None for a new one
        self._own: Indexes | None = None
        self._taken: list[int] = []
        self._since = shelf.swaps

    def branch(self) -> "Overlay[R]":
        """Another that sees what this one sees, and of whose changes this one learns nothing."""
        other = Overlay(self.shelf)
        other.changed, other._fresh, other._bases = dict(self.changed), dict(self._fresh), dict(self._bases)
        return other

    @property
    def written(self) -> bool:
        """Whether there is anything to commit; an id given out and removed again counts, it must not come back."""
        return bool(self.changed or self._taken)

    def get(self, number: int) -> R | None:
        """A copy of a record as this transaction sees it."""
        if number not in self.changed:
            return self.shelf.record(number)
        return None if self.changed[number] is None else self.shelf.codec.copy(self._fresh[number])

    def add(self, record: R) -> R:
        """See ``Records.add``."""
        rows = self.shelf.rows
        number = rows.take_id()
        try:
            fresh, raw = self.shelf.codec.sealed(record, id=number, revision=1)
            self._refuse_twins(fresh)
        except BaseException:
            rows.give_back_id(number)
            raise
        self._taken.append(number)
        self._put(fresh, raw, None)
        return self.shelf.codec.copy(fresh)

    def update(self, record: R) -> R:
        """See ``Records.update``."""
        current = self._current(record)
        fresh, raw = self.shelf.codec.sealed(record, id=record.id, revision=record.revision + 1)
        if not self.shelf.indexes.same_unique(fresh, current):
            self._refuse_twins(fresh)
        if self._own is not None and record.id in self.changed:
            self._own.discard(current)
        self._put(fresh, raw, current)
        return self.shelf.codec.copy(fresh)

    def remove(self, record: Record) -> None:
        """See ``Records.remove``."""
        current = self._current(record)
        if self._own is not None and record.id in self.changed:
            self._own.discard(current)
        self._fresh.pop(record.id, None)
        if self._bases.setdefault(record.id, current) is not None:
            self.changed[record.id] = None
        else:  # added by this transaction: nobody will ever see it
            del self.changed[record.id], self._bases[record.id]

    async def find(self, equal: Mapping[str, Any]) -> list[R]:
        """See ``Records.find``."""
        if (alone := self._exact(equal)) is not None:
            return await self._records(alone)
        numbers, _ = self.shelf.indexes.ids(equal)
        below = (number for number in numbers if number not in self.changed)
        found = await self._records(merge(below, self._own_ids(equal)))
        return [record for record in found if matches(record, equal)]

    async def scan(self) -> list[R]:
        """See ``Records.scan``."""
        return await self._records(sorted(self._numbers()))

    async def latest(self, most: int, equal: Mapping[str, Any]) -> list[R]:
        """See ``Records.latest``."""
        numbers = self._exact(equal)
        found = await self.find(equal) if numbers is None else await self._records(numbers[-most:])
        return found[-most:]

    async def count_of(self, equal: Mapping[str, Any]) -> int:
        """See ``Records.count``."""
        numbers = self._exact(equal)
        return len(await self.find(equal) if numbers is None else numbers)

    def _exact(self, equal: Mapping[str, Any]) -> Sequence[int] | None:
        """The ids of just the records with these values, ascending; None when they have to be looked at for that."""
        numbers, exact = self.shelf.indexes.ids(equal)
        return numbers if exact and not self.changed else None

    def count(self) -> int:
        """See ``Records.count``."""
        shown = sum(1 for raw in self.changed.values() if raw is not None)
        return len(self.shelf.documents) - sum(number in self.shelf.documents for number in self.changed) + shown

    def check(self) -> None:
        """Compare with what others have committed meanwhile.

        Raises:
            Conflict: a record changed here was changed there too, or a unique value is taken.
        """
        if self.shelf.swaps == self._since:  # each write was compared with what stands there still
            return
        for number, raw in self.changed.items():
            if self.shelf.revision(number) != _revision(self._bases[number]):
                raise _changed_elsewhere(self.shelf.kind.TABLE, number)
            if raw is not None:
                self._refuse_twins(self._fresh[number])

    def swap(self) -> None:
        """Show everybody what is changed here; cannot fail."""
        self.shelf.swap([(self._bases[number], self._fresh.get(number)) for number in self.changed])

    def give_up(self) -> None:
        """Return the ids taken, so that a failed transaction leaves no gap."""
        while self._taken:
            self.shelf.rows.give_back_id(self._taken.pop())

    def _numbers(self) -> Iterator[int]:
        yield from (number for number in self.shelf.documents if number not in self.changed)
        yield from (number for number, raw in self.changed.items() if raw is not None)

    async def _records(self, numbers: Iterable[int]) -> list[R]:
        """Copies of records, in the order of ``numbers``, as they are now; a long list lets others run in between."""
        shelf, fresh = self.shelf, self._fresh
        now = [fresh[number] if number in fresh else shelf.seen(number) for number in numbers]
        records: list[R] = []
        for start in range(0, len(now), AT_ONCE):
            if start:
                await give_way()
            records += map(shelf.codec.record, now[start : start + AT_ONCE])
        return records

    def _put(self, record: R, raw: bytes, base: R | None) -> None:
        if self._own is not None:
            self._own.add(record, record.id)
        self._bases.setdefault(record.id, base)
        self.changed[record.id] = raw
        self._fresh[record.id] = record

    def _current(self, record: Record) -> R:
        """The record as it stands, not to be given out, if the caller's copy is of the same revision."""
        number = record.id
        current = self._fresh.get(number) if number in self.changed else self.shelf.own(number)
        if current is None or current.revision != record.revision:
            raise _changed_elsewhere(record.TABLE, number)
        return current

    def _refuse_twins(self, record: R) -> None:
        own = self._own_twin(record) if self._fresh else ()
        if fields := own or self.shelf.indexes.twin(record, self.changed):
            raise unique_conflict(record, fields)

    def _own_twin(self, record: R) -> tuple[str, ...]:
        """As ``Indexes.twin``, of what is changed here."""
        own = self._indexed()
        return own.twin(record) if own else twin_among(record, self._fresh.values())

    def _own_ids(self, equal: Mapping[str, Any]) -> Iterable[int]:
        """Ascending ids of what is changed here and may have these values."""
        own = self._indexed()
        return own.ids(equal)[0] if own else sorted(n for n, record in self._fresh.items() if matches(record, equal))

    def _indexed(self) -> Indexes | None:
        """Indexes of what is changed here; None while it is so little that looking through it is quicker."""
        if self._own is None and len(self._fresh) > _FEW:
            self._own = Indexes(self.shelf.kind)
            for number, other in self._fresh.items():
                self._own.add(other, number)
        return self._own


def _revision(record: Record | None) -> int:
    return 0 if record is None else record.revision


def _changed_elsewhere(table: str, number: int) -> Conflict:
    return Conflict(f"记录《{table}》{number} 已被别人改动或删除\uff0c请重新读取后再试。")
