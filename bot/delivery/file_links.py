"""Signed links to files, for channels that carry none: whoever has the link may fetch that one file, for seven days.

A link holds what it is for and until when, and a signature (HMAC-SHA256) with a secret that lies in the data folder;
nothing is stored for it. Without a public address the file's name is written out.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from bot.clock import Clock
from bot.content import Content, File
from bot.domain.file_kinds import media_type
from bot.storage.files import write_file

LIFE = timedelta(days=7)
SECRET = "files.key"  # noqa: S105 - the name of the file it lies in
SECRET_BYTES = 32
LONGEST_TOKEN = 1024
PAGE = "/files/"


class FileLinks:
    """Makes and reads links.

    Args:
        folder: the data folder, where the secret is made at the first need.
        public_url: what the addresses begin with; "" = there are none.
    """

    def __init__(self, folder: Path, public_url: str, clock: Clock) -> None:
        self._folder = folder
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def spelled_out(self, content: Content) -> Content:
        """A message for a channel without files: a line in place of each."""
        if not content.files:
            return content
        lines = (*content.lines, *map(self.words, content.files))
        return content.model_copy(update={"files": (), "lines": lines})

    def words(self, file: File) -> str:
        """The line that stands for a file."""
        if not self._public_url:
            return f"📎 《{file.name}》在这里发不了文件：请用能收文件的渠道私下问我，或请管理员填 server.public_url。"
        return f"📎 《{file.name}》 {self._public_url}{PAGE}{self.token(file)} （{LIFE.days} 天内可下载）"

    def token(self, file: File) -> str:
        """What a link to a file ends in; good from now for ``LIFE``."""
        until = int((self._clock.now() + LIFE).timestamp())
        said = _coded(json.dumps([file.path, file.name, until], ensure_ascii=False).encode())
        return f"{said}.{self._signature(said)}"

    def read(self, token: str) -> File | None:
        """The file that a token is for; None when it is forged, broken or past its time."""
        said, _, signature = token.partition(".")
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        if not hmac.compare_digest(self._signature(said), signature):
            return None
        try:
            path, name, until = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        except (ValueError, binascii.Error):
            return None
        if self._clock.now().timestamp() > until:
            return None
        return File(name=name, path=path, media_type=media_type(name))

    def _signature(self, said: str) -> str:
        return _coded(hmac.digest(self._secret, said.encode(), hashlib.sha256))

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
