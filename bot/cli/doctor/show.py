"""Findings as text for a terminal of 80 columns, and without the configuration's secrets."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel, SecretStr

from bot.cli.doctor.finding import Finding, State

SIGNS: dict[State, str] = {"ok": "✅", "warn": "⚠", "fail": "❌"}
COLUMNS = 80
SHORTEST_SECRET = 6
"""A shorter one would black out ordinary words; the checks show none anyway."""

_INDENT = "   "  # the columns of a sign and its blank
_CLOSING = "，。；：！？、）》”"  # stand at the end of a line, never at the beginning
_PIECES = re.compile(r"[\x21-\x7e]+|.")


def text(findings: Sequence[Finding]) -> str:
    """One paragraph a finding, what to do on a line of its own, the sum at the end."""
    lines = [line for finding in findings for line in _paragraph(finding)]
    return "\n".join([*lines, _sum(findings)])


def _paragraph(finding: Finding) -> Iterator[str]:
    first, *others = _printable(f"{finding.name}：{finding.detail}").split("\n")
    sign = SIGNS[finding.state]
    yield from wrapped(first, sign + _INDENT[width(sign) :])
    for line in others:
        yield from wrapped(line, _INDENT)
    if finding.todo:
        yield from wrapped(_printable(finding.todo), f"{_INDENT}→ ", f"{_INDENT}  ")


def _sum(findings: Sequence[Finding]) -> str:
    bad, odd = (sum(one.state == state for one in findings) for state in ("fail", "warn"))
    if not bad and not odd:
        return "都好。"
    parts = [f"{bad} 项不行"] * bool(bad) + [f"{odd} 项要留意"] * bool(odd)
    return f"{'，'.join(parts)}，其余 {len(findings) - bad - odd} 项都好。"


def wrapped(line: str, lead: str, later: str = _INDENT) -> Iterator[str]:
    """A line in pieces of ``COLUMNS``: Chinese anywhere, other words whole where they fit; ``later`` indents."""
    row = lead
    for piece in _pieces(line, COLUMNS - width(later) - 2):
        if width(row) + width(piece) > COLUMNS - 2 * (piece not in _CLOSING) and row not in (lead, later):
            yield row.rstrip()
            row = later
        row += piece if row != later else piece.lstrip()
    yield row.rstrip()


def _pieces(line: str, most: int) -> Iterator[str]:
    for piece in _PIECES.findall(line):
        yield from (piece[start : start + most] for start in range(0, len(piece), most))


def width(line: str) -> int:
    """Columns in a terminal: Chinese two, and so what may be one or two; marks without a place of their own none."""
    return sum(_width(character) for character in line)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _printable(line: str) -> str:
    """Names and sentences come from outside too: nothing in them may steer the terminal."""
    return "".join(c if c == "\n" or c.isprintable() else "?" for c in line)


class Secrets:
    """The secrets of a configuration, to be blacked out should one get into a sentence (a platform may quote it)."""

    def __init__(self, config: BaseModel) -> None:
        words = {word for secret in _secrets(config) for word in (secret, *_parameters(secret))}
        self._words = sorted((word for word in words if len(word) >= SHORTEST_SECRET), key=len, reverse=True)

    def hidden(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings with ``***`` for every secret."""
        return [replace(one, detail=self._hide(one.detail), todo=self._hide(one.todo)) for one in findings]

    def _hide(self, line: str) -> str:
        for word in self._words:
            line = line.replace(word, "***")
        return line


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        yield from (word for name in type(value).model_fields for word in _secrets(getattr(value, name)))
    elif isinstance(value, tuple):
        yield from (word for one in value for word in _secrets(one))


def _parameters(secret: str) -> list[str]:
    """Of an address the values behind ``?``, which are the secret part."""
    return [value for _, value in parse_qsl(urlsplit(secret).query)] if "://" in secret else []
