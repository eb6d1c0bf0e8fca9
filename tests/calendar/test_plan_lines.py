"""The plan reader against the labelled lines and documents of ../shared/plan-lines, scored as its README says."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.calendar.entries import Entry
from bot.calendar.plan_reader import PlanContext, read_line, read_plan

SHARED = Path(__file__).resolve().parents[3] / "shared" / "plan-lines"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/plan-lines is not there; nothing to measure")

#: Keys of the expected objects that are no details.
NO_DETAIL = {"kind", "accept", "multi", "note", "activity", "activity_from_context", "ignore", "empty", "line", "item"}
NO_DETAIL |= {"optional", "relative"}


class Score(NamedTuple):
    """Right and asked, for kinds and details; and the lines that were wrong without a question."""

    kinds: int
    lines: int
    details: int
    named: int
    sure_and_wrong: list[str]


def load(name: str) -> Any:
    return json.loads((SHARED / name).read_text(encoding="utf-8"))


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def is_part(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)


def same_activity(expected: str, got: str) -> bool:
    """One is the other with words left out, and at least half of it is there."""
    short, long = sorted((letters(expected), letters(got)), key=len)
    return bool(short) and is_part(short, long) and 2 * len(letters(got)) >= len(letters(expected))


def words(entry: Entry) -> str:
    return (entry.who or "") + entry.activity


def kind_fits(expected: dict[str, Any], entry: Entry | None) -> bool:
    return entry is not None and entry.kind in [expected["kind"], *expected.get("accept", [])]


def wrong_details(expected: dict[str, Any], entry: Entry | None) -> list[str]:
    got = entry.model_dump(mode="json", by_alias=True) if entry else {}
    if entry and "activities" in expected:
        got["activities"] = got["activities"] or 1
    return [key for key in expected if key not in NO_DETAIL and got.get(key) != expected[key]]


def named_details(expected: dict[str, Any]) -> int:
    return sum(key not in NO_DETAIL for key in expected)


def score_lines(lines: list[dict[str, Any]]) -> Score:
    kinds = details = named = 0
    bad: list[str] = []
    for line in lines:
        expected = line["expected"]
        entries = read_line(line["line"], PlanContext.model_validate(line["context"]))
        if expected.get("ignore") or expected.get("empty"):
            kinds += not entries
            bad += [line["id"]] if any(entry.sure for entry in entries) else []
            continue
        first = entries[0] if entries else None
        wrong = wrong_details(expected, first)
        wrong += [] if first and same_activity(expected["activity"], first.activity) else ["activity"]
        kinds += kind_fits(expected, first)
        named += named_details(expected) + 1
        details += named_details(expected) + 1 - len(wrong)
        if first and first.sure and (wrong or not kind_fits(expected, first)):
            bad.append(line["id"])
    return Score(kinds, len(lines), details, named, bad)


def test_single_lines_reach_the_floors() -> None:
    score = score_lines(load("lines.json"))
    assert score.kinds / score.lines >= 0.98
    assert score.details / score.named >= 0.97
    assert score.sure_and_wrong == []


def test_every_item_of_a_line_with_several_is_found() -> None:
    missing = []
    for line in load("lines.json"):
        entries = read_line(line["line"], PlanContext.model_validate(line["context"]))
        missing += [
            (line["id"], item["activity"])
            for item in line["expected"].get("multi", [])
            if not any(one.kind == item["kind"] and same_activity(item["activity"], words(one)) for one in entries)
        ]
    assert missing == []


@pytest.mark.parametrize("name", ["c_week_table.txt", "d_mixed_prose.txt"])
def test_whole_documents(name: str) -> None:
    expected = load("plans/expected.json")[name]
    lines = (SHARED / "plans" / name).read_text(encoding="utf-8").splitlines()
    entries = read_plan(lines, PlanContext.model_validate(expected["context"]))
    left, kinds, details, named = list(entries), 0, 0, 0
    wanted = [one for one in expected["entries"] if not one.get("empty")]
    for one in wanted:
        at_line = [entry for entry in left if entry.line == one["line"]]
        fitting = [entry for entry in at_line if same_activity(one["activity"], entry.activity)] or at_line
        if not fitting and one.get("optional"):
            continue
        match = fitting[0] if fitting else None
        if match:
            left.remove(match)
        if not one.get("optional"):
            kinds += kind_fits(one, match)
            named += named_details(one)
            details += named_details(one) - len(wrong_details(one, match))
    asked = sum(not one.get("optional") for one in wanted)
    assert kinds / asked >= 0.98
    assert details / named >= 0.98
    assert left == []


@pytest.mark.parametrize("name", ["c_week_table.txt", "d_mixed_prose.txt"])
def test_nothing_comes_of_lines_that_only_look_temporal(name: str) -> None:
    expected = load("plans/expected.json")[name]
    lines = (SHARED / "plans" / name).read_text(encoding="utf-8").splitlines()
    entries = read_plan(lines, PlanContext.model_validate(expected["context"]))
    assert {entry.line for entry in entries} & {one["line"] for one in expected["not_entries"]} == set()
