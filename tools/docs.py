"""Writes the parts of the docs that follow from the code, so that they cannot say what the program does not do.

A part stands between ``<!-- docs:NAME -->`` and ``<!-- /docs:NAME -->``; what stands there is thrown away and made
anew. NAME is a key of ``PARTS``, made by a function of tools/docs_parts.py or tools/docs_house.py.

Usage: ``python tools/docs.py [--check]``; with ``--check`` nothing is written, and the exit status is 1 when a file is
out of date.
"""

import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # a script finds only its own folder

from tools import docs_house, docs_parts, docs_rows, docs_ways

ROOT = Path(__file__).resolve().parent.parent

PARTS: dict[str, Callable[[], str]] = {
    "commands": docs_parts.commands,
    "commands-en": docs_parts.commands_en,
    "command-reference": docs_parts.command_reference,
    "configuration": docs_house.configuration,
    "forms": docs_parts.forms,
    "schedule": docs_parts.schedule,
    "console": docs_parts.console_verbs,
    "plan-lines": docs_parts.plan_lines,
    "rows": docs_rows.table,
    "ways": docs_ways.table,
    "layers": docs_house.layers,
    "libraries": docs_house.libraries,
    "tools": docs_house.tools,
}
_PART = re.compile(r"<!-- docs:(?P<name>[\w-]+) -->\n.*?<!-- /docs:(?P=name) -->", re.DOTALL)
_MARK = re.compile(r"<!-- /?docs:[\w-]+ -->")


def files() -> Iterator[Path]:
    """Every page of the docs."""
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").glob("*.md"))


def current(text: str) -> str:
    """``text`` with each part made anew.

    Raises:
        LookupError: a mark without its other half, or a part that nobody makes.
    """
    whole = len(_PART.findall(text))
    if len(_MARK.findall(text)) != 2 * whole:
        raise LookupError("a mark <!-- docs:… --> lacks its other half")
    return _PART.sub(_anew, text)


def _anew(match: re.Match[str]) -> str:
    name = match["name"]
    return f"<!-- docs:{name} -->\n\n{_part(name)}\n\n<!-- /docs:{name} -->"


@cache
def _part(name: str) -> str:
    if name not in PARTS:
        raise LookupError(f"nobody makes the part {name!r}; known: {', '.join(PARTS)}")
    return PARTS[name]()


def main(words: list[str]) -> int:
    """Write, or with ``--check`` only look; returns the exit status."""
    check = "--check" in words
    stale = 0
    for path in files():
        text = path.read_text(encoding="utf-8")
        wanted = current(text)
        if wanted == text:
            continue
        stale += 1
        if not check:
            path.write_text(wanted, encoding="utf-8", newline="\n")
        print(f"{path.relative_to(ROOT)}: {'out of date, run python tools/docs.py' if check else 'written'}")
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
