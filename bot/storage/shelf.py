"""The committed records of one table: JSON bytes in a TinyDB table, indexes beside it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from bot.errors import StoreError
from bot.storage.index import Indexes
from bot.storage.sharing import duplicate, is_shareable
from bot.storage.store import Record
from bot.storage.table import RowTable

R = TypeVar("R", bound=Record)

FEW = 100
"""Records found at once that are kept decoded."""

AT_ONCE = 500
"""Records decoded between two turns of the event loop, about 2 ms."""

MOST_DECODED = 1_000
"""Records of one table kept decoded; a table read as a whole must not stay in memory twice."""


class Codec(Generic[R]):
    """Turns records of one kind into bytes and back. What comes back is validated and shared with nobody.

    In its TinyDB document a record lies beside the version of its fields: ``{"version":1,"record":{…}}``.
    """

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        adapter = TypeAdapter(kind)
        self._validated, self._as_json = adapter.validator.validate_python, adapter.serializer.to_json
        self._from_json = adapter.validator.validate_json
        self._head = b'{"version":%d,"record":' % kind.SCHEMA
        self.shares = is_shareable(kind)

    def encode(self, record: R) -> bytes:
        """A record as UTF-8 JSON. Raises pydantic's errors for values its fields do not allow."""
        # Values of a wrong type need no warning here: they do not survive ``sealed``, through which every record goes.
        body = self._as_json(record, round_trip=True, by_alias=False, warnings=False)
        return self._head + body + b"}"

    def decode(self, raw: bytes) -> R:
        """The record in ``raw``, which is of today's version."""
        record: R = self._from_json(raw[len(self._head) : -1], by_name=True)
        return record

    def sealed(self, record: R, *, id: int, revision: int) -> tuple[R, bytes]:
        """A record as it may be stored with this id and revision, validated anew and shared with nobody; its bytes."""
        if self.shares:
            fresh: R = self._validated({**record.__dict__, "id": id, "revision": revision})
            return fresh, self.encode(fresh)
        stamped = duplicate(record)
        stamped.__dict__.update(id=id, revision=revision)
        raw = self.encode(stamped)
        return self.decode(raw), raw

    def copy(self, record: R) -> R:
        """The same record for somebody else; the fields of most kinds cannot be changed in place."""
        return duplicate(record) if self.shares else record.model_copy(deep=True)

    def record(self, held: R | bytes) -> R:
        """A copy of what ``Shelf.held`` gave."""
        return self.decode(held) if isinstance(held, bytes) else self.copy(held)

    def modern(self, raw: bytes) -> bytes:
        """``raw`` brought to today's fields.

        Raises:
            StoreError: it was written by a newer program.
        """
        if raw.startswith(self._head) and raw.endswith(b"}}"):
            return raw
        document = from_json(raw)
        version = document["version"]
        if version > self._kind.SCHEMA:
            raise StoreError(
                f"记录《{self._kind.TABLE}》由更新的版本写成\uff08格式 {version}\uff09\uff0c请用新版本打开。"
            )
        return self._head + to_json(self._kind.upgrade(version, document["record"])) + b"}"


@cache
def codec_of(kind: type[R]) -> Codec[R]:
    """The codec of a kind; every group has a table of most kinds."""
    return Codec(kind)


class Shelf(Generic[R]):
    """One table of one space, as all transactions see it.

    Documents of older versions are brought up to date in memory; the disk gets them with their next update.
    """

    def __init__(self, kind: type[R], table: RowTable) -> None:
        self.kind = kind
        self.name = table.name
        self.rows = table.rows
        self.codec: Codec[R] = codec_of(kind)
        self.indexes = Indexes(kind)
        self.documents: dict[int, bytes] = self.rows.documents
        self.swaps = 0  # how often something was committed
        self._decoded: dict[int, R] = {}
        for number, raw in self.documents.items():
            self.documents[number] = modern = self.codec.modern(raw)  # same keys, so the dict may be walked
            self.indexes.add(self.codec.decode(modern), number)

    def record(self, number: int) -> R | None:
        """A copy of a record, or None."""
        return self.codec.record(self.held(number)) if number in self.documents else None

    def held(self, number: int) -> R | bytes:
        """A record for ``Codec.record``; kept decoded when it was read lately and can be copied cheaply."""
        if not self.codec.shares:
            return self.documents[number]
        found = self._decoded.get(number)
        if found is None:
            if len(self._decoded) >= MOST_DECODED:
                self._decoded.clear()
            found = self._decoded[number] = self.codec.decode(self.documents[number])
        return found

    def seen(self, number: int) -> R | bytes:
        """As ``held``, but what is not kept decoded already stays as it is: for long lists."""
        return self._decoded.get(number) or self.documents[number]

    def find(self, equal: Mapping[str, Any]) -> list[R] | None:
        """Copies of the records with these values, by ascending id; None when there are too many to look at in one go.

        Raises:
            ValueError: no declared index is covered by ``equal``, or a field is unknown.
        """
        whole = self.indexes.plan(tuple(equal)).whole
        if whole is not None:  # what is asked for most: one record, or that there is none
            number = whole.only(whole.key(equal))
            if number is None:
                return []
            if isinstance(number, int):
                one = self._decoded.get(number) or self.own(number)
                return [] if one is None else [duplicate(one) if self.codec.shares else one]
        numbers, exact = self.indexes.ids(equal)
        if len(numbers) > AT_ONCE:
            return None
        read = self.own if len(numbers) <= FEW else self._read  # a long list would push out what is asked for always
        found = [record for number in numbers if (record := read(number)) is not None]
        if not exact:
            found = [record for record in found if matches(record, equal)]
        return [duplicate(one) for one in found] if self.codec.shares else found  # others were decoded for this caller

    def revision(self, number: int) -> int:
        """The revision of a record; 0 when there is none."""
        record = self.own(number)
        return 0 if record is None else record.revision

    def swap(self, pairs: "list[tuple[R | None, R | None]]") -> None:
        """Bring the indexes in line with changed documents, of which each was (old) and is (new), None where there is
        none; cannot fail."""
        self.swaps += 1
        for old, new in pairs:
            if new is None:
                self._forget(old)
            elif old is None:
                self.indexes.add(new, new.id)
            else:
                self.indexes.move(old, new)
                if self.codec.shares:  # what is changed once is soon read again
                    self._decoded[new.id] = new

    def _forget(self, old: R | None) -> None:
        if old is not None:
            self.indexes.discard(old)
            self._decoded.pop(old.id, None)

    def own(self, number: int) -> R | None:
        """A record as it stands: not to be given out when it is shared, nobody else's otherwise."""
        if found := self._decoded.get(number):
            return found
        if number not in self.documents:
            return None
        held = self.held(number)
        return self.codec.decode(held) if isinstance(held, bytes) else held

    def _read(self, number: int) -> R | None:
        """As ``own``, without keeping it decoded."""
        if number not in self.documents:
            return None
        seen = self.seen(number)
        return self.codec.decode(seen) if isinstance(seen, bytes) else seen


def matches(record: Record, equal: Mapping[str, Any]) -> bool:
    """Whether all the given fields have the given values."""
    values = record.__dict__
    return all(values[name] == value for name, value in equal.items())
