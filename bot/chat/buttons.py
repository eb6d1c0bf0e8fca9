"""What of an answer can be tapped where a channel has buttons, and whose answer a button belongs to.

A button stands for a whole command, never for a throw-away number: an hour later the number might mean something else.
Everything it does is also written out in the answer.
"""

import hashlib
import re
from collections.abc import Sequence

from bot.chat.reply import Choice
from bot.content import Action, Content

_APART = re.compile(r"\s{2,}")


def offered(answer: Content, choices: Sequence[Choice]) -> Content:
    """``answer`` with the choices it asks between, so that a channel with buttons can offer them.

    A choice between groups stands for the same words in each and has no command of its own; it is typed.
    """
    if not choices:
        return answer
    known = {action.send for action in buttons(answer)}
    taps = dict[str, Action]()
    for choice in choices:
        label = _label(answer, choice.key)
        if label and choice.group is None and choice.send.startswith("/") and choice.send not in known:
            taps.setdefault(choice.send, Action(label=label, send=choice.send))
    return answer.model_copy(update={"taps": tuple(taps.values())}) if taps else answer


def _label(answer: Content, key: str) -> str:
    """How the answer itself names a choice: the action, or else the line or part of one, that begins with its key."""
    named = [action.label for action in answer.actions if action.send == key]
    row = re.compile(rf"{re.escape(key)}[\s.\uff0e\u3001]")
    return next(iter(named + [part for line in answer.lines for part in _parts(line) if row.match(part)]), "")


def _parts(line: str) -> list[str]:
    """The line, and the answers that stand in it one beside the other: "回复前面的数字：1 导入   2 不要"."""
    return [line, *_APART.split(line.rpartition("\uff1a")[2])] if _APART.search(line) else [line]


def buttons(content: Content) -> tuple[Action, ...]:
    """What can be tapped: whole commands, each once. An example is there to be changed first."""
    able = [action for action in content.actions if not action.fill and action.send.startswith("/")]
    return tuple({action.send: action for action in (*able, *content.taps)}.values())


def mark_of(channel: str, msgid: str) -> str:
    """Which message's answer a button belongs to: sixteen letters that tell nothing else."""
    return hashlib.blake2s(f"{channel}/{msgid}".encode(), digest_size=8).hexdigest()
