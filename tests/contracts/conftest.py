"""start.py as a module, an empty project folder for it, and a stand-in for pip."""

import importlib.util
import subprocess
import sys
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
