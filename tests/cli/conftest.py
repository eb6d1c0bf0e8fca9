"""An installation to look over: ``patient`` is new, ``well`` has data in which there is nothing to find."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.doctor import house
from tests.cli.patient import Patient, Platforms


@pytest.fixture
async def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Patient]:
    monkeypatch.setattr(house, "LOOK_AHEAD", timedelta(days=1))  # a fortnight takes half of a check's time
    async with Platforms() as platforms:
        yield Patient(tmp_path, platforms)


@pytest.fixture
async def well(patient: Patient) -> Patient:
    await patient.founded()
    return patient
