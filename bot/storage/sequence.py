"""Numbers given out one after the other: the ids of a table that holds no rows."""

from collections.abc import Mapping

from bot.storage.rows import Rows


def table_of(space: str, sequence: str) -> str:
    """The name under which a sequence is kept. Behind the last stroke stands what no kind of record is called."""
    return f"{space}/#{sequence.replace('%', '%25').replace('/', '%2F')}"


class Sequence:
    """What one open transaction takes of a sequence. Its face towards the transaction is that of an ``Overlay``.

    Args:
        name: as ``table_of`` makes it.
        rows: its table.
    """

    changed: Mapping[int, bytes | None] = {}
    """There are no records in it."""

    def __init__(self, name: str, rows: Rows) -> None:
        self.name = name
        self._rows = rows
        self._taken: list[int] = []

    @property
    def written(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self._taken)

    def take(self, above: int = 0) -> int:
        """The next number greater than ``above``."""
        self._rows.last_id = max(self._rows.last_id, above)
        number = self._rows.take_id()
        self._taken.append(number)
        return number

    def check(self) -> None:
        """A number taken is nobody else's: there is nothing to compare."""

    def swap(self) -> None:
        """Nothing is read from it: there is nothing to bring in line."""

    def give_up(self) -> None:
        """Return the numbers taken, so that a failed transaction leaves no gap."""
        while self._taken:
            self._rows.give_back_id(self._taken.pop())
