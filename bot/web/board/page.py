"""What a page of the board is made of, and what it is shown when it is asked for.

A page shows and never writes. What its forms ask for is said to the bot as if the visitor had typed it: the same
rights, the same answer, /撤销 takes it back, and a form sent twice is one message delivered twice.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.chat.buttons import buttons
from bot.chat.rehearsal import Programme
from bot.chat.transport import Incoming
from bot.clock import Clock
from bot.content import Action, Content
from bot.delivery.outcome import Outcome
from bot.delivery.workshop import Press
from bot.domain.groups import Group
from bot.domain.people import Member, Person, Role
from bot.errors import BadArgument, UserError
from bot.storage.blobs import Blobs
from bot.web.board.forms import Form
from bot.web.board.pictures import Pictures
from bot.web.board.session import Visit

Say = Callable[[Incoming], Awaitable[Outcome | None]]
Ahead = Callable[[str], Awaitable[Programme]]

UNDO = "/撤销"
_NUMBER = re.compile("[0-9]{1,6}")


@dataclass(frozen=True)
class House:
    """What the board needs of the running bot.

    Attributes:
        say: ``Dispatcher.receive``.
        ahead: ``Engine.programme``.
        bot_names: how the bot is called, by channel.
        press: draws charts.
        blobs: where files that forms bring are kept.
        data: the data folder, where the copies lie; None where nobody makes copies (the simulator).
        pictures: charts that were drawn.
    """

    clock: Clock
    say: Say
    ahead: Ahead
    bot_names: Mapping[str, str]
    press: Press
    blobs: Blobs
    data: Path | None = None
    pictures: Pictures = field(default_factory=Pictures)


@dataclass(frozen=True)
class Answer:
    """What the bot said to a form.

    Attributes:
        taps: what can be tapped next on this page.
        mark: of the message that was said, so that /撤销 takes back just that.
        bad: it was not done.
        asks: it was answered with a question, or nothing was asked of the bot yet.
        status: of the response.
    """

    lines: tuple[str, ...]
    taps: tuple[Action, ...] = ()
    mark: str = ""
    bad: bool = False
    asks: bool = False
    status: int = 200

    @property
    def done(self) -> bool:
        """What was asked for is done."""
        return not self.bad and not self.asks


def complaint(error: UserError) -> Answer:
    """What is shown of a form that was not even said."""
    return Answer(tuple(error.lines), bad=True, status=400)


@dataclass(frozen=True)
class Look:
    """Somebody looks at a page.

    Attributes:
        group: bound to an open transaction that is left without a change.
        member: the visitor in the role they act in.
        query: of the address.
        answer: what the bot has said to the form that was just sent; None = none was.
        draft: what was written on this page and is not done yet, by field; just typed, or as it was kept.
    """

    house: House
    visit: Visit
    group: Group
    member: Member
    person: Person
    query: Mapping[str, str]
    answer: Answer | None = None
    draft: Mapping[str, str] = field(default_factory=dict)

    @property
    def leads(self) -> bool:
        """Whether the visitor acts as the leader."""
        return self.member.role >= Role.LEADER

    def number(self, key: str) -> int:
        """A number of the query; 0 when it says none.

        Raises:
            BadArgument: it is none of ours.
        """
        text = self.query.get(key, "")
        if text and not _NUMBER.fullmatch(text):
            raise BadArgument(f"没有编号“{text[:20]}”。", "从页面上点进来就对了。")
        return int(text or 0)


Values = dict[str, Any]


async def _nothing_more(_look: Look, values: Values) -> Values:
    return values


async def _fine(_look: Look, _form: Form) -> None:
    return


async def _as_it_stands(_look: Look, form: Form) -> str:
    """The command of a form, and behind it what was written."""
    return f"{form.say} {form.words}".strip()


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        path: below /board/; "" = the first page.
        label: its name in the navigation.
        show: what its template shows, read within one transaction. Raises ``UserError`` for a query that says nothing.
        later: what takes longer and must hold nobody's turn, after that transaction.
        leads: for the leader and deputies alone.
        says: the commands that its forms may say.
        check: whether a form still means what its writer saw, within the transaction; raises ``UserError``.
        words: makes what is said of a form; raises ``UserError`` when something is missing.
        keeps: fields of its form that are kept as a draft until they are done.
        sends_file: the file that its form brings goes to the bot as it is.
    """

    path: str
    label: str
    template: str
    show: Callable[[Look], Awaitable[Values]]
    later: Callable[[Look, Values], Awaitable[Values]] = _nothing_more
    leads: bool = False
    says: re.Pattern[str] | None = None
    check: Callable[[Look, Form], Awaitable[None]] = _fine
    words: Callable[[Look, Form], Awaitable[str]] = _as_it_stands
    keeps: tuple[str, ...] = ()
    sends_file: bool = False

    def draft(self, query: Mapping[str, str]) -> str:
        """The name of the draft: what is written of number 3 is no draft of number 5, nor of a new one."""
        number = query.get("n", "")
        return f"{self.path}:{number}" if _NUMBER.fullmatch(number) else self.path

    def written(self, form: Form) -> dict[str, str]:
        """What a form brings that is kept as a draft."""
        return {name: form.fields[name] for name in self.keeps if name in form.fields}

    def allows(self, said: str) -> bool:
        """Whether one of its forms may say this."""
        return said == UNDO or (self.says is not None and self.says.fullmatch(said) is not None)

    def answer(self, content: Content, mark: str = "", *, bad: bool = False, asks: bool = False) -> Answer:
        """The bot's answer as this page shows it; what a button says need not stand beside it."""
        taps = tuple(tap for tap in buttons(content) if self.allows(tap.send))
        said = {"", *(tap.label for tap in taps)}
        lines = tuple(line for line in (content.title, *content.lines) if line not in said)
        return Answer(lines, taps, mark, bad, asks)


def commands(*names: str) -> re.Pattern[str]:
    """Any of these commands with whatever follows: "计划", "汇总 改"."""
    return re.compile(rf"/(?:{'|'.join(map(re.escape, names))})(?:\s.*)?", re.DOTALL)
