"""A report on its way to the process that draws it, packed piece by piece.

Fifty thousand records pickled in one go hold the interpreter for longer than an answer may take.
"""

import pickle
from dataclasses import dataclass, replace
from itertools import chain

from bot.domain.subjects import AT_ONCE, Source
from bot.reports.report import Report
from bot.turns import give_way


@dataclass(frozen=True)
class Packed:
    """A report without the records behind its figures, and these apart: of each figure, in pieces."""

    report: Report
    pieces: tuple[tuple[bytes, ...], ...]

    def whole(self) -> Report:
        """The report as it was."""
        figures = zip(self.report.figures, self.pieces, strict=True)
        return replace(
            self.report, figures=tuple(replace(figure, sources=_unpacked(pieces)) for figure, pieces in figures)
        )


async def packed(report: Report) -> Packed:
    """Pack a report; others run in between."""
    return Packed(report.without_records(), tuple([await _packed(figure.sources) for figure in report.figures]))


async def _packed(sources: tuple[Source, ...]) -> tuple[bytes, ...]:
    pieces = []
    for start in range(0, len(sources), AT_ONCE):
        pieces.append(pickle.dumps(sources[start : start + AT_ONCE]))
        await give_way()
    return tuple(pieces)


def _unpacked(pieces: tuple[bytes, ...]) -> tuple[Source, ...]:
    return tuple(chain.from_iterable(map(pickle.loads, pieces)))  # packed by the process that started this one
