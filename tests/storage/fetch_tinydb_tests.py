"""Fetches TinyDB's own tests: its source distribution, unpacked into ``.cache/tinydb-<version>/`` of the project.

Run with the project's Python: ``python tests/storage/fetch_tinydb_tests.py``. Standard library and pip only. pip reads
the metadata of what it downloads, for which it fetches TinyDB's build tool by itself (into a place of its own).
"""

import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """Where the tests of the installed version belong."""
    return PROJECT / ".cache" / f"tinydb-{version('tinydb')}"


def download(folder: Path) -> Path:
    """Let pip put the source distribution into ``folder``; its path. Raises CalledProcessError."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    # Only TinyDB itself as source: with ":all:" pip would also build the build tool from source.
    command += ["--no-binary", "tinydb", "--dest", str(folder), f"tinydb=={version('tinydb')}"]
    subprocess.run(command, check=True)
    (archive,) = folder.glob("tinydb-*.tar.gz")
    return archive


def unpack(archive: Path, target: Path) -> None:
    """Unpack so that ``target`` exists only when whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as partial:
        with tarfile.open(archive) as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(partial, filter="data")
            else:  # Python 3.11.0 to 3.11.3
                tar.extractall(partial)  # noqa: S202 - pip has checked where it comes from
        (Path(partial) / target.name).rename(target)


def main() -> int:
    """Fetch unless it is there; 0, or 1 with a sentence."""
    target = home()
    if not (target / "tests").is_dir():
        with tempfile.TemporaryDirectory() as folder:
            try:
                unpack(download(Path(folder)), target)
            except (subprocess.CalledProcessError, OSError, ValueError, tarfile.TarError) as error:
                print(f"TinyDB 的测试没有取到\uff1a{error}", file=sys.stderr)
                return 1
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
