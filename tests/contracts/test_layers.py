"""The import contracts of pyproject.toml bite: each wrong import breaks the contract that is meant to forbid it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WRONG_IMPORTS = [
    ("bot/clock.py", "import bot.content", "Rooms of bot"),
    ("bot/calendar/entries.py", "import bot.storage", "Rooms of bot"),
    ("bot/errors.py", "import bot.clock", "Rooms of bot"),
    ("bot/cupboard.py", "", "Rooms of bot"),
    ("bot/chat/transport.py", "import handlers", "bot knows neither"),
    ("handlers/one.py", "import bot.storage", "handlers know"),
    ("handlers/one.py", "import bot.clock", "handlers know"),
    ("handlers/one.py", "import aiohttp", "handlers know"),
    ("handlers/one.py", "import handlers.two", "handlers do not know each other"),
    ("handlers/one.py", "import schedules", "speaking and acting"),
    ("schedules/one.py", "import bot.delivery", "schedules know"),
    ("schedules/one.py", "import bot.chat", "schedules know"),
    ("bot/storage/__init__.py", "import bot.storage.store, bot.storage.backend", "the face of bot.storage"),
]
ALLOWED_IMPORTS = [
    ("handlers/one.py", "import bot.chat.transport, bot.calendar.entries, bot.content, bot.errors"),
    ("schedules/one.py", "import bot.calendar.entries, bot.content"),
]


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The foundation rooms as empty modules, with this project's contracts."""
    folder = tmp_path_factory.mktemp("skeleton")
    shutil.copy(ROOT / "pyproject.toml", folder)
    rooms = ("clock", "errors", "turns", "content", "config", "storage/store", "storage/backend", "calendar/entries",
             "chat/transport", "delivery/outbox")  # fmt: skip
    files = [f"bot/{room}.py" for room in rooms] + [f"{name}/one.py" for name in ("handlers", "schedules")]
    for name in [*files, "handlers/two.py"]:
        for package in list((folder / name).relative_to(folder).parents)[:-1]:
            (folder / package).mkdir(parents=True, exist_ok=True)
            (folder / package / "__init__.py").touch()
        (folder / name).touch()
    (folder / "bot/storage/__init__.py").write_text("import bot.storage.store\n")
    return folder


def broken_contracts(folder: Path) -> list[str]:
    code = "from importlinter.cli import lint_imports_command as run; run()"
    plain = {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env=os.environ | plain,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    names = re.findall(r"^(.+?) BROKEN", done.stdout, re.MULTILINE)
    assert bool(names) == bool(done.returncode), done.stdout + done.stderr
    return names


@pytest.mark.parametrize(("path", "line", "contract"), WRONG_IMPORTS)
def test_a_wrong_import_breaks_its_contract(skeleton: Path, path: str, line: str, contract: str) -> None:
    place = skeleton / path
    before = place.read_bytes() if place.exists() else None
    place.write_text(line + "\n")
    try:
        assert [name for name in broken_contracts(skeleton) if name.startswith(contract)]
    finally:
        place.unlink() if before is None else place.write_bytes(before)


def test_the_imports_of_the_design_are_allowed(skeleton: Path) -> None:
    for path, line in ALLOWED_IMPORTS:
        (skeleton / path).write_text(line + "\n")
    assert broken_contracts(skeleton) == []
    for path, _ in ALLOWED_IMPORTS:
        (skeleton / path).write_text("")
