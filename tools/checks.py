"""All checks of the project, as ``start.py test`` runs them in its environment: tools first, pytest last.

``--lint`` leaves pytest out; every other word goes to pytest (and then only pytest runs).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FETCH = ("tests/storage/fetch_tinydb_tests.py", "tests/platforms/peers/fetch_peers.py")

# Called as modules, not by their scripts: a script's first line breaks when the folder is moved.
TOOLS = {
    "ruff check": ("-m", "ruff", "check", "."),
    "ruff format": ("-m", "ruff", "format", "--check", "."),
    "mypy": ("-m", "mypy"),
    "import-linter": ("-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"),
    "punctuation": ("tools/punctuation.py",),
}
# Two processes share the work; a file's tests stay together, so that its fixtures are made once.
PYTEST = ("-m", "pytest", "-n", "2", "--dist", "loadfile", "-rs")

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM = 1 << 30
"""What the tests' folders need at most, generously."""


def main(words: list[str]) -> int:
    """Run the checks and return the exit status: 0 when all passed."""
    failed: list[str] = []
    if not words or words == ["--lint"]:
        failed = lint()
    if words != ["--lint"]:
        failed += test(words)
    if failed:
        print(f"\n❌ failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def lint() -> list[str]:
    """Run the tools, two at a time, printing each when it ends; the names of those that failed."""
    with ThreadPoolExecutor(2) as pool:
        return [name for name in pool.map(run_tool, sorted(TOOLS, key="mypy".__ne__)) if name]


def run_tool(name: str) -> str | None:
    """Run one tool; its name when it failed."""
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, *TOOLS[name]], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    output = done.stdout.decode("utf-8", "replace").rstrip()
    result = "passed" if done.returncode == 0 else f"FAILED\n{output}"
    print(f"── {name} {time.monotonic() - begin:.1f} s: {result}", flush=True)
    return name if done.returncode else None


def test(words: list[str]) -> list[str]:
    """Fetch what some tests need of others' work, then run pytest, whose lines come last.

    What cannot be fetched is no failure by itself: its tests skip and say which line to type, or fail in CI.
    """
    for path in FETCH if not words else ():
        run_script(path)
    print("── pytest", flush=True)
    with surroundings() as variables:
        done = subprocess.run([sys.executable, *PYTEST, *words], cwd=ROOT, env=variables, check=False)
    return ["pytest"] if done.returncode else []


@contextmanager
def surroundings() -> Iterator[dict[str, str]]:
    """The environment variables for pytest: compiled files are kept, and folders for the moment lie in memory.

    Some thousand data folders are opened, and on a disk each waits for its syncs longer than it computes. Whoever sets
    ``TMPDIR`` decides where they lie; those in memory are gone after the run.
    """
    variables = dict(os.environ)
    # Two workers and some hundred processes would each compile everything anew.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    if "TMPDIR" in variables or not has_room(MEMORY):
        yield variables
        return
    place = tempfile.mkdtemp(prefix="beike-", dir=MEMORY)
    try:
        yield variables | {"TMPDIR": place}
    finally:
        shutil.rmtree(place, ignore_errors=True)


def has_room(folder: Path) -> bool:
    """Whether it is there, may be written to and is large enough for the tests' folders; a container's often is not."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= ROOM


def run_script(path: str) -> None:
    """Run a script that fetches something and say how it went."""
    begin = time.monotonic()
    done = subprocess.run([sys.executable, path], cwd=ROOT, check=False)
    print(f"── {path} {time.monotonic() - begin:.1f} s: {'not fetched' if done.returncode else 'there'}", flush=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console, never a bare TextIO
    sys.exit(main(sys.argv[1:]))
