"""What follows a command word, and whether the two together are sure enough to run.

===============  =====================================  ====================================================
typed            before a blank, a separator, the end   glued to the next characters
===============  =====================================  ====================================================
with slash       always                                 the rest fits, begins with an action or reads as text
without slash    reads only; or the rest fits, begins   reads only: the rest fits or begins with an action;
                 with an action or reads as text        writes: only if the rest reads as text
===============  =====================================  ====================================================

"Reads as text" is for ``free_text`` words alone: at least six letters, no question, no file or address, and not going
on like the name of a meeting or a form (反思会, 反思表). So ``报名表在哪里`` is never a sign-up, ``报名 3`` is one.
"""

import re
from typing import NamedTuple

from bot.chat.envelope import Letter
from bot.chat.folding import fold
from bot.chat.words import Word

SEPARATORS = ":,、;"
_SHORT = 200
_LEAST_TEXT = 6

_ONLY_PUNCTUATION = re.compile(r"[:,;.!?~、。]{0,40}\Z")
_LATIN_WORD_GOES_ON = re.compile(r"[a-z0-9][a-z]")
_QUESTION = re.compile("[?\uff1f]|吗|几点|几号|谁|什么时候|在哪|哪里|多少字")
_REMARK = re.compile(r"会|表|模板|还没|没交|交了|交齐|收齐|截止|https?:")
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps)(?:\s|\Z)", re.IGNORECASE)


class Rest(NamedTuple):
    """What follows a word.

    Attributes:
        argument: the original characters without outer white space; empty when nothing or only punctuation follows.
        glued: neither a blank nor a separator stands between.
        asks: only punctuation follows, with a question mark in it.
    """

    argument: str = ""
    glued: bool = False
    asks: bool = False

    @property
    def short(self) -> str:
        """The folded argument, empty when it is longer than 200 characters."""
        return fold(self.argument).strip() if len(self.argument) <= _SHORT else ""

    def precise_for(self, word: Word) -> bool:
        """It is surely this word's argument: it fits, or begins with one of its actions as a whole word."""
        first = fold(self.argument[:_SHORT]).split()[:1]
        if first and first[0] in map(fold, word.actions):
            return True
        short = self.short
        return bool(short) and word.fits(short)

    def reads_as_text(self) -> bool:
        """It looks like something written down, not like a question or a remark about the thing."""
        letters = 0
        for letter in self.argument:
            letters += letter.isalnum()
            if letters == _LEAST_TEXT:
                text = self.argument
                return not (_QUESTION.search(text) or _REMARK.match(text) or _FILE.search(text))
        return False


def rest_of(letter: Letter, length: int) -> Rest | None:
    """What follows the first ``length`` folded characters (at least one); None in a Latin word (``bm`` in ``bmw``)."""
    after = letter.head.text[length:]
    if _ONLY_PUNCTUATION.match(after):
        return Rest(asks="?" in after)
    if _LATIN_WORD_GOES_ON.match(letter.head.text, length - 1):
        return None
    argument = letter.content(length + (after[0] in SEPARATORS))
    return Rest(argument, glued=after[0] not in f"{SEPARATORS} @")


def runs(word: Word, rest: Rest, slash: bool) -> bool:
    """The table at the top of this file."""
    if not rest.argument:
        return slash or not (rest.asks and word.writes)
    if not rest.glued and (slash or not word.writes):
        return True
    as_text = word.free_text and rest.reads_as_text()
    if rest.glued and not slash and word.writes:
        return as_text
    return as_text or rest.precise_for(word)


def may_belong(word: Word, rest: Rest, slash: bool) -> bool:
    """Whether the rest would be sent again with the word if the word is only suggested."""
    return not rest.argument or (slash and not rest.glued) or rest.precise_for(word)
