"""TinyDB's own tests, run on our table and storages in a pytest of their own."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FETCH = "python tests/storage/fetch_tinydb_tests.py"

NOT_OURS = {
    "test_middlewares.py::test_caching_read": "a table on CachingMiddleware; RowTable takes a RowStorage only",
    "test_middlewares.py::test_caching_json_write": "a table on CachingMiddleware over the JSON file",
    "test_storages.py::test_json_kwargs": "compares the text of the JSON file, which we do not write",
    "test_storages.py::test_json_readwrite": "a table on the JSON file named as such",
    "test_storages.py::test_json_read": "the access mode of the JSON file",
    "test_storages.py::test_read_once": "counts reads of the whole database; RowTable reads rows",
    "test_storages.py::test_yaml": "a table on a storage defined in the test",
    "test_tables.py::test_table_repr": "expects the class names Table and MemoryStorage in repr()",
}
"""Tests left out, and why. A test here that does not exist any more fails the run."""


def sources() -> Path:
    """TinyDB's tests, or a skip that says what to type; in CI nothing skips."""
    folder: Path = runpy.run_path(str(HERE / "fetch_tinydb_tests.py"))["home"]() / "tests"
    if not folder.is_dir():
        sentence = f"TinyDB's own tests are not here; type: {FETCH}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return folder


def run(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={folder}", "-o", "addopts="]
    paths = filter(None, [str(HERE.parents[1]), os.environ.get("PYTHONPATH")])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
    return subprocess.run(
        [*command, *options], cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=50
    )


def test_tinydbs_own_tests_pass_on_our_table(tmp_path: Path) -> None:
    folder = tmp_path / "tinydb_tests"
    shutil.copytree(sources(), folder)
    shutil.copy(HERE / "tinydb_conftest.py", folder / "conftest.py")
    for name in NOT_OURS:
        file, function = name.split("::")
        assert f"def {function}(" in (folder / file).read_text(encoding="utf-8"), f"{name} is gone from TinyDB"
    done = run(folder, *(f"--deselect={name}" for name in NOT_OURS))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= 200
    assert "skipped" not in done.stdout


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_absent_sources_say_what_to_type(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(runpy, "run_path", lambda _path: {"home": lambda: tmp_path / "nowhere"})
    with pytest.raises(outcome, match=re.escape(FETCH)):
        sources()
