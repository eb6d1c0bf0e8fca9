"""Frames of ours waiting for their acknowledgements, on one connection."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from bot.errors import NotSent, Undecided
from bot.platforms.wecom.frames import Frame

NO_ANSWER = "平台没有按时回应"
BROKEN = "连接中途断开"


class Exchange:
    """Sends frames and waits; those with one ``req_id`` go one after the other, as the platform wants it.

    Args:
        send: puts text on the wire; raises NotSent when it certainly did not get there, Undecided when it may have.
        seconds: to wait for an acknowledgement.
    """

    def __init__(self, send: Callable[[str], Awaitable[None]], seconds: float) -> None:
        self._send = send
        self._seconds = seconds
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._overdue: Counter[str] = Counter()
        self._closed = False

    async def ask(self, frame: Frame, seconds: float | None = None, *, passing: bool = False) -> Frame:
        """The acknowledgement of ``frame``, whatever it says.

        Args:
            seconds: to wait, where it is not as long as usual.
            passing: more will follow under this ``req_id``. Should the acknowledgement come too late, it must not be
                taken for that of what followed.

        Raises:
            NotSent, Undecided: there is none.
        """
        turn = self._turns.setdefault(frame.req_id, asyncio.Lock())
        async with turn:
            if self._closed:
                raise NotSent("连接已经断开")
            answer = self._waiting[frame.req_id] = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds or self._seconds):
                    await self._send(frame.text)
                    acknowledgement: Frame = await answer
                    return acknowledgement
            except TimeoutError:
                if passing:
                    self._overdue[frame.req_id] += 1
                raise Undecided(NO_ANSWER) from None
            finally:
                del self._waiting[frame.req_id]

    def acknowledged(self, frame: Frame) -> bool:
        """An acknowledgement came in; whether somebody waits for it."""
        if self._overdue[frame.req_id] > 0:
            self._overdue[frame.req_id] -= 1
            return True
        del self._overdue[frame.req_id]
        answer = self._waiting.get(frame.req_id)
        if answer is None or answer.done():
            return False
        answer.set_result(frame)
        return True

    def close(self) -> None:
        """The connection is over: nobody knows what became of what is under way."""
        self._closed = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Undecided(BROKEN))
