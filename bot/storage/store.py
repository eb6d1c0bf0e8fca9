"""What every storage backend promises.

A *space* is a namespace of tables: one per group (``group:<key>``), one per school, and ``system``. A *table* holds
the records of one class. A transaction is opened for one space, whose lock it holds, and may read and write other
spaces too.

The promises, tested against every backend in ``tests/storage/test_contract*.py``:

* ``async with store.transaction(space)`` is all or nothing: an exception leaves no trace; a normal end returns only
  when the writes are durable (they survive ``kill -9`` and power loss).
* Transactions of one space run one at a time, in the order of asking. The lock is given back when the write set is
  queued; the caller alone waits for the disk.
* Records read are copies: changing one changes nothing until ``update``.
* ``update`` and ``remove`` of a record that another transaction changed since it was read raise ``Conflict`` at commit.
* Look-ups by id and by declared index do not slow down as the table grows.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A stored thing.

    Class attributes a subclass sets:

    * ``TABLE``: name of its table, unique in the program.
    * ``SCHEMA``: version of its fields; raise it when they change and override ``upgrade``.
    * ``INDEXES``: field names that ``find`` may be asked for; a tuple of names is one index of them together, which
      matters where each alone finds thousands.
    * ``UNIQUE``: tuples of field names whose values together occur once in a space; ``add`` and ``update`` raise
      ``Conflict`` otherwise. Rows where one of the fields is ``None`` are exempt, as in SQL. A unique tuple can be
      looked up with ``find`` too.

    ``id`` is given by ``add`` (1, 2, 3 … per table and space, never used twice). ``revision`` counts the writes and is
    what ``Conflict`` is decided by. ``created`` and ``author`` say when and by whom.
    """

    # Most kinds are of no use in most runs: what checks one is built when its first record is made or read.
    model_config = ConfigDict(extra="forbid", validate_assignment=True, defer_build=True)

    TABLE: ClassVar[str] = ""
    SCHEMA: ClassVar[int] = 1
    INDEXES: ClassVar[tuple[str | tuple[str, ...], ...]] = ()
    UNIQUE: ClassVar[tuple[tuple[str, ...], ...]] = ()

    id: int = 0
    revision: int = 0
    created: datetime | None = None
    author: str = ""

    @classmethod
    def upgrade(cls, schema: int, data: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG003  (for subclasses)
        """Bring a document written under an older ``schema`` to today's fields."""
        return data


R = TypeVar("R", bound=Record)


class Records(Protocol):
    """The tables of one space, seen from inside a transaction."""

    space: str

    async def add(self, record: R) -> R:
        """Store a new record and return the stored copy, with ``id`` and ``revision`` set.

        Raises:
            Conflict: a unique value exists already.
        """
        ...

    async def update(self, record: R) -> R:
        """Store a changed record and return the stored copy.

        Raises:
            Conflict: it is gone, was changed since it was read, or a unique value exists already.
        """
        ...

    async def remove(self, record: Record) -> None:
        """Delete a record.

        Raises:
            Conflict: it is gone, or was changed since it was read.
        """
        ...

    async def get(self, kind: type[R], id: int) -> R | None:
        """The record with this id, or None."""
        ...

    async def find(self, kind: type[R], **equal: Any) -> list[R]:
        """Records whose indexed fields equal the given values, by ascending id.

        One declared index (or one whole unique tuple) narrows the search; further equalities on any other field
        filter what it found.

        Raises:
            ValueError: none of the given fields is a declared index.
        """
        ...

    async def scan(self, kind: type[R]) -> list[R]:
        """All records of the table, by ascending id. For jobs and small tables only: it takes time with size."""
        ...

    async def count(self, kind: type[Record], **equal: Any) -> int:
        """How many records the table holds; with ``equal``, how many ``find`` would find, without reading them where an
        index knows all these fields.

        Raises:
            ValueError: as ``find``.
        """
        ...

    async def latest(self, kind: type[R], most: int, **equal: Any) -> list[R]:
        """The last ``most`` of what ``find`` would find, by ascending id; the others are not read where an index knows
        all these fields.

        Raises:
            ValueError: as ``find``.
        """
        ...

    async def next_number(self, sequence: str, above: int = 0) -> int:
        """The next number of a sequence of this space: 1, 2, 3 …, or the first above ``above``.

        Once it is committed it is never given out again, not even when what bore it is removed.
        """
        ...

    def has_changed(self, kind: type[Record]) -> bool:
        """Whether this transaction has added, updated or removed a record of that kind here so far."""
        ...


class Transaction(Records, Protocol):
    """An open transaction; itself the records of the space it was opened for."""

    @property
    def changed(self) -> int:
        """Records added, updated or removed so far, in all spaces; each counts once."""
        ...

    def within(self, space: str) -> Records:
        """The records of another space, in the same commit."""
        ...

    def trial(self) -> "AbstractAsyncContextManager[Transaction]":
        """A transaction within this one to see what would become of something: it sees what this one sees, and what is
        written in it is forgotten at its end. The outer one is left alone until then."""
        ...


class Store(Protocol):
    """A backend."""

    @property
    def healthy(self) -> bool:
        """False while the store is read-only or closed."""
        ...

    @property
    def trouble(self) -> str:
        """Why it is not healthy, a Chinese sentence; empty while it is."""
        ...

    async def open(self) -> Self:
        """Make ready. Raises ``Locked`` when another process holds the data."""
        ...

    async def close(self) -> None:
        """Finish what is queued and let go of the data."""
        ...

    def transaction(self, space: str) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that holds the lock of ``space``.

        Raises:
            ReadOnly: a batch has failed; reopen first.
        """
        ...

    def glance(self, space: str) -> AbstractAsyncContextManager[Transaction]:
        """As ``transaction``, for a look that leads to another transaction: waits for nobody's lock and holds none.

        One that wrote nothing ends at once: what it read may not be durable yet, so nobody may be told of it before
        a later transaction of the same task has ended. One that wrote raises ``Conflict`` where others were faster.
        """
        ...

    def spaces(self, prefix: str = "") -> AsyncIterator[str]:
        """Names of the spaces that hold anything, starting with ``prefix``."""
        ...

    async def backup(self, target: str) -> None:
        """Write a consistent copy to the file ``target`` while others go on writing."""
        ...
