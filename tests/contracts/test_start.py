"""start.py: the environment is made once, again when its lock changes, and never half."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_it_is_made_once(start: ModuleType, folder: Path, pip: Any) -> None:
    python = start.Environment(folder).ready("run")
    assert subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True)
    assert pip.asked == [
        ("--require-hashes", "-r", str(folder / "requirements.lock")),
        ("--no-build-isolation", "-e", str(folder)),
    ]
    assert start.Environment(folder).ready("run") == python
    assert len(pip.asked) == 2


def test_the_tests_environment_serves_the_program_too(start: ModuleType, folder: Path, pip: Any) -> None:
    start.Environment(folder).ready("test")
    start.Environment(folder).ready("run")
    assert [words[-1] for words in pip.asked] == [str(folder / "requirements-dev.lock"), str(folder)]


def test_the_programs_environment_is_completed_for_the_tests(start: ModuleType, folder: Path, pip: Any) -> None:
    start.Environment(folder).ready("run")
    kept = folder / ".venv" / "kept"
    kept.touch()
    start.Environment(folder).ready("test")
    assert len(pip.asked) == 4
    assert kept.exists()


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed(start: ModuleType, folder: Path, pip: Any, name: str) -> None:
    start.Environment(folder).ready("run")
    (folder / name).write_text("# something else\n")
    start.Environment(folder).ready("run")
    assert len(pip.asked) == 4


def test_another_lock_changes_nothing(start: ModuleType, folder: Path, pip: Any) -> None:
    start.Environment(folder).ready("run")
    (folder / "requirements-dev.lock").write_text("# something else\n")
    start.Environment(folder).ready("run")
    assert len(pip.asked) == 2


def test_a_moved_folder_is_installed_again(start: ModuleType, folder: Path, pip: Any) -> None:
    start.Environment(folder).ready("run")
    moved = folder.rename(folder.with_name("搬走了"))
    start.Environment(moved).ready("run")
    assert pip.asked[-1][-1] == str(moved)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("killed")])
def test_after_an_interruption_it_is_made_anew(start: ModuleType, folder: Path, pip: Any, error: BaseException) -> None:
    pip.fail = error
    with pytest.raises(type(error)):
        start.Environment(folder).ready("run")
    half = folder / ".venv" / "half"
    half.touch()
    pip.fail = None
    start.Environment(folder).ready("run")
    assert not half.exists()
    assert start.Environment(folder).is_current("run")


def test_an_environment_whose_python_is_gone_is_made_anew(start: ModuleType, folder: Path, pip: Any) -> None:
    python = start.Environment(folder).ready("run")
    python.unlink()
    assert start.Environment(folder).ready("run").exists()
    assert len(pip.asked) == 4


def test_an_environment_made_by_hand_is_completed_not_emptied(start: ModuleType, folder: Path, pip: Any) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    own = folder / ".venv" / "own"
    own.touch()
    start.Environment(folder).ready("run")
    assert own.exists()


def test_two_at_once_install_once(folder: Path) -> None:
    """Two processes; the first holds the lock until the second has come."""
    script = f"""
import importlib.util, subprocess, sys, time
from pathlib import Path
spec = importlib.util.spec_from_file_location("start", {str(ROOT / "start.py")!r})
start = importlib.util.module_from_spec(spec); spec.loader.exec_module(start)
folder = Path({str(folder)!r})
class Slow(start.Environment):
    def create(self): subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.folder], check=True)
    def pip(self, *words):
        with (folder / "asked").open("a") as file: file.write("x")
        (folder / "first").touch()
        while not (folder / "second").exists(): time.sleep(0.01)
Slow(folder).ready("run")
"""
    one = subprocess.Popen([sys.executable, "-c", script])
    while not (folder / "first").exists():
        assert one.poll() is None
    two = subprocess.Popen([sys.executable, "-c", script])
    (folder / "second").touch()
    assert (one.wait(30), two.wait(30)) == (0, 0)
    assert (folder / "asked").read_text() == "xx"


def test_a_missing_lock_and_an_unwritable_folder_get_a_sentence(start: ModuleType, folder: Path) -> None:
    (folder / ".cache").write_text("in the way")
    with pytest.raises(start.Trouble, match=r"不能在 .* 里写文件"):
        start.Environment(folder).ready("run")
    (folder / "requirements.lock").unlink()
    (folder / ".cache").unlink()
    with pytest.raises(start.Trouble, match=r"缺少 requirements\.lock"):
        start.Environment(folder).ready("run")
