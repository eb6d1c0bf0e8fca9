"""The nightly copy of everything (feature F10), and which of the old copies are kept.

A copy of each day is kept for fourteen days, the first one of each month for a year. What this module did not write, a
copy made by hand or anything else somebody puts there, is never touched. A failure is logged; the copies are then old,
and ``check`` says so. What a copy left half written when the machine went down goes before the next one is made.
"""

import asyncio
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple

import structlog

from bot.clock import Clock
from bot.errors import StoreError
from bot.storage.backup import copy_database, tidy_database
from bot.storage.folder import DATABASE

FOLDER = "backups"
KEEP_EACH = timedelta(days=14)
KEEP_FIRSTS = timedelta(days=366)
MORNING = time(4)  # from then on a day whose night was slept through (the machine was off) gets its copy
AGAIN = timedelta(hours=1)

ABANDONED = timedelta(days=1)  # a copy by hand may still be under way in another process, but not as long as this

_OURS = re.compile(r"nightly-(\d{4}-\d{2}-\d{2})\.sqlite3")
_HALF = re.compile(r"\.(?P<target>.+\.sqlite3)\.\d+\.\d+\.partial(-journal|-wal|-shm)?")

log = structlog.get_logger()


class Copy(NamedTuple):
    """A copy of everything: its name, when it was made, its bytes; ``nightly``: made by itself."""

    name: str
    made: datetime
    size: int
    nightly: bool


def copies(data: Path, zone: tzinfo | None) -> list[Copy]:
    """The copies in a data folder, the newest first; those made by hand are there, too. Blocks."""
    folder, found = data / FOLDER, []
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.suffix != ".sqlite3" or path.name.startswith(".") or path.is_symlink() or not path.is_file():
            continue
        about = path.stat()
        made = datetime.fromtimestamp(about.st_mtime, zone)
        found.append(Copy(path.name, made, about.st_size, _OURS.fullmatch(path.name) is not None))
    return sorted(found, key=lambda copy: copy.made, reverse=True)


class Backups:
    """Writes the day's copy into ``<data>/backups`` and clears away the copies that have had their time.

    Args:
        data: the data folder.
        clock: whose day names the copy.
    """

    def __init__(self, data: Path, clock: Clock) -> None:
        self._database = data / DATABASE
        self._folder = data / FOLDER
        self._clock = clock
        self._not_before: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> Path | None:
        """Copy now; returns the copy, or None when it failed, which the log tells. Old copies go only after a new one.

        A copy of the same day is replaced once the new one is whole.
        """
        async with self._one_at_a_time:
            today = self._clock.now().date()
            target = self._folder / f"nightly-{today}.sqlite3"
            self._not_before = self._clock.now() + AGAIN
            try:
                await asyncio.to_thread(_clear_half, self._folder, self._clock.now())
                await self._tidy()
                await asyncio.to_thread(copy_database, self._database, target)
                gone = await asyncio.to_thread(_clear, self._folder, today)
            except Exception:  # nobody is told but the log: the bot goes on, and it is tried again in an hour
                log.exception("backup.failed", file=target.name)
                return None
            log.info("backup.done", file=target.name, bytes=target.stat().st_size, removed=gone)
            return target

    async def _tidy(self) -> None:
        """What is superseded goes once a day; until it does the file is only larger."""
        try:
            await asyncio.to_thread(tidy_database, self._database)
        except StoreError as error:
            log.warning("tidy.failed", reason=str(error))

    async def catch_up(self) -> None:
        """Copy in the daytime when the night's copy is missing: the machine was off, or it failed."""
        now = self._clock.now()
        tried = self._not_before is not None and now < self._not_before
        if now.time() < MORNING or tried or (self._folder / f"nightly-{now.date()}.sqlite3").exists():
            return
        await self.run()


def outdated(days: Iterable[date], today: date) -> set[date]:
    """Which of the copies made on ``days`` have had their time. Those of days to come stay: the clock was put back."""
    known = sorted(days)
    firsts = {(day.year, day.month): day for day in reversed(known)}
    kept = {day for day in firsts.values() if today - day < KEEP_FIRSTS}
    return {day for day in known if today - day >= KEEP_EACH and day not in kept}


def _clear(folder: Path, today: date) -> list[str]:
    """Remove the outdated copies; returns their names. Blocks."""
    ours: dict[date, Path] = {}
    for path in folder.iterdir():
        named = _OURS.fullmatch(path.name)
        day = _date(named[1]) if named and path.is_file() and not path.is_symlink() else None
        if day:
            ours[day] = path
    old = sorted(outdated(ours, today))
    for day in old:
        ours[day].unlink(missing_ok=True)
    return [ours[day].name for day in old]


def _clear_half(folder: Path, now: datetime) -> None:
    """Remove what copies left half written. Blocks.

    Only the process that holds the data folder makes nightly copies, one at a time, so none of theirs is under way; of
    a copy by hand its age must tell.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        named = _HALF.fullmatch(path.name)
        if named is None or not path.is_file() or path.is_symlink():
            continue
        written = datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo)
        if _OURS.fullmatch(named["target"]) or now - written > ABANDONED:
            path.unlink(missing_ok=True)
            log.warning("backup.half_removed", file=path.name)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # 2026-02-30: a name somebody made up
        return None
