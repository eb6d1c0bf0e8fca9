"""Documents as LibreOffice writes them: other markup for the same cells than python-docx and openpyxl make."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")

written_by_libreoffice = pytest.mark.skipif(
    SOFFICE is None or not os.environ.get("SOFFICE"),
    reason="takes seconds: apt-get install -y libreoffice-calc-nogui libreoffice-writer-nogui, then make office",
)


def rewritten(folder: Path, data: bytes, source: str, kind: str, options: str = "") -> bytes:
    """A document opened by LibreOffice and saved again.

    Args:
        source: what ``data`` is ("xlsx").
        kind: what to save it as ("csv").
        options: of LibreOffice's filter, with the colon in front.
    """
    (folder / f"in.{source}").write_bytes(data)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", f"{kind}{options}",
         "--outdir", "out", f"in.{source}"], cwd=folder, check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return (folder / "out" / f"in.{kind}").read_bytes()
