"""Signed links to files, for channels that carry none: whoever has the link may fetch that one file, for seven days.

A link holds what it is for and until when (bot/delivery/signing.py). Without a public address the file's name is
written out.
"""

from datetime import timedelta
from pathlib import Path

from bot.clock import Clock
from bot.content import Content, File
from bot.delivery.signing import Signer
from bot.domain.file_kinds import media_type

LIFE = timedelta(days=7)
PAGE = "/files/"


class FileLinks:
    """Makes and reads links.

    Args:
        folder: the data folder, where the secret lies.
        public_url: what the addresses begin with; "" = there are none.
    """

    def __init__(self, folder: Path, public_url: str, clock: Clock) -> None:
        self._signer = Signer(folder)
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
        return self._signer.token([file.path, file.name, int((self._clock.now() + LIFE).timestamp())])

    def read(self, token: str) -> File | None:
        """The file that a token is for; None when it is forged, broken or past its time."""
        match self._signer.read(token):
            case [str(path), str(name), int(until)] if self._clock.now().timestamp() <= until:
                return File(name=name, path=path, media_type=media_type(name))
        return None
