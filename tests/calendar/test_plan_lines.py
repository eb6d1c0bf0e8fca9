"""The plan reader against labelled lines and documents, our own and those of ../shared/plan-lines; see plan_scoring."""

import re
from collections.abc import Callable

import pytest

from bot.calendar.plan_reader import PlanContext, read_line, read_plan
from tests.calendar.plan_scoring import (
    DATA,
    OWN_FILES,
    SHARED,
    Expected,
    missing_items,
    own_lines,
    plans,
    score_lines,
    score_plan,
    shared,
)

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/plan-lines is not there; nothing to measure")
OWN = [line for name in OWN_FILES for line in own_lines(name)]
OWN_PLANS = plans(DATA / "plans")
SHARED_PLANS = plans(SHARED / "plans") if SHARED.is_dir() else {}


def test_our_own_lines_reach_the_floors() -> None:
    score = score_lines(OWN)
    assert score.kind_rate >= 0.99, score.report()
    assert score.detail_rate >= 0.99, score.report()
    assert score.sure_and_wrong == [], score.report()


@needs_shared
def test_single_lines_reach_the_floors() -> None:
    score = score_lines(shared("lines.json"))
    assert score.kind_rate >= 0.98, score.report()
    assert score.detail_rate >= 0.97, score.report()
    assert score.sure_and_wrong == [], score.report()


@pytest.mark.parametrize("lines", [OWN, shared("lines.json") if SHARED.is_dir() else []], ids=["own", "shared"])
def test_every_item_of_a_line_with_several_is_found(lines: list[Expected]) -> None:
    missing = []
    for line in lines:
        entries = read_line(line["line"], PlanContext.model_validate(line["context"]))
        missing += [(line["id"], one["activity"]) for one in missing_items(line["expected"], entries)]
    assert missing == []


def narrow(text: str) -> str:
    return re.sub("[\uff01-\uff5e]", lambda match: chr(ord(match[0]) - 0xFEE0), text)


def wide(match: re.Match[str]) -> str:
    return chr(ord(match[0]) + 0xFEE0)


#: Forms of a line that mean the same: full-width signs beside Han, full-width digits, blanks, a bullet.
FORMS: dict[str, Callable[[str], str]] = {
    "signs": lambda line: re.sub(r"(?<=[\u4e00-\u9fff])[,:;()]|[,:;()](?=[\u4e00-\u9fff])", wide, line),
    "digits": lambda line: re.sub(r"\d", wide, line),
    "blanks": lambda line: f"\u3000\u3000{line}  ",
    "bullet": lambda line: f"• {line}",
}


def meaning(line: str, context: PlanContext) -> list[dict[str, object]]:
    """What is read in a line, apart from how it is written."""
    skipped = ("text", "question", "choices")
    found = [entry.public() for entry in read_line(line, context)]
    return [
        {key: narrow(value) if isinstance(value, str) else value for key, value in one.items() if key not in skipped}
        for one in found
    ]


@pytest.fixture(scope="module")
def plain() -> list[tuple[str, PlanContext, list[dict[str, object]]]]:
    """Every line of ours in ASCII signs, its context, its meaning."""
    contexts = [PlanContext.model_validate(line["context"]) for line in OWN]
    lines = [narrow(line["line"]) for line in OWN]
    return [(line, context, meaning(line, context)) for line, context in zip(lines, contexts, strict=True)]


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_signs_and_digits_does_not_matter(
    form: str, plain: list[tuple[str, PlanContext, list[dict[str, object]]]]
) -> None:
    different = [line for line, context, means in plain if meaning(FORMS[form](line), context) != means]
    assert different == []


@pytest.mark.parametrize("name", [*OWN_PLANS, *SHARED_PLANS])
def test_whole_documents(name: str) -> None:
    lines, expected = (OWN_PLANS | SHARED_PLANS)[name]
    score = score_plan(lines, expected)
    assert score.kind_rate >= 0.98, score.report()
    assert score.detail_rate >= 0.98, score.report()
    assert score.precision == 1.0, score.report()
    assert score.sure_and_wrong == [], score.report()


@pytest.mark.parametrize("name", SHARED_PLANS)
def test_nothing_comes_of_lines_that_only_look_temporal(name: str) -> None:
    lines, expected = SHARED_PLANS[name]
    entries = read_plan(lines, PlanContext.model_validate(expected["context"]))
    assert {entry.line for entry in entries} & {one["line"] for one in expected["not_entries"]} == set()


def test_the_scorer_sees_what_is_wrong() -> None:
    line = own_lines()[0]
    wrong = line | {"expected": line["expected"] | {"weekday": 5, "kind": "monthly"}}
    score = score_lines([wrong])
    assert (score.kinds.total(), score.sure_and_wrong) == (0, [line["id"]])
    assert "monthly" in score.report()
