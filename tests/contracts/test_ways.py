"""Every kind of channel in every situation: a test, or a reason."""

import pytest

from bot.cli.channels import KINDS
from tools.docs_ways import SITUATIONS, WAYS, is_test, names_in


def test_every_kind_of_channel_has_its_column() -> None:
    assert set(WAYS) == set(KINDS)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_cell_is_a_test_or_a_reason(situation: str) -> None:
    missing = []
    for way, cell in zip(WAYS, SITUATIONS[situation], strict=True):
        file, _, name = cell.partition("::")
        good = name in names_in(file) if is_test(cell) else len(cell) >= 6
        missing += [] if good else [(way, cell)]
    assert missing == []
