"""Commands: a decorator for handlers, and the registry the app builds from them.

``@command`` only marks a function; nothing is global. The registry refuses to start on anything ambiguous.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, NamedTuple

from bot.chat.arguments import Signature
from bot.chat.reply import Reply
from bot.chat.understanding import RegistrationError, Understanding, Vocabulary, Word
from bot.domain.people import Role

Handler = Callable[..., Awaitable[Reply]]
MARK = "__command__"

VISITOR, MEMBER, LEADER = Role.VISITOR, Role.MEMBER, Role.LEADER


class Mark(NamedTuple):
    """What ``@command`` writes on a function."""

    name: str
    action: str
    needs: Role
    example: str
    aliases: tuple[str, ...]
    writes: bool
    free_text: bool
    anywhere: bool
    everyday: int
    takes_files: bool
    also: tuple[str, ...]


@dataclass(frozen=True)
class Action:
    """One thing a command does: the bare command (``action`` empty) or one of its actions."""

    mark: Mark
    signature: Signature
    run: Handler
    summary: str
    details: str

    @property
    def usage(self) -> str:
        """ "/计划 答 编号 内容"."""
        parts = [f"/{self.mark.name}", self.mark.action, self.signature.usage]
        return " ".join(part for part in parts if part)


@dataclass
class Command:
    """A command with its actions. ``subject`` is the name of the handlers module it stands in; ``synonyms`` are other
    words for an action."""

    name: str
    subject: str
    actions: dict[str, Action] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)

    @property
    def main(self) -> Action:
        """The bare command."""
        return self.actions[""]

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other words for it."""
        return self.main.mark.aliases

    @property
    def needs(self) -> Role:
        """The role the bare command needs."""
        return self.main.mark.needs

    def choose(self, argument: str) -> tuple[Action, str]:
        """The action meant by ``argument`` and what is left of it: it counts only as whole words at the front, two
        ("研讨课 换") before one."""
        words = argument.split(maxsplit=2)
        for count in (2, 1):
            typed = " ".join(words[:count])
            name = self.synonyms.get(typed, typed)
            if len(words) >= count and name in self.actions:
                rest = argument
                for word in words[:count]:
                    rest = rest.lstrip().removeprefix(word)
                return self.actions[name], rest.strip()
        return self.main, argument


def command(
    name: str,
    *,
    example: str,
    needs: Role = MEMBER,
    action: str = "",
    aliases: tuple[str, ...] = (),
    writes: bool = True,
    free_text: bool = False,
    anywhere: bool = False,
    everyday: int = 0,
    takes_files: bool = False,
    also: tuple[str, ...] = (),
) -> Callable[[Handler], Handler]:
    """Make a handler answer ``/name [action]``.

    Args:
        name: canonical name, without the slash.
        example: a whole message that works as it stands in the sample school.
        needs: the least role that may run it.
        action: the word that follows the name ("启用"), or two; empty for the bare command.
        aliases: other whole words for it (bare command only); pinyin and initials come by themselves.
        writes: False for a command that only shows; such a one may run without its slash.
        free_text: what follows is prose, so the name may run straight into it (/反思).
        anywhere: may run outside a group (help, claiming a group, saying who one is).
        everyday: its place in the menu, from 1; 0 = it is only named in the last line.
        also: other words for the action.
        takes_files: files that come without words are its business (``ctx.received``); one command's alone.
    """

    def mark(handler: Handler) -> Handler:
        made = Mark(name, action, needs, example, aliases, writes, free_text, anywhere, everyday, takes_files, also)
        setattr(handler, MARK, made)
        return handler

    return mark


class Registry:
    """Every command of the house, and the vocabulary to understand them by.

    Attributes:
        for_files: what a message of files alone stands for, "" where no command takes them.
    """

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        """Collect the marked functions of ``modules``.

        Raises:
            RegistrationError: a name, alias or action twice, an action without its bare command, a function without
                docstring, an argument without a shape, an example that does not parse.
        """
        self.commands: dict[str, Command] = {}
        self.for_files = ""
        for module in modules:
            for handler in vars(module).values():
                if isinstance(getattr(handler, MARK, None), Mark) and handler.__module__ == module.__name__:
                    self._add(module, handler)
        for found in self.commands.values():
            if "" not in found.actions:
                raise RegistrationError(f"/{found.name} has actions but no bare command")
        self.vocabulary = Vocabulary([_word(found) for found in self.commands.values()])
        self._check_examples()

    def understand(self, text: str, bot_name: str) -> Understanding:
        """How a message is understood; runs nothing."""
        return self.vocabulary.understand(text, bot_name)

    def allowed(self, role: Role) -> list[Command]:
        """The commands somebody of this role may run, in order of registration."""
        return [found for found in self.commands.values() if found.needs <= role]

    def public(self) -> list[dict[str, Any]]:
        """The JSON of ``commands --json``."""
        return [_public(found) for found in self.commands.values()]

    def _add(self, module: ModuleType, handler: Handler) -> None:
        mark: Mark = getattr(handler, MARK)
        summary, _, details = (handler.__doc__ or "").strip().partition("\n")
        if not summary:
            raise RegistrationError(f"{handler.__qualname__} has no docstring: it is the help text")
        subject = module.__name__.rpartition(".")[2]
        found = self.commands.setdefault(mark.name, Command(mark.name, subject))
        if {mark.action, *mark.also} & {*found.actions, *found.synonyms}:
            raise RegistrationError(f"/{mark.name} {mark.action} is registered twice")
        if mark.takes_files and self.for_files:
            raise RegistrationError(f"/{mark.name} {mark.action} and {self.for_files} both take files")
        self.for_files = mark.example if mark.takes_files else self.for_files
        signature = Signature.of(handler, mark.example)
        found.synonyms |= dict.fromkeys(mark.also, mark.action)
        found.actions[mark.action] = Action(mark, signature, handler, summary, _dedent(details))

    def _check_examples(self) -> None:
        for found in self.commands.values():
            for action in found.actions.values():
                understood = self.vocabulary.understand(action.mark.example, "")
                if understood.command != found.name:
                    raise RegistrationError(f"{action.mark.example} is not understood as /{found.name}")
                chosen, argument = found.choose(understood.argument)
                if chosen is not action:
                    raise RegistrationError(f"{action.mark.example} does not reach {action.usage}")
                chosen.signature.parse(argument)


def _word(found: Command) -> Word:
    def fits(rest: str) -> bool:
        chosen, argument = found.choose(rest)
        return chosen is not found.main or found.main.signature.fits(argument)

    mark = found.main.mark
    return Word(
        name=found.name,
        aliases=mark.aliases,
        actions=tuple(dict.fromkeys(action.split()[0] for action in (*found.actions, *found.synonyms) if action)),
        writes=mark.writes,
        fits=fits,
        free_text=mark.free_text,
    )


def _public(found: Command) -> dict[str, Any]:
    main = found.main
    return {
        "name": found.name,
        "aliases": list(found.aliases),
        "usage": main.usage,
        "example": main.mark.example,
        "needs": main.mark.needs.public,
        "subject": found.subject,
        "summary": main.summary,
        "actions": [
            {
                "action": name,
                "usage": x.usage,
                "example": x.mark.example,
                "needs": x.mark.needs.public,
                "summary": x.summary,
            }
            for name, x in found.actions.items()
            if name
        ],
    }


def _dedent(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


__all__ = ["LEADER", "MEMBER", "VISITOR", "Command", "Registry", "command"]
