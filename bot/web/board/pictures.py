"""Charts that were drawn for a page, until somebody's browser has fetched them."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

from bot.reports.charts import Chart

MOST = 48
"""Pictures of all groups together, of some 20 KB; the oldest goes first, and the page says its numbers all the same."""


MOST_SETS = 12
"""Reports whose charts are known: of one that has not changed nothing is drawn again."""


class Pictures:
    """Keeps the SVGs of charts by what they hold, each for its group alone."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._sets: OrderedDict[str, list[Chart]] = OrderedDict()

    async def charts(self, shown: str, draw: Callable[[], Awaitable[list[Chart]]]) -> list[Chart]:
        """The charts of what is shown, drawn unless they are known.

        Args:
            shown: all that they are drawn from; the same text, the same charts.
        """
        key = sha256(shown.encode()).hexdigest()
        if key not in self._sets:
            self._sets[key] = await draw()
        self._sets.move_to_end(key)
        while len(self._sets) > MOST_SETS:
            self._sets.popitem(last=False)
        return self._sets[key]

    def keep(self, group: str, svg: str) -> str:
        """Keep a picture; returns the name it is fetched by."""
        name = sha256(svg.encode()).hexdigest()[:24]
        self._held[group, name] = svg
        self._held.move_to_end((group, name))
        while len(self._held) > MOST:
            self._held.popitem(last=False)
        return name

    def read(self, group: str, name: str) -> str | None:
        """A picture of this group; None = gone, or another group's."""
        return self._held.get((group, name))
