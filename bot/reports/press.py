"""Drawing in a process of its own: ``python -m bot.reports.press``, for one order, fed and read through pipes.

A picture is drawn in one go that lets no other thread run, a Word file for a second with the interpreter's lock: in the
bot's own process everybody would wait. Here nobody does, what goes wrong takes nothing along, and the memory of the
libraries is given back when the file is made.
"""

import asyncio
import os
import pickle
import sys
import traceback
from collections.abc import Awaitable
from pathlib import Path
from typing import BinaryIO

from bot.errors import UserError
from bot.reports.making import Draw, Made, makers

ROOT = Path(__file__).resolve().parents[2]
"""Where the package ``bot`` lies, whatever the bot was started from."""

NICE = 10
"""How far drawing stands behind everything else on the machine, where that can be said."""


class DrawingFailed(Exception):
    """A defect in what draws; the text is its trace."""


async def apart(gathering: Awaitable[Draw]) -> Made:
    """What is drawn, in a process of its own, which gets ready while ``gathering`` goes on. Cancelled, it ends at once.

    Args:
        gathering: gives what draws; it must survive pickling.

    Raises:
        UserError: as raised there or by what draws; DrawingFailed: anything else, also the end of the process.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        order = await asyncio.to_thread(pickle.dumps, await gathering)
        answer, complaint = await process.communicate(order)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise DrawingFailed(f"exit code {process.returncode}: {complaint.decode(errors='replace')[-4000:]}")
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
    makers()  # loaded while the order is being put together
    if hasattr(os, "nice"):
        os.nice(NICE)
    answers.write(answered(orders.read()))
    answers.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
