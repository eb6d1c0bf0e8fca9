"""What a page of the board is: an address, who may see it, what it shows, and which commands its forms may say.

A page knows the domain and nothing of HTTP. It is looked at within a transaction of its group, as the member asking is
today; what takes longer than a look at the records is done by ``after``, when nobody of the group waits.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.chat.rehearsal import Programme
from bot.domain.groups import Group
from bot.domain.people import Member, Person, Role

if TYPE_CHECKING:
    from bot.scheduling.backups import Backups

UNDO = "/撤销"
"""May be said on every page: the button under what was just done."""

Values = dict[str, Any]
Ahead = Callable[[str], Awaitable[Programme]]


@dataclass(frozen=True)
class House:
    """What of the running bot pages show, beside the records.

    Attributes:
        ahead: ``Engine.programme``.
        bot_names: how the bot is called, by channel.
        backups: the nightly copies; None = none are made here.
    """

    ahead: Ahead
    bot_names: Mapping[str, str]
    backups: "Backups | None" = None


@dataclass(frozen=True)
class Asked:
    """A look at a page.

    Attributes:
        member: who looks, in the role they act in.
        query: what stands behind the question mark of the address.
        answered: the page comes with the bot's answer to one of its forms.
        draft: what was typed into the page's form and not done yet.
    """

    group: Group
    member: Member
    person: Person
    query: Mapping[str, str]
    house: House
    answered: bool = False
    draft: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Who looks."""
        return self.member.name

    @property
    def leads(self) -> bool:
        """Whether they act as leader."""
        return self.member.role >= Role.LEADER


Show = Callable[[Asked], Awaitable[Values]]
After = Callable[[Asked, Values], Awaitable[Values]]
Say = Callable[[Asked, Mapping[str, str]], Awaitable[str]]


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        name: of its address and of its template.
        title: in the menu and in the browser's tab.
        show: what its template is filled with.
        after: adds to that outside of the transaction.
        needs: the least role that may look.
        commands: what its forms may say to the bot: "/设置" covers all its actions, "/听课 删" that one.
        words: what a form of several fields says; raises ``UserError`` with what is wrong with it. Without it a form
            brings the command and, apart, what was written behind it.
        keeps: fields that are kept as a draft until what they say is done.
        short: the title in the menu, where it is another.
    """

    name: str
    title: str
    show: Show
    after: After | None = None
    needs: Role = Role.MEMBER
    commands: tuple[str, ...] = ()
    words: Say | None = None
    keeps: tuple[str, ...] = ()
    short: str = ""

    @property
    def label(self) -> str:
        """What the menu calls it."""
        return self.short or self.title

    def command_in(self, words: str) -> str:
        """The one of the page's commands that ``words`` begin with, "" for none. Nothing that somebody wrote is in it,
        so it can stand in the log."""
        found = self._says.match(words)
        return found[1] if found else ""

    @cached_property
    def _says(self) -> re.Pattern[str]:
        known = sorted((*self.commands, UNDO), key=len, reverse=True)
        return re.compile(rf"({'|'.join(map(re.escape, known))})(?:\s|$)")
