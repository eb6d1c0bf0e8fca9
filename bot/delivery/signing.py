"""What the bot signs so that it knows it again: links that hold what they are for.

HMAC-SHA256 with a secret that lies in the data folder; nothing is stored for what was signed. A signature is good for
one purpose alone: a link to a file opens no calendar.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from bot.storage.files import write_file

SECRET = "files.key"  # noqa: S105 - the name of the file it lies in
SECRET_BYTES = 32
LONGEST_TOKEN = 1024


class Signer:
    """Makes and reads tokens.

    Args:
        folder: the data folder, where the secret is made at the first need.
        purpose: what the tokens are for; "" = files.
    """

    def __init__(self, folder: Path, purpose: str = "") -> None:
        self._folder = folder
        self._purpose = purpose

    def token(self, said: Sequence[str | int]) -> str:
        """What can stand in an address: ``said`` and its signature."""
        coded = _coded(json.dumps(said, ensure_ascii=False).encode())
        return f"{coded}.{self._signature(coded)}"

    def read(self, token: str) -> list[str | int] | None:
        """What a token says; None when it is forged, broken, or of another purpose."""
        coded, _, signature = token.partition(".")
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        if not hmac.compare_digest(self._signature(coded), signature):
            return None
        try:
            said = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
        except (ValueError, binascii.Error):
            return None
        return said if isinstance(said, list) else None

    def _signature(self, coded: str) -> str:
        signed = f"{self._purpose}:{coded}" if self._purpose else coded
        return _coded(hmac.digest(self._secret, signed.encode(), hashlib.sha256))

    @cached_property
    def _secret(self) -> bytes:
        """The folder's own; a lost one makes old links useless, and nothing else."""
        path = self._folder / SECRET
        try:
            held = bytes.fromhex(path.read_text("ascii").strip())
        except (OSError, ValueError):
            held = b""
        if len(held) != SECRET_BYTES:
            held = secrets.token_bytes(SECRET_BYTES)
            old = os.umask(0o077)
            try:
                write_file(path, held.hex())
            finally:
                os.umask(old)
        return held


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
