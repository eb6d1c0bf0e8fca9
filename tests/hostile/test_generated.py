"""Generated requests on both entries: whatever comes, the answer is a message or a 4xx, and the bot goes on.

``FUZZ_REQUESTS=100000`` makes it longer, ``FUZZ_SEED`` another one; the figures are printed with ``-s``.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.typing import EventDict

from tests.hostile.mutator import Mutator
from tests.hostile.site import SECRETS, Request, Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "500"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
AT_ONCE = 8


@pytest.fixture
def troubles() -> Iterator[list[EventDict]]:
    """Lines of the log that should not be there: errors, and those that hold a secret. All others are dropped."""
    found: list[EventDict] = []

    def keep(_logger: Any, method: str, line: EventDict) -> EventDict:
        if method in ("error", "exception", "critical") or any(secret in repr(line) for secret in SECRETS):
            found.append(structlog.processors.format_exc_info(_logger, method, line))
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    yield found
    structlog.reset_defaults()


class Run:
    """What came of the requests sent so far."""

    def __init__(self, site: Site, channel: str) -> None:
        self._site = site
        self._mutator = Mutator(site, channel, SEED)
        self.statuses: Counter[int] = Counter()
        self.faults: list[tuple[str, Request]] = []
        self.slowest = 0.0
        self._left = REQUESTS

    async def lane(self) -> None:
        while self._left > 0:
            self._left -= 1
            request = self._mutator.request()
            answer = await self._site.send(request)
            self.statuses[answer.status] += 1
            self.slowest = max(self.slowest, answer.milliseconds)
            if answer.status >= 500 or "😣" in answer.text:
                self.faults.append((f"{answer.status} {answer.text}", request))


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("channel", ["ding", "wecom"])
async def test_whatever_comes_is_answered_or_refused(site: Site, troubles: list[EventDict], channel: str) -> None:
    run, before, start = Run(site, channel), _resident(), time.monotonic()
    await asyncio.gather(*(run.lane() for _ in range(AT_ONCE)))
    spent, after = time.monotonic() - start, _resident()
    rows = sum(map(len, (await site.kept()).values()))  # reading all of them takes memory of its own
    print(
        f"\n{channel}: {REQUESTS} requests in {spent:.1f} s, {dict(sorted(run.statuses.items()))}, slowest "
        f"{run.slowest:.0f} ms, memory {before} -> {after} MB with {rows} records"
    )
    assert troubles == []
    assert run.faults == []
    assert run.statuses[200] > REQUESTS / 3
    good = await site.send(site.ding.request(site.ding.body(" /帮助")))
    assert good.status == 200
    assert "/反思" in good.text


def _resident() -> int:
    """Megabytes of memory this process holds; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) // 1024
