"""Fetches the platforms' own SDKs, which tests take as the other side, into ``.cache/peers-<digest>/`` of the project.

Run with the project's Python: ``python tests/platforms/peers/fetch_peers.py``. Standard library, pip and npm only;
everything is checked by the hashes of the locks beside this file. ``python/`` goes on PYTHONPATH of a program of its
own, ``node/node_modules`` on its NODE_PATH; nothing of it comes into the project's environment.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]
PYTHON_LOCK = HERE / "requirements.lock"
NODE_FILES = ("package.json", "package-lock.json", ".npmrc")
SETUPTOOLS = re.compile(r"^setuptools==.*?(?=^[a-z]|\Z)", re.MULTILINE | re.DOTALL)
NO_NPM = "没有找到 npm。安装\uff1asudo apt-get install nodejs npm"


def home() -> Path:
    """Where the peers of these locks and this Python belong."""
    digest = hashlib.sha256(str(sys.implementation.cache_tag).encode())
    for path in (PYTHON_LOCK, HERE / "package-lock.json"):
        digest.update(path.read_bytes())
    return PROJECT / ".cache" / f"peers-{digest.hexdigest()[:12]}"


def fetch_python(folder: Path) -> None:
    """Let pip put the Python peers into ``folder``/python.

    Three of them come as source alone. What builds them is installed first and by hash, too: in a build environment of
    its own pip would take whatever is newest. Compiling all of it would take 15 s for what tests use of it.
    """
    lock = PYTHON_LOCK.read_text(encoding="utf-8")
    [builder] = SETUPTOOLS.findall(lock)
    _pip(folder, "build", builder)
    _pip(folder, "python", lock.replace(builder, ""))
    shutil.rmtree(folder / "build")


def _pip(folder: Path, target: str, requirements: str) -> None:
    listed = folder / f"{target}.lock"
    listed.write_text(requirements, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]
    command += ["--require-hashes", "--no-deps", "--no-build-isolation", "--no-compile"]
    command += ["--target", str(folder / target), "-r", str(listed)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(folder / "build")})


def fetch_node(folder: Path) -> None:
    """Let npm put the peers for Node into ``folder``/node_modules."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError(NO_NPM)
    for name in NODE_FILES:
        shutil.copy(HERE / name, folder)
    subprocess.run([npm, "ci", "--loglevel=error"], cwd=folder, stdout=subprocess.DEVNULL, check=True)


PARTS: dict[str, tuple[Callable[[Path], None], str]] = {"python": (fetch_python, "python"), "node": (fetch_node, "")}
"""By the name of the part: what fetches it into a folder, and which part of that folder is kept."""


def fetch(part: str, target: Path) -> None:
    """Fetch one part so that ``target`` exists only when whole."""
    fill, kept = PARTS[part]
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as partial:
        folder = Path(partial) / "whole"
        folder.mkdir()
        fill(folder)
        if not target.is_dir():  # somebody else may have been quicker
            (folder / kept).rename(target)


def main() -> int:
    """Fetch what is not there; 0, or 1 with a sentence for each part that did not come."""
    failed = 0
    for part in PARTS:
        target = home() / part
        try:
            if not target.is_dir():
                fetch(part, target)
        except subprocess.CalledProcessError:
            failed = _say(part, "原因见上面 pip 或 npm 的话。")
        except (OSError, ValueError) as error:
            failed = _say(part, str(error))
    print(home())
    return failed


def _say(part: str, why: str) -> int:
    print(f"官方 SDK\uff08{part}\uff09没有取到\uff0c要用它的测试会跳过\uff1a{why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.stderr.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console, never a bare TextIO
    sys.exit(main())
