"""The ids platforms give to uploads, used again as long as they hold: the same file is not uploaded for each reader."""

import hashlib
from datetime import datetime, timedelta

from bot.clock import Clock


class MediaIds:
    """The ids of uploads.

    Args:
        keep: how long an id is used again.
    """

    def __init__(self, clock: Clock, keep: timedelta) -> None:
        self._clock = clock
        self._keep = keep
        self._kept: dict[str, tuple[str, datetime]] = {}

    @staticmethod
    def key(kind: str, name: str, data: bytes) -> str:
        """What makes two uploads the same."""
        return hashlib.sha256(f"{kind}/{name}\0".encode() + data).hexdigest()

    def get(self, key: str) -> str | None:
        """The id of such an upload."""
        now = self._clock.now()
        self._kept = {one: kept for one, kept in self._kept.items() if now < kept[1]}
        return self._kept[key][0] if key in self._kept else None

    def keep(self, key: str, media_id: str) -> None:
        """An upload was made just now."""
        self._kept[key] = (media_id, self._clock.now() + self._keep)
