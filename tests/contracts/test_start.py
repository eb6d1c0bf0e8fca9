"""start.py: the environment is made once, again when its lock changes, and never half."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def start() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start_script", ROOT / "start.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project folder whose locks list nothing, so that nothing is downloaded."""
    root = tmp_path / "备课 组 (1)"
    root.mkdir()
    for name in ("requirements.lock", "requirements-dev.lock"):
        (root / name).write_text("# nothing\n")
    (root / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')
    return root


class Pip:
    """Stands in for pip: writes down what it is asked for, and can fail as pip does."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.fail: BaseException | None = None

    def __call__(self, _environment: object, *words: str) -> None:
        self.asked.append(words)
        if self.fail:
            raise self.fail


@pytest.fixture
def pip(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Pip:
    """The environment is really made (without pip inside, which is slow), its contents are not."""
    pip = Pip()
    monkeypatch.setattr(start.Environment, "pip", lambda environment, *words: pip(environment, *words))

    def create(environment: object) -> None:
        target = environment.folder  # type: ignore[attr-defined]
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", target], check=True)

    monkeypatch.setattr(start.Environment, "create", create)
    return pip


def test_it_is_made_once(start: ModuleType, folder: Path, pip: Pip) -> None:
    python = start.Environment(folder).ready("run")
    assert subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True)
    assert pip.asked == [
        ("--require-hashes", "-r", str(folder / "requirements.lock")),
        ("--no-build-isolation", "-e", str(folder)),
    ]
    assert start.Environment(folder).ready("run") == python
    assert len(pip.asked) == 2


def test_the_tests_environment_serves_the_program_too(start: ModuleType, folder: Path, pip: Pip) -> None:
    start.Environment(folder).ready("test")
    start.Environment(folder).ready("run")
    assert [words[-1] for words in pip.asked] == [str(folder / "requirements-dev.lock"), str(folder)]


def test_the_programs_environment_is_completed_for_the_tests(start: ModuleType, folder: Path, pip: Pip) -> None:
    start.Environment(folder).ready("run")
    kept = folder / ".venv" / "kept"
    kept.touch()
    start.Environment(folder).ready("test")
    assert len(pip.asked) == 4
    assert kept.exists()


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed(start: ModuleType, folder: Path, pip: Pip, name: str) -> None:
    start.Environment(folder).ready("run")
    (folder / name).write_text("# something else\n")
    start.Environment(folder).ready("run")
    assert len(pip.asked) == 4


def test_another_lock_changes_nothing(start: ModuleType, folder: Path, pip: Pip) -> None:
    start.Environment(folder).ready("run")
    (folder / "requirements-dev.lock").write_text("# something else\n")
    start.Environment(folder).ready("run")
    assert len(pip.asked) == 2


def test_a_moved_folder_is_installed_again(start: ModuleType, folder: Path, pip: Pip) -> None:
    start.Environment(folder).ready("run")
    moved = folder.rename(folder.with_name("搬走了"))
    start.Environment(moved).ready("run")
    assert pip.asked[-1][-1] == str(moved)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("killed")])
def test_after_an_interruption_it_is_made_anew(start: ModuleType, folder: Path, pip: Pip, error: BaseException) -> None:
    pip.fail = error
    with pytest.raises(type(error)):
        start.Environment(folder).ready("run")
    half = folder / ".venv" / "half"
    half.touch()
    pip.fail = None
    start.Environment(folder).ready("run")
    assert not half.exists()
    assert start.Environment(folder).is_current("run")


def test_an_environment_whose_python_is_gone_is_made_anew(start: ModuleType, folder: Path, pip: Pip) -> None:
    python = start.Environment(folder).ready("run")
    python.unlink()
    assert start.Environment(folder).ready("run").exists()
    assert len(pip.asked) == 4


def test_an_environment_made_by_hand_is_completed_not_emptied(start: ModuleType, folder: Path, pip: Pip) -> None:
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
    monkeypatch.setattr(start, "install_debian", lambda _package: False)
    with pytest.raises(start.Trouble, match="apt-get install python3-venv"):
        start.Environment(folder).ready("run")


def project(folder: Path, python: Callable[[Path], None]) -> Path:
    """A copy of start.py in ``folder`` with an environment that is ready."""
    shutil.copy(ROOT / "start.py", folder)
    python(folder)
    return folder / "start.py"


def test_other_words_reach_the_program_with_blanks_and_emoji(start: ModuleType, folder: Path, pip: Pip) -> None:
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
