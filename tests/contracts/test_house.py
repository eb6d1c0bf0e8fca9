"""What holds for the whole folder: the licence, the version, dependencies and locks, no addresses of machines."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

import bot

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OWN = ("bot", "handlers", "schedules")
LOCKS = ("requirements.lock", "requirements-dev.lock")
NOT_OURS = {".venv", ".git", ".cache", "data", "try-data", "__pycache__", "beike_bot.egg-info"}
TEXT = {".py", ".md", ".toml", ".txt", ".lock", ".html", ".css", ".js", ".json", ".jsonl", ".cfg", ".yml", ""}


def own_files() -> Iterator[Path]:
    """The project's text files."""
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part in NOT_OURS or part.endswith("_cache") or part == ".hypothesis" for part in parts)
        if path.is_file() and not hidden and path.suffix in TEXT:
            yield path


def modules() -> Iterator[Path]:
    for name in OWN:
        yield from sorted((ROOT / name).rglob("*.py"))


def test_the_licence_is_there_and_named() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2026 the 备课组助手 authors\n")
    assert PROJECT["project"]["license"] == "MIT"


def test_the_version_is_said_in_one_place_and_in_the_changelog() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", bot.__version__)
    assert PROJECT["project"]["dynamic"] == ["version"]
    changelog = ROOT / "CHANGELOG.md"
    if not changelog.exists():
        pytest.skip("CHANGELOG.md is not written yet")
    assert bot.__version__ in changelog.read_text(encoding="utf-8")


# Put together from pieces, so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(
        (
            "/" + r"(root|home|Users|workspace)/(?!user/)[\w.-]+/",  # "user" stands for anybody
            "/" + r"work/(main|shared)",
            r"C:\\" + r"Users",
            "pypi" + r"\.org|files\.python" + r"hosted|registry\." + r"npmjs|deb\." + r"debian",
            r"index-" + r"url\s*[= ]\s*http|--find" + "-links",
        )
    )
)


def test_no_file_knows_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in own_files()
        for match in FORBIDDEN.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("text", ["/ho" + "me/me/x", "/ro" + "ot/.cache/y", "https://py" + "pi.org/simple"])
def test_such_addresses_would_be_found(text: str) -> None:
    assert FORBIDDEN.search(f"x = '{text}'")


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_is_a_pinned_package_or_a_hash(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    allowed = re.compile(r"[a-z0-9._-]+==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not allowed.fullmatch(line)] == []
    assert len(pins(name)) >= 20


def test_the_locks_agree_and_hold_what_the_project_asks_for() -> None:
    run, test = pins(LOCKS[0]), pins(LOCKS[1])
    assert run.items() <= test.items()
    project = PROJECT["project"]
    assert {plain(line) for line in project["dependencies"]} <= run.keys()
    assert {plain(line) for line in project["optional-dependencies"]["dev"]} <= test.keys()
    assert {plain(line) for line in PROJECT["build-system"]["requires"]} <= run.keys()


def plain(requirement: str) -> str:
    """The package's name as locks write it."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match
    return match.group().lower().replace("_", "-").replace(".", "-")


def test_what_is_imported_is_asked_for() -> None:
    """A package that is only there because another brings it may be gone tomorrow."""
    asked = {plain(line) for line in PROJECT["project"]["dependencies"]}
    brought = packages_distributions()
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules()
        for name in imported(path)
        if name not in sys.stdlib_module_names
        and name not in OWN
        and not asked.intersection(plain(known) for known in brought.get(name, []))
        and name != "pydantic_core"  # pydantic's own other half: its errors can be made with nothing else
    }
    assert missing == set()


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_bot_py_typed_marks_the_package_as_annotated() -> None:
    assert (ROOT / "bot" / "py.typed").exists()
