"""Writes requirements.lock and requirements-dev.lock from pyproject.toml: versions and hashes, no addresses.

A third lock holds what the SDKs of tests/platforms/peers need besides the environment of the tests. (That of npm is
made there by ``npm install --package-lock-only``.) The locks hold for every system and every Python the project
supports. Words given are passed on to uv (``--upgrade``, ``--upgrade-package NAME``). Needs uv: ``pip install uv`` in
the environment.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet",
)  # fmt: skip
PEERS = "tests/platforms/peers/requirements"


def main(words: list[str]) -> int:
    """Write both locks; the test lock has the very versions of the other."""
    uv = shutil.which("uv", path=sysconfig.get_path("scripts")) or shutil.which("uv")
    if not uv:
        sys.exit("uv is needed: python -m pip install uv")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # The project itself is installed without build isolation, so that what builds it is checked by hash, too.
    build = "\n".join(project["build-system"]["requires"])
    compile_lock(uv, build, "requirements.lock", *words)
    compile_lock(uv, build, "requirements-dev.lock", "--extra", "dev", "--constraints", "requirements.lock", *words)
    peers_lock(uv, *words)
    return 0


def compile_lock(uv: str, build: str, lock: str, *words: str) -> None:
    """Let uv resolve the project and what builds it into ``lock``."""
    command = [uv, "pip", "compile", "pyproject.toml", "-", *OPTIONS, "--output-file", lock, *words]
    subprocess.run(command, cwd=ROOT, input=build, text=True, stdout=subprocess.DEVNULL, check=True)


def peers_lock(uv: str, *words: str) -> None:
    """Lock the peers at the versions that the tests' environment shares with them, without what it has already.

    setuptools stays in: the environment need not have it when it was made by hand.
    """
    shared = re.findall(r"^([\w.-]+)==", (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"), re.MULTILINE)
    without = [word for name in shared if name != "setuptools" for word in ("--no-emit-package", name)]
    command = [uv, "pip", "compile", f"{PEERS}.in", *OPTIONS, "--constraints", "requirements-dev.lock", *without]
    command += ["--output-file", f"{PEERS}.lock", *words]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
