"""What is typed to change something in the calendar, taken apart: which time is meant, what it becomes, and why.

``"10月14日 到 10月15日第8节 录播室 原因：开会"``: one time by its day. ``"以后都周四第8节"``, ``"下周起周四第8节"``:
all that come. Anything else is about the next time. What the parts mean as times is for bot/domain/routine_words.py.
"""

import re
from typing import NamedTuple

_BLANK = "[\\s\u3000]*"
_TO = "(?:改到|改成|改为|移到|挪到|换到|调到|推迟到|提前到|到|至|→|->|=>)"
_LATER = "从?(?:现在|今天|这次)?(?:起|开始)?(?:今后|以后|往后|此后)的?"
_EVERY = "(?:每次|全部|所有)的?"
_ALWAYS = "(?:全都|都|全|一律)"
_ALL = re.compile(f"^(?:{_LATER}(?:{_EVERY})?{_ALWAYS}?|{_EVERY}{_ALWAYS}|都){_BLANK}")
_OFF = "(?:不再?(?:开|安排|搞)?了?|取消|停)"
_END = "(?:了|[\\s\u3000\uff0c,\u3002\uff1b;]+|$)"
_NO_MORE = re.compile(f"^{_LATER}(?:{_EVERY})?(?:{_ALWAYS}{_OFF}?{_BLANK}|{_OFF}{_END}|$)")
_NO_MORE_SINCE = re.compile(
    f"^从?(?P<since>[^\\s\u3000]{{1,8}}?)(?:起|开始)(?:以后)?(?:{_ALWAYS}{_OFF}?|{_OFF}|$|(?=[\\s\u3000])){_BLANK}"
)
_SINCE = re.compile(f"^从?(?P<since>[^\\s\u3000]{{1,8}}?)(?:起|开始)(?:以后)?(?:都|每次)?{_BLANK}")
_WHICH = re.compile(f"^(?P<which>.{{1,12}}?)(?:那次|那天|的)?{_BLANK}{_TO}{_BLANK}(?P<to>.+)$", re.DOTALL)
_VERB = re.compile(f"^(?:改|移|挪|换|调|推迟|提前)?(?:到|成|为|在){_BLANK}|^改{_BLANK}(?=[^\\s])")
_REASON = re.compile(
    "(?:^|[\\s\u3000\uff0c,\u3002\uff1b;]+)(?:原因(?:是)?[:\uff1a]?|因为|由于)[\\s\u3000]*(?P<reason>.+)$", re.DOTALL
)


class ChangeWords(NamedTuple):
    """The parts as typed.

    Attributes:
        standing: all that come are meant; ``since`` the words from when, "" = from the next on.
        which: words for one time, "" = the next.
        to: what it becomes.
        reason: "" when none was given.
    """

    to: str
    which: str = ""
    standing: bool = False
    since: str = ""
    reason: str = ""


def take_apart(words: str) -> ChangeWords:
    """The parts of ``words``; whether ``which`` and ``since`` are times is for the caller to see."""
    text, reason = words.strip(), ""
    if found := _REASON.search(text):
        text, reason = text[: found.start()].rstrip(), found["reason"].strip()
    if found := _ALL.match(text):
        return ChangeWords(_without_verb(text[found.end() :]), standing=True, reason=reason)
    if found := _SINCE.match(text):
        return ChangeWords(_without_verb(text[found.end() :]), standing=True, since=found["since"], reason=reason)
    if found := _WHICH.match(text):
        return ChangeWords(_without_verb(found["to"]), which=found["which"].strip(), reason=reason)
    return ChangeWords(_without_verb(text), reason=reason)


def take_apart_off(words: str) -> ChangeWords:
    """The parts of words that call something off; ``to`` is left empty.

    Stricter than ``take_apart``: what is no clear 以后都 is a reason ("都去开会", "以后再补"), for one time alone.
    """
    text = words.strip()
    if found := _NO_MORE.match(text):
        return ChangeWords("", standing=True, reason=_reason(text[found.end() :]))
    if found := _NO_MORE_SINCE.match(text):
        return ChangeWords("", standing=True, since=found["since"], reason=_reason(text[found.end() :]))
    return ChangeWords("", reason=_reason(text))


def _reason(text: str) -> str:
    found = _REASON.search(text)
    return (found["reason"] if found and not text[: found.start()].strip() else text).strip()


def _without_verb(text: str) -> str:
    return _VERB.sub("", text.strip(), count=1)
