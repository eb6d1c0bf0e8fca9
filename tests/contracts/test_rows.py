"""Every system of the group's week has chat, clock, digest, way back, export, roles and stories; or says why not."""

import pytest

from bot.app import jobs, record_kinds, registry
from bot.domain.subjects import subjects
from tools import docs_rows
from tools.docs_rows import CELLS, ELSEWHERE, ROWS, Row

STAGES = ("start", "middle", "late", "changed", "finished")
EARLIER = ("open_lessons", "plans", "reflections")
"""Modules of schedules/ that speak for other systems."""

NOT_THE_GROUPS = {
    "undo_marks",
    "counters",
    "members",
    "groups",
    "schools",
    "people",
    "identities",
    "claims",
    "calendar_links",
    "board_tickets",
    "group_page_links",
    "board_drafts",
}
"""Of bot.domain, and no work of a group's: numbers, the last step's way back, the roster (exported as 成员), links."""

ids = pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])


@ids
@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_is_empty(row: Row, cell: str) -> None:
    assert docs_rows.cells(row)[cell], f"{row.id} {row.name}: {cell}"


@ids
def test_the_reasons_are_for_cells_that_are_empty(row: Row) -> None:
    filled = {"clock": row.jobs, "digest": row.figures}
    assert not [cell for cell in row.no if filled[cell]]
    assert set(row.kept) <= set(docs_rows.actions(row))
    assert not [key for key in row.kept if docs_rows.can_be_taken_back(docs_rows.actions(row)[key])]


@ids
def test_the_story_goes_on_for_weeks_and_through_every_stage(row: Row) -> None:
    source = docs_rows.source_of(docs_rows.story(row))
    assert [stage for stage in STAGES if stage not in source] == []
    assert source.count("chat.until(") >= 2
    whole = "".join([source, *(docs_rows.source_of(test) for test in row.also)])
    for command in row.commands:
        assert f"/{command.split()[0]}" in whole, command


@ids
def test_what_the_clock_says_of_a_row_is_all_there(row: Row) -> None:
    known = {job.name for job in jobs()}
    assert [name for name in row.jobs if name not in known] == []


def test_no_command_and_no_job_is_without_a_row() -> None:
    named = {key for row in ROWS for key in docs_rows.actions(row)}
    every = {
        f"{name} {action}".strip()
        for name, found in registry().commands.items()
        if name not in ELSEWHERE
        for action in found.actions
    }
    assert every - named == set()
    spoken = {name for row in ROWS for name in row.jobs}
    assert {job.name for job in jobs() if job.name.split(".")[0] not in EARLIER} - spoken == set()


def test_no_action_stands_in_two_rows() -> None:
    keys = [key for row in ROWS for key in docs_rows.actions(row)]
    assert sorted(keys) == sorted(set(keys))


def test_every_record_of_a_groups_work_is_exported() -> None:
    exported = {kind.TABLE for subject in subjects() for kind in subject.records}
    domain = {kind.TABLE for kind in record_kinds() if kind.__module__.startswith("bot.domain.")}
    assert domain - exported == NOT_THE_GROUPS


def test_every_system_of_the_week_is_a_row() -> None:
    wanted = {
        "A2",
        "A3",
        "A4",
        "A5",
        "A6",
        "A8",
        "A11",
        "A13",
        "B1",
        "B2",
        "B6",
        "B7",
        "B10",
        "C1",
        "C2",
        "C3",
        "C4",
        "D10",
        "F4",
        "F5",
        "F6",
        "F10",
        "F11",
    }
    assert {row.id for row in ROWS} == wanted


def test_an_empty_cell_is_seen() -> None:
    """The check itself: a row with a job, a figure, a table, a test that do not exist, and an action without undo."""
    wrong = Row(
        "Z9", "没有的", ("待定",), "test_tasks.py::test_nothing", ("tasks.never",), ("没有的数字",), ("nothing",)
    )
    found = docs_rows.cells(wrong)
    assert [cell for cell in CELLS if not found[cell]] == [
        "clock", "digest", "undo", "export", "story", "forbidden",
    ]  # fmt: skip


def test_the_table_has_a_line_a_row() -> None:
    lines = docs_rows.table().splitlines()
    assert len(lines) == 2 + len(ROWS)
    assert len({line.count(" | ") for line in lines}) == 1
