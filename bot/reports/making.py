"""Slow work by name: what makes a file, and how a handler orders it.

A maker gathers on the event loop and returns what draws; drawing is done by another process (bot/reports/press.py) and
touches no store, so it is a function of a module with what was gathered::

    @makes("digest.word")
    async def word(group: Group, who: str, first: str) -> Draw:
        return partial(_written, await gathered(group, first))

What draws from files of the data folder as well (a school's own form, pictures) is handed back as ``FromFiles``.

A module of bot/reports that marks a function is found by name; there is no list to add it to. Gathering sees the group
at the moment of the order and only reads. Names are kept in orders that outlive a restart: rename one, and what was
ordered before an upgrade is told to be ordered anew.
"""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import bot.reports
from bot.content import Action

_MARK = "__makes__"


class MadeFile(NamedTuple):
    """A file as bytes; ``name`` is for people and has its ending."""

    name: str
    data: bytes


class Made(NamedTuple):
    """What an order led to: lines to say, files to send, what can be done next."""

    lines: tuple[str, ...]
    files: tuple[MadeFile, ...] = ()
    actions: tuple[Action, ...] = ()


Draw = Callable[[], Made]
"""Makes the files of what was gathered; can be pickled. Raises ``UserError`` with a sentence for who asked."""

Read = Callable[[str], bytes]
"""The bytes of a file of the data folder, by its path in a record. Raises ``StoreError``: it is gone."""


@dataclass(frozen=True)
class Several:
    """Draws that need nothing of one another, told as one. A ``Draw`` itself: called, it draws one after the other;
    the press has them drawn at the same time where the machine can.

    Attributes:
        draws: the longest first.
        told: says what they made, given in the same order; a function of a module.
    """

    draws: tuple[Draw, ...]
    told: Callable[[Sequence[Made]], Made]

    def __call__(self) -> Made:
        """All of them, one after the other."""
        return self.told([draw() for draw in self.draws])


class FromFiles(NamedTuple):
    """Draws as ``Draw``, and is given what reads the files of the data folder; can be pickled as well."""

    draw: Callable[[Read], Made]


Maker = Callable[..., Awaitable[Draw | FromFiles]]
"""``async f(group, who, **arguments) -> Draw``; arguments survive JSON. Raises ``UserError`` as above."""


def makes(name: str) -> Callable[[Maker], Maker]:
    """Register a maker under the name that orders call it by."""

    def mark(maker: Maker) -> Maker:
        setattr(maker, _MARK, name)
        return maker

    return mark


def maker_of(name: str) -> Maker | None:
    """The maker of this name; None = of another version of the program."""
    return makers().get(name)


@cache
def makers() -> dict[str, Maker]:
    """Every maker of the house, by name.

    Raises:
        ValueError: two of one name.
    """
    found: dict[str, Maker] = {}
    for info in pkgutil.iter_modules(bot.reports.__path__):
        module = importlib.import_module(f"bot.reports.{info.name}")
        for value in vars(module).values():
            name = getattr(value, _MARK, None)
            if name is None or value.__module__ != module.__name__:
                continue
            if name in found:
                raise ValueError(f"two makers are called {name}")
            found[name] = value
    return found
