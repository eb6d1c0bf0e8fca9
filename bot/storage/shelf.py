"""The committed records of one table: JSON bytes in a TinyDB table, indexes beside it."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from bot.errors import StoreError
from bot.storage.index import Indexes
from bot.storage.store import Record
from bot.storage.table import RowTable

R = TypeVar("R", bound=Record)


class Stored(BaseModel, Generic[R]):
    """How a record lies in its TinyDB document: with the version of its fields."""

    version: int
    record: R


class Codec(Generic[R]):
    """Turns records of one kind into bytes and back. What comes back is validated and shared with nobody."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._stored = cast("type[Stored[R]]", Stored.__class_getitem__(kind))
        self._head = b'{"version":%d,"record":' % kind.SCHEMA

    def encode(self, record: R) -> bytes:
        """A record as UTF-8 JSON. Raises pydantic's errors for values its fields do not allow."""
        # Values of a wrong type need no warning here: they do not survive ``decode``, through which every record goes.
        body = record.model_dump_json(round_trip=True, by_alias=False, warnings=False)
        return self._head + body.encode() + b"}"

    def decode(self, raw: bytes) -> R:
        """The record in ``raw``, which is of today's version."""
        return self._stored.model_validate_json(raw, by_name=True).record

    def modern(self, raw: bytes) -> bytes:
        """``raw`` brought to today's fields.

        Raises:
            StoreError: it was written by a newer program.
        """
        if raw.startswith(self._head):
            return raw
        document = from_json(raw)
        version = document["version"]
        if version > self._kind.SCHEMA:
            raise StoreError(
                f"记录《{self._kind.TABLE}》由更新的版本写成\uff08格式 {version}\uff09\uff0c请用新版本打开。"
            )
        return self._head + to_json(self._kind.upgrade(version, document["record"])) + b"}"


class Shelf(Generic[R]):
    """One table of one space, as all transactions see it.

    Documents of older versions are brought up to date in memory; the disk gets them with their next update.
    """

    def __init__(self, kind: type[R], table: RowTable) -> None:
        self.kind = kind
        self.table = table
        self.codec = Codec(kind)
        self.indexes = Indexes(kind)
        self.documents: dict[int, bytes] = table.rows.documents
        for number, raw in self.documents.items():
            self.documents[number] = modern = self.codec.modern(raw)  # same keys, so the dict may be walked
            self.indexes.add(self.codec.decode(modern), number)

    def record(self, number: int) -> R | None:
        """A copy of a record, or None."""
        raw = self.documents.get(number)
        return None if raw is None else self.codec.decode(raw)

    def revision(self, number: int) -> int:
        """The revision of a record; 0 when there is none."""
        record = self.record(number)
        return 0 if record is None else record.revision

    def reindex(self, changes: Mapping[int, bytes | None]) -> "list[tuple[R | None, R | None]]":
        """The (old, new) pairs ``swap`` needs, made while nothing is changed yet."""
        return [(self.record(number), self._decoded(raw)) for number, raw in changes.items()]

    def swap(self, pairs: "list[tuple[R | None, R | None]]") -> None:
        """Bring the indexes in line with changed documents; cannot fail."""
        for old, _ in pairs:
            if old is not None:
                self.indexes.discard(old)
        for _, new in pairs:
            if new is not None:
                self.indexes.add(new, new.id)

    def _decoded(self, raw: bytes | None) -> R | None:
        return None if raw is None else self.codec.decode(raw)


def matches(record: Record, equal: Mapping[str, Any]) -> bool:
    """Whether all the given fields have the given values."""
    return all(getattr(record, name) == value for name, value in equal.items())
