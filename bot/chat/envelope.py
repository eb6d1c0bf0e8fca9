"""What stands around a command: quotations, mentions, emoji and the slash, as WeCom and DingTalk deliver them.

WeCom leaves the mention of the bot in the text, DingTalk cuts all mentions off and leaves the blanks; people mention
several others, put the mention at the end, quote a message above their own. ``open_envelope`` takes all this away and
keeps the body as it was written.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from bot.chat.folding import Folded, fold, fold_part, trim

# Characters of the original that are looked at for mentions and the command; what follows is content.
_HEAD = 2000
_TAIL = 200
# More quotations above one another, or mentions in a row, are no message but an attack.
_MOST_QUOTATIONS = 3
_MOST_MENTIONS = 8

_AT = re.compile("[@\uff20\ufe6b]")  # what becomes @ when it is folded
_SLASH = "[/、]"
_SLASHES = ("/", "\uff0f", "、")  # before they are folded
_OTHER = r"@[^\s@/、]{1,30}"
_NOBODY = "(?!)"
_ANYBODY = re.compile(rf"(?<!\S)@({_OTHER[1:]})")
_QUOTED_LINES = re.compile(r"(?:[^\S\n]*[>\uff1e][^\n]*(?:\n|\Z))+")
_RULE = re.compile(r"[^\S\n]*\n\s*(?:[-\u2014\u2500][^\S\n]?){3,}[^\S\n]*(?:\n|\Z)")


class Letter(NamedTuple):
    """A message without its envelope.

    Attributes:
        body: the original text from the command word (or first word) on, without outer blanks.
        head: the beginning of ``body``, folded; its places count within ``body``.
        slash: a slash stood before it.
        to_others: other people were mentioned first.
        own: pattern of the bot's own mention in folded text.
    """

    body: str
    head: Folded
    slash: bool
    to_others: bool
    own: re.Pattern[str]

    def content(self, index: int) -> str:
        """What was written after ``head.text[:index]``, byte for byte, without outer blanks and a mention in front."""
        text = trim(self.body[self.head.after(index) :])
        for _ in range(_MOST_MENTIONS if _may_mention(text) else 0):
            front = fold_part(text, 0, _TAIL)
            mention = self.own.match(front.text)
            if not mention:
                break
            text = trim(text[front.after(mention.end()) :])
        return text


class Patterns(NamedTuple):
    """For folded text: the bot's mention, one piece of what may stand before a command, the slash with what follows."""

    own: re.Pattern[str]
    piece: re.Pattern[str]
    slash: re.Pattern[str]


@lru_cache(maxsize=256)
def patterns_of(bot_name: str) -> Patterns:
    """The patterns of a bot of this name; kept, as there are a few of them and they are asked for at every message."""
    parts = [re.escape(part) for part in fold(bot_name).lstrip("@").split()]
    own = "@" + r"\s*".join(parts) if parts else _NOBODY
    # Somebody may be called like the bot and more: a longer mention counts as theirs when a mention or slash follows.
    alternatives = [
        r"(?:\s|[、,](?=\s*@))+",
        rf"{own}(?=[\s@/、]|\Z)",
        rf"(?P<longer>{_OTHER})(?=\s*[@/])",
        own,
        rf"(?P<other>{_OTHER})",
    ]
    slash = rf"{_SLASH}(?:\s|{_SLASH}|{own})*"
    return Patterns(re.compile(own), re.compile("|".join(alternatives)), re.compile(slash))


def open_envelope(text: str, bot_name: str) -> Letter:
    """Take quotations, mentions, emoji and slashes off a message.

    Args:
        text: the platform's text, unchanged.
        bot_name: how the bot is called there, with or without ``@``; may hold blanks.
    """
    patterns = patterns_of(bot_name)
    return bare(text, patterns.own) or unwrapped(text, patterns)


def bare(text: str, own: re.Pattern[str]) -> Letter | None:
    """A slash and words with nothing around them, which is what most people send; None for anything else.

    It is read as ``unwrapped`` would read it, for half the price.
    """
    text = trim(text)
    if not text.startswith(_SLASHES) or _may_mention(text):
        return None
    body = text[1:]
    head = fold_part(body, 0, _HEAD - 1)
    simple = isinstance(head.places, range) and head.text[:1].isalnum()
    return Letter(body, head, slash=True, to_others=False, own=own) if simple else None


def unwrapped(text: str, patterns: Patterns) -> Letter:
    """A message with anything around its words."""
    text = _without_closing_mention(text, patterns.own)
    start, to_others, head = _skip_lead(text, patterns.piece)
    slash = patterns.slash.match(head.text)
    if slash:
        start = head.after(slash.end())
    body, opened = _opened(text, start, head)
    return Letter(body, opened, slash is not None, to_others, patterns.own)


def _opened(text: str, start: int, head: Folded) -> tuple[str, Folded]:
    """The text from its first word behind ``start`` on (emoji in front are skipped), and its folded beginning.

    Args:
        head: the folded text; it may begin earlier.
    """
    body = trim(text[start:])
    start = text.index(body, start) if body else len(text)
    opened = head.part(start, start + len(body))
    gap = len(opened.text) - len(opened.text.lstrip())
    if gap:
        start = opened.after(gap)
        body, opened = body[start:], opened.part(start, len(body))
    return body, opened


def _without_closing_mention(text: str, own: re.Pattern[str]) -> str:
    """Cut the bot's mention, once or several times, off the end; emoji after it keep it where it is."""
    text = trim(text)
    for _ in range(_MOST_MENTIONS if _may_mention(text) else 0):
        tail = fold_part(text, max(0, len(text) - _TAIL), len(text))
        mentions = list(own.finditer(tail.text))
        if not mentions or trim(text[tail.after(mentions[-1].end()) :]):
            break
        text = trim(text[: tail.start(mentions[-1].start())])
    return text


def _may_mention(text: str) -> bool:
    """Whether an ``@`` stands anywhere; where there is none, nothing has to be folded to look for the bot's mention."""
    return _AT.search(text) is not None


def _skip_lead(text: str, piece: re.Pattern[str]) -> tuple[int, bool, Folded]:
    """Where the person's own words begin, whether somebody else was mentioned before them, and how they begin,
    folded."""
    start, to_others = 0, False
    for _ in range(_MOST_QUOTATIONS):
        head = fold_part(text, start, start + _HEAD)
        index = 0
        while token := piece.match(head.text, index):
            to_others |= token.lastgroup is not None
            index = token.end()
        begin = head.start(index) if index < len(head.text) else start + _HEAD
        end = _end_of_quotation(text, begin)
        if end is None:
            if begin == start:
                return start, to_others, head
            return begin, to_others, fold_part(text, begin, begin + _HEAD)
        start = end
    return start, to_others, fold_part(text, start, start + _HEAD)


def _end_of_quotation(text: str, start: int) -> int | None:
    """Where a quotation that begins here ends: 「…」 over a rule (WeCom, WeChat), or lines with ``>`` in front."""
    if lines := _QUOTED_LINES.match(text, start):
        return lines.end()
    if not text.startswith(("\u300c", "\uff62"), start) or "\n" not in text:
        return None
    depth = 0
    for bracket in re.finditer("[\u300c\u300d\uff62\uff63]", text[start:]):
        depth += 1 if bracket[0] in "\u300c\uff62" else -1
        if depth == 0:
            rule = _RULE.match(text, start + bracket.end())
            return rule.end() if rule else _end_by_rule(text, start)
    return _end_by_rule(text, start)


def _end_by_rule(text: str, start: int) -> int | None:
    """The first 」 that a rule follows: for quotations that the platform cut short, so that brackets do not match."""
    closing = text.find("\u300d", start)
    while closing >= 0:
        if rule := _RULE.match(text, closing + 1):
            return rule.end()
        closing = text.find("\u300d", closing + 1)
    return None


def name_called(text: str, bot_name: str) -> str | None:
    """How a message addresses the bot, as far as it tells.

    Returns:
        ``bot_name`` when the bot's own mention stands in it; else the first name mentioned as it was written, without
        ``@``; None when nobody is mentioned.
    """
    head = fold_part(text, 0, _HEAD)
    if patterns_of(bot_name).own.search(head.text):
        return bot_name
    found = _ANYBODY.search(head.text)
    return text[head.start(found.start(1)) : head.after(found.end(1))] if found else None
