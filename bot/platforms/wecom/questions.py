"""Messages that can still be answered under their own ``req_id``: for 24 hours (path/101463).

After a restart those alone are known whose stream is open (bot/platforms/wecom/open_streams.py). What is forgotten here
is answered by a message of its own.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

KEEP = timedelta(hours=23, minutes=50)
MOST = 4_000


@dataclass(eq=False, slots=True)
class Question:
    """A message.

    Attributes:
        at: when it came.
        working: it was told that the answer takes a while, in a stream the answer has to end.
        answered: the answer is on its way, or there.
        closed: nothing more can be put under it: the stream was ended, or the card changed, without the answer, which
            now needs a message of its own.
        carded: its answer was sent as a card, which may have arrived.
        task_id: of the card whose button was tapped; "" = the message was typed.
        tapper: who tapped.
    """

    msgid: str
    req_id: str
    at: datetime
    working: bool = False
    answered: bool = False
    closed: bool = False
    carded: bool = False
    task_id: str = ""
    tapper: str = ""


class Questions:
    """The messages of one channel, by the platform's id."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Question] = OrderedDict()

    def is_new(self, msgid: str, req_id: str, now: datetime) -> bool:
        """Something came that is answered at once or never; False = it has come before."""
        if self.get(msgid, now):
            return False
        self.heard(msgid, req_id, now)
        return True

    def heard(self, msgid: str, req_id: str, now: datetime) -> Question:
        """A message came. Delivered again it has another ``req_id``, of no use to a stream begun under the first."""
        known = self.get(msgid, now)
        if known is None:
            known = self._known[msgid] = Question(msgid, req_id, now)
            self._forget(now)
        elif not known.working:
            known.req_id = req_id
        return known

    def restored(self, question: Question) -> bool:
        """Add one that was written down; False = this run knows it already."""
        return self._known.setdefault(question.msgid, question) is question

    def get(self, msgid: str, now: datetime) -> Question | None:
        """The message, if it can still be answered under its id."""
        known = self._known.get(msgid)
        return known if known and now - known.at < KEEP else None

    def _forget(self, now: datetime) -> None:
        """In the order of their coming, so the first ones are the oldest."""
        while self._known:
            oldest = next(iter(self._known.values()))
            if now - oldest.at < KEEP and len(self._known) <= MOST:
                break
            self._known.popitem(last=False)
