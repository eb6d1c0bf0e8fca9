"""start.py: what it says when something fails, what it gets from the system, and what it passes on."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


PIP_SAYS = [
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘满了"),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "校验值不符"),
    (
        "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\nERROR: No matching distribution",
        "连不上",
    ),
    ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "证书"),
    ("ERROR: No matching distribution found for aiohttp==3.14.5", "没有要用的版本"),
    ("ERROR: [Errno 13] Permission denied: 'x'", "没有写入的权限"),
    ("ERROR: something new", "安装没有成功"),
]


@pytest.mark.parametrize(("output", "sentence"), PIP_SAYS)
def test_what_pip_says_is_explained_and_quoted(start: ModuleType, output: str, sentence: str) -> None:
    advice, *quoted = start.pip_trouble(output).split("\n")
    assert sentence in advice
    assert quoted[-1].strip() == output.split("\n")[-1]


def test_without_a_network_it_fails_with_a_sentence(
    start: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real pip, asked for a package from a port where nobody listens."""
    (folder / "requirements.lock").write_text("six==1.16.0 --hash=sha256:" + "0" * 64 + "\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    environment = start.Environment(folder)
    environment.python = Path(sys.executable)
    with pytest.raises(start.Trouble, match="连不上软件源"):
        environment.pip("--target", str(folder / "x"), "--require-hashes", "-r", str(folder / "requirements.lock"))


@pytest.mark.parametrize("says", ["Error: ensurepip is not available", "No module named venv"])
def test_a_python_without_venv_gets_the_line_to_type(
    start: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    failed = subprocess.CompletedProcess([], 1, stdout=says)
    monkeypatch.setattr(start, "run", lambda *_: failed)
    monkeypatch.setattr(start, "install_debian", lambda *_: False)
    with pytest.raises(start.Trouble, match="apt-get install python3-venv"):
        start.Environment(folder).ready("run")


@pytest.fixture
def system(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A Debian machine without a browser; what is run there is written down."""
    asked: list[list[str]] = []

    def run(words: list[str], _environment: object) -> "subprocess.CompletedProcess[str]":
        asked.append(words)
        return subprocess.CompletedProcess(words, 0, stdout="")

    monkeypatch.setattr(start, "run", run)
    monkeypatch.setattr(start.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    return asked


def test_root_gets_a_browser_and_npm(
    start: ModuleType, system: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.os, "geteuid", lambda: 0, raising=False)
    start.prepare_system()
    assert [words[4:] for words in system] == [
        ["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"],
        ["update"], ["install", "-y", "--no-install-recommends", "nodejs", "npm"],
    ]  # fmt: skip


def test_anybody_else_gets_the_line_to_type(
    start: ModuleType, system: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000, raising=False)
    start.prepare_system()
    assert system == []
    said = capsys.readouterr().out
    assert "sudo apt-get install chromium fonts-noto-cjk" in said
    assert "sudo apt-get install nodejs npm" in said


def project(folder: Path, python: Callable[[Path], None]) -> Path:
    """A copy of start.py in ``folder`` with an environment that is ready."""
    shutil.copy(ROOT / "start.py", folder)
    python(folder)
    return folder / "start.py"


def test_other_words_reach_the_program_with_blanks_and_emoji(start: ModuleType, folder: Path, pip: Any) -> None:
    script = project(folder, lambda root: start.Environment(root).ready("run"))
    (folder / "bot").mkdir()
    (folder / "bot" / "__main__.py").write_text("import sys; print('😀', sys.argv[1:]); sys.exit(7)")
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, script, "plan", "文 件.docx"], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 7
    assert done.stdout.decode("gbk").strip() == "? ['plan', '文 件.docx']"


def test_a_gbk_console_gets_its_sentences(folder: Path) -> None:
    shutil.copy(ROOT / "start.py", folder)
    (folder / "requirements.lock").unlink()
    environment = os.environ | {"PYTHONIOENCODING": "gbk"}
    done = subprocess.run(
        [sys.executable, folder / "start.py", "try"], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 1
    assert "缺少 requirements.lock" in done.stderr.decode("gbk")


def test_no_word_is_wrong_usage_and_says_what_there_is() -> None:
    done = subprocess.run([sys.executable, ROOT / "start.py"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"start.py try" in done.stdout


def test_an_old_python_gets_a_sentence_before_anything_it_cannot_read() -> None:
    """The file is read by Python 3.7, and what is new in 3.11 stands after the check."""
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    check = next(index for index, node in enumerate(tree.body) if isinstance(node, ast.If))
    before = tree.body[:check]
    assert all(isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) for node in before)
    mended = source.replace("sys.version_info < (3, 11)", "sys.version_info < (99, 0)")
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", mended], capture_output=True, check=False)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr.decode()
    assert "需要 Python 3.11" in done.stderr.decode()
