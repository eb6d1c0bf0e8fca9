"""Scores the plan reader as ../shared/plan-lines/README.md says: kinds, details, and what is wrong without a question.

``python -m tests.calendar.plan_scoring [file …]`` from the project's root prints the figures per kind, and each line
that is not right; without files it takes our own lines and documents, and the shared ones where they are.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.calendar.entries import Entry
from bot.calendar.plan_reader import PlanContext, read_line, read_plan

DATA = Path(__file__).resolve().parent / "data"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "plan-lines"

OWN_FILES = ("own_lines.jsonl", *(f"own_lines_{number}.jsonl" for number in range(2, 11)))

#: Keys of the expected objects that are no details.
NO_DETAIL = {"kind", "accept", "multi", "note", "activity", "activity_from_context", "ignore", "empty", "line", "item"}
NO_DETAIL |= {"optional", "relative", "unsure"}
AUTUMN = {"first_day": "2026-08-31", "weeks": 21, "midterm_week": 10}
SPRING = {"first_day": "2027-02-22", "weeks": 20, "midterm_week": 9}
_CONTEXT = ("heading", "month", "posted", "row_above")

Expected = dict[str, Any]


@dataclass
class Score:
    """Right and asked for each kind; ``sure_and_wrong`` names lines that were wrong without a question."""

    kinds: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    details: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    sure_and_wrong: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    found: int = 0
    false: int = 0

    @property
    def kind_rate(self) -> float:
        """Kinds right ÷ lines (for a document: the recall of its entries)."""
        return self.kinds.total() / max(1, self.asked.total())

    @property
    def detail_rate(self) -> float:
        """Details right ÷ named."""
        return self.details.total() / max(1, self.named.total())

    @property
    def precision(self) -> float:
        """Entries of a document that were asked for ÷ all entries that are no quota."""
        return 1 - self.false / max(1, self.found)

    def report(self) -> str:
        """One row per kind: kinds right, details right."""
        rows = [
            f"{kind:13} {self.kinds[kind]:3}/{self.asked[kind]:<3}  {self.details[kind]:3}/{self.named[kind]:<3}"
            for kind in sorted(self.asked)
        ]
        total = f"kinds {self.kind_rate:.1%}  details {self.detail_rate:.1%}  wrong but sure {len(self.sure_and_wrong)}"
        shown = f"{total}  precision {self.precision:.1%}" if self.found else total
        return "\n".join([*rows, shown, *self.faults])


def own_lines(name: str = "own_lines.jsonl") -> list[Expected]:
    """Our own labelled lines in the shape of the shared ones."""
    rows = [json.loads(row) for row in (DATA / name).read_text(encoding="utf-8").splitlines()]
    return [_shaped(name, place, row) for place, row in enumerate(rows, start=1)]


def _shaped(name: str, place: int, row: Expected) -> Expected:
    context = {"term": SPRING if row.pop("spring", False) else AUTUMN}
    context |= {key: row.pop(key) for key in _CONTEXT if key in row}
    return {
        "id": f"{name.removesuffix('.jsonl')} {place}",
        "line": row.pop("line"),
        "context": context,
        "expected": row,
    }


def shared(name: str) -> Any:
    """A file of ../shared/plan-lines."""
    return json.loads((SHARED / name).read_text(encoding="utf-8"))


def letters(text: str) -> str:
    """The text without punctuation and blanks."""
    return re.sub(r"[\W_]+", "", text)


def is_part(short: str, long: str) -> bool:
    """Whether the letters of ``short`` occur in ``long`` in their order."""
    rest = iter(long)
    return all(char in rest for char in short)


def same_activity(expected: str, got: str) -> bool:
    """One is the other with words left out, and at least half of it is there."""
    short, long = sorted((letters(expected), letters(got)), key=len)
    return bool(short) and is_part(short, long) and 2 * len(letters(got)) >= len(letters(expected))


def kind_fits(expected: Expected, entry: Entry | None) -> bool:
    """Whether the kind is the expected or an accepted one."""
    return entry is not None and entry.kind in [expected["kind"], *expected.get("accept", [])]


def wrong_details(expected: Expected, entry: Entry | None) -> list[str]:
    """The named details that are not as expected."""
    got = entry.model_dump(mode="json", by_alias=True) if entry else {}
    if entry and "activities" in expected:
        got["activities"] = got["activities"] or 1
    return [key for key in expected if key not in NO_DETAIL and got.get(key) != expected[key]]


def named_details(expected: Expected) -> int:
    """How many details are named."""
    return sum(key not in NO_DETAIL for key in expected)


def score_lines(lines: Iterable[Expected]) -> Score:
    """The score of single lines."""
    score = Score()
    for line in lines:
        entries = read_line(line["line"], PlanContext.model_validate(line["context"]))
        _score_line(line, entries, score)
    return score


def _score_line(line: Expected, entries: Sequence[Entry], score: Score) -> None:
    expected = line["expected"]
    if expected.get("ignore") or expected.get("empty"):
        score.asked["(nothing)"] += 1
        score.kinds["(nothing)"] += not entries
        if entries:
            _fault(line, entries, ["ignore"], score, sure=any(entry.sure for entry in entries))
        return
    kind, first = expected["kind"], entries[0] if entries else None
    wrong = wrong_details(expected, first)
    wrong += [] if first and same_activity(expected["activity"], first.activity) else ["activity"]
    right = kind_fits(expected, first)
    score.asked[kind] += 1
    score.kinds[kind] += right
    score.named[kind] += named_details(expected) + 1
    score.details[kind] += named_details(expected) + 1 - len(wrong)
    wrong += [] if right else ["kind"]
    wrong += [f"multi {one['activity']}" for one in missing_items(expected, entries)]
    surely = bool(first and first.sure)
    if wrong or (surely and expected.get("unsure")):
        _fault(line, entries, wrong or ["unsure"], score, sure=surely)


def missing_items(expected: Expected, entries: Sequence[Entry]) -> list[Expected]:
    """The items of a line with several that were not found."""
    return [
        item
        for item in expected.get("multi", [])
        if not any(
            one.kind in [item["kind"], *expected.get("accept", [])]
            and same_activity(item["activity"], (one.who or "") + one.activity)
            for one in entries
        )
    ]


def _fault(line: Expected, entries: Sequence[Entry], wrong: list[str], score: Score, *, sure: bool) -> None:
    if sure:
        score.sure_and_wrong.append(line["id"])
    got = "; ".join(str({k: v for k, v in one.public().items() if k not in ("text", "line")}) for one in entries)
    score.faults.append(f"{line['id']}{'!' if sure else ' '} {wrong} {line['line']}\n      {got}")


def score_plan(lines: Sequence[str], expected: Expected) -> Score:
    """The score of a whole document: every entry found once, nothing else."""
    score = Score()
    left = read_plan(lines, PlanContext.model_validate(expected["context"]))
    score.found = sum(not entry.quota for entry in left)
    for one in [one for one in expected["entries"] if not one.get("empty")]:
        at_line = [entry for entry in left if entry.line == one["line"]]
        fitting = [entry for entry in at_line if same_activity(one["activity"], entry.activity)]
        match = fitting[0] if fitting else None
        if match:
            left.remove(match)
        if one.get("optional"):
            continue
        wrong = wrong_details(one, match)
        score.asked[one["kind"]] += 1
        score.kinds[one["kind"]] += kind_fits(one, match)
        score.named[one["kind"]] += named_details(one)
        score.details[one["kind"]] += named_details(one) - len(wrong)
        if wrong or not kind_fits(one, match):
            line = {"id": f"{one['line']}", "line": lines[one["line"] - 1]}
            _fault(line, [match] if match else at_line, wrong or ["kind"], score, sure=bool(match and match.sure))
    false = [entry for entry in left if not entry.quota]
    score.false = len(false)
    for entry in false:
        _fault({"id": str(entry.line), "line": entry.text}, [entry], ["false"], score, sure=entry.sure)
    return score


def plans(folder: Path) -> dict[str, tuple[list[str], Expected]]:
    """The documents of a folder with what is expected of them."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return {name: ((folder / name).read_text(encoding="utf-8").splitlines(), one) for name, one in expected.items()}


def _main(names: Sequence[str]) -> None:
    for name in names or OWN_FILES:
        print(f"── {name}\n{score_lines(own_lines(name)).report()}\n")
    if names:
        return
    if SHARED.is_dir():
        print(f"── shared lines\n{score_lines(shared('lines.json')).report()}\n")
    for folder in (DATA / "plans", SHARED / "plans"):
        for name, (lines, expected) in (plans(folder) if folder.is_dir() else {}).items():
            print(f"── {name}\n{score_plan(lines, expected).report()}\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
