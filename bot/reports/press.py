"""Drawing in a process of its own: ``python -m bot.reports.press``, for one order, fed and read through pipes.

A picture is drawn in one go that lets no other thread run, a Word file for a second with the interpreter's lock: in the
bot's own process everybody would wait. Here nobody does, what goes wrong takes nothing along, and the memory of the
libraries is given back when the file is made.
"""

import asyncio
import gc
import os
import pickle
import sys
import traceback
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Self

from bot.errors import UserError
from bot.reports.making import Draw, Made, Several

ROOT = Path(__file__).resolve().parents[2]
"""Where the package ``bot`` lies, whatever the bot was started from."""

NICE = 10
"""How far drawing stands behind everything else on the machine, where that can be said."""

PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""Which this program may use."""

SELDOM = (100_000, 20, 20)
"""When the collector looks for what nobody needs any more: 200,000 cells that all stay are not looked through over and
over, and a process that ends in seconds need not be tidy."""

_LOADED = (
    *("bot.reports.report", "pygal", "bot.reports.digest_files", "bot.reports.form_files"),
    *("docx", "resvg_py", "xlsxwriter"),
)
"""What most files are drawn with, in the order in which it is needed."""


class DrawingFailed(Exception):
    """A defect in what draws; the text is its trace."""


async def apart(gathering: Awaitable[Draw]) -> Made:
    """What is drawn, in a process of its own, which gets ready while ``gathering`` goes on. Cancelled, it ends at once.

    What comes as ``Several`` is drawn in as many, where the machine has processors for it.

    Args:
        gathering: gives what draws; it must survive pickling.

    Raises:
        UserError: as raised there or by what draws; DrawingFailed: anything else, also the end of a process.
    """
    async with AsyncExitStack() as presses:
        first = await presses.enter_async_context(_Press())
        draw = await gathering
        if not isinstance(draw, Several) or PROCESSORS == 1:
            return await first.made(draw)
        others = [await presses.enter_async_context(_Press()) for _ in draw.draws[1:]]
        parts = zip((first, *others), draw.draws, strict=True)
        return draw.told(await asyncio.gather(*(press.made(part) for press, part in parts)))


class _Press:
    """A process that answers one order; it is gone at the end of the block, whatever has become of the order."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def made(self, draw: Draw) -> Made:
        """What is drawn; raises as ``apart``."""
        answer, complaint = await self._process.communicate(await asyncio.to_thread(pickle.dumps, draw))
        code = self._process.returncode
        if code != 0:
            raise DrawingFailed(f"exit code {code}: {complaint.decode(errors='replace')[-4000:]}")
        return _read(answer)


async def here(gathering: Awaitable[Draw]) -> Made:
    """The same in a thread, for programs that have nobody to keep waiting; raises what is raised there."""
    return await asyncio.to_thread(await gathering)


def _read(answer: bytes) -> Made:
    match pickle.loads(answer):  # noqa: S301 - from our own process, through a pipe of our own
        case "made", Made() as made:
            return made
        case "refused", str(problem), tuple(hints), str(symbol):
            raise UserError(problem, *hints, symbol=symbol)
        case "failed", str(trace):
            raise DrawingFailed(trace)
        case other:
            raise DrawingFailed(f"not understood: {other!r:.200}")


def answered(order: bytes) -> bytes:
    """What the process answers to an order, whatever becomes of it."""
    try:
        draw: Draw = pickle.loads(order)  # noqa: S301 - from the process that started this one
        return pickle.dumps(("made", draw()))
    except UserError as error:
        return pickle.dumps(("refused", error.problem, tuple(error.hints), error.symbol))
    except Exception:  # noqa: BLE001 - its trace is what is asked for
        return pickle.dumps(("failed", traceback.format_exc()))


def main(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer one order."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    gc.set_threshold(*SELDOM)
    order = _read_while_loading(orders)
    gc.freeze()
    answers.write(answered(order))
    answers.flush()


def _read_while_loading(orders: BinaryIO) -> bytes:
    """The order; until it is here, what draws is loaded, and not a module longer."""
    with ThreadPoolExecutor(1) as reader:
        order = reader.submit(orders.read)
        for name in _LOADED:
            if order.done():
                break
            import_module(name)
        return order.result()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
