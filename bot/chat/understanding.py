"""From what a teacher typed to a command: first the exact word, then guesses, which are suggested and never run.

The order: an exact word, with its argument or action perhaps glued to it; a word that sounds the same; one slip in a
name of four or more characters; an exact word going on in a way that may mean something else; a name whose characters
occur in order. Only the first runs anything.

What may run at once, and what is only offered, is the table in bot/chat/rest.py.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.chat.envelope import Letter, open_envelope
from bot.chat.folding import fold
from bot.chat.pinyin import same_sound, spellings
from bot.chat.rest import SEPARATORS, Rest, may_belong, rest_of, runs
from bot.chat.words import Keys, RegistrationError, Word, build_keys, is_chinese

__all__ = ["RegistrationError", "Understanding", "Vocabulary", "Word"]

# Shorter names are one slip away from too many other words (报告 is not 报名).
_GUESSABLE = 4
# In a longer text the characters of a name occur in order by chance.
_SHORT_TEXT = 30
_MOST_SUGGESTIONS = 3

_WORD_END = re.compile(rf"[\s{SEPARATORS}@]")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:/|www\.)\S")
_FILE_NAME = re.compile(r"\.[a-z][a-z0-9]{1,4}\Z")


class Understanding(NamedTuple):
    """How a text was understood.

    Attributes:
        command: canonical name of the command to run, or None.
        argument: what followed the name, byte for byte without outer white space. Beside a suggestion only where it
            can be sent again as it is.
        suggest: canonical names worth offering, at most three; only without a command.
        why: one Chinese sentence for the simulator.
    """

    command: str | None
    argument: str
    suggest: tuple[str, ...]
    why: str


class Vocabulary:
    """All words of the bot, and how a text is read with them.

    Args:
        words: the commands.
        default: name of the command that an empty message means; must be one of them.

    Raises:
        RegistrationError: a name or alias twice, a glued name + action with two meanings, no such default.
    """

    def __init__(self, words: Iterable[Word], default: str = "帮助") -> None:
        words = tuple(words)
        self._keys: Keys = build_keys(words)
        if default not in {word.name for word in words}:
            raise RegistrationError(f"没有登记默认命令“{default}”")
        self._default = default
        self._lengths = _lengths(self._keys)
        written = [(key, word) for word in words for key in word.written]
        self._chinese = [(key, word) for key, word in written if is_chinese(key)]
        self._long = [(key, word) for key, word in self._chinese if len(key) >= _GUESSABLE]
        self._slips = [*self._long, *((spelling, word) for word in words for spelling in _long_spellings(word))]

    def spellings(self, name: str) -> tuple[str, ...]:
        """Every other way to write a command that is its own: synonyms, pinyin, initials."""
        return tuple(key for key, words in self._keys.items() if [w.name for w in words] == [name] and key != name)

    def understand(self, text: str, bot_name: str) -> Understanding:
        """Read one message.

        Args:
            text: the platform's text unchanged, with or without the mention of the bot.
            bot_name: how the bot is called on that platform.
        """
        letter = open_envelope(text, bot_name)
        if not letter.head.text:
            return Understanding(self._default, "", (), f"没有写内容\uff0c按“/{self._default}”处理")
        if _is_reference(letter):
            return _nothing("这是链接或文件名\uff0c不当作命令")
        for rule in (self._exact, self._same_sound, self._one_slip, self._doubtful, self._in_order):
            found = rule(letter)
            if found:
                return _careful(found, letter)
        return _nothing("没有认出命令")

    def _begins(self, letter: Letter) -> Iterator[tuple[str, tuple[Word, ...], Rest]]:
        """Keys that the text begins with, longest first, with the words they mean and what follows."""
        head = letter.head.text
        for length in self._lengths.get(head[:1], ()):
            words = self._keys.get(head[:length], ()) if length <= len(head) else ()
            rest = rest_of(letter, length) if words else None
            if rest is not None:
                yield head[:length], words, rest

    def _exact(self, letter: Letter) -> Understanding | None:
        """Rules 1 and 3: a key of one word, with an argument or action that may be glued to it. The only one to run."""
        for key, words, rest in self._begins(letter):
            if len(words) == 1 and runs(words[0], rest, letter.slash):
                return Understanding(words[0].name, rest.argument, (), _why(words[0], key, rest))
        return None

    def _doubtful(self, letter: Letter) -> Understanding | None:
        """Rule 3: a key with something behind it that is not surely meant for it, or a key of several words."""
        for key, words, rest in self._begins(letter):
            if is_chinese(key) or not rest.glued or any(rest.precise_for(word) for word in words):
                return _offer(words, rest, letter, _doubt(words, key))
        return None

    def _same_sound(self, letter: Letter) -> Understanding | None:
        """Rule 2: a whole word that is read like a name."""
        head = letter.head.text
        for key, word in self._chinese:
            rest = rest_of(letter, len(key)) if same_sound(head[: len(key)], key) else None
            if rest and may_belong(word, rest, letter.slash):
                words = [w for k, w in self._chinese if same_sound(k, head[: len(key)])]
                return _offer(words, rest, letter, f"“{head[: len(key)]}”读音像“/{word.name}”")
        return None

    def _one_slip(self, letter: Letter) -> Understanding | None:
        """One character wrong, missing, too many or swapped in a long name, if that can mean one command only."""
        typed = _first_word(letter.head.text)
        from rapidfuzz.distance import OSA  # here, not above: 2.6 MiB that only a long mistyped word needs

        words = {word.name: word for key, word in self._slips if OSA.distance(typed, key, score_cutoff=1) <= 1}
        rest = rest_of(letter, len(typed)) if len(words) == 1 else None
        if rest is None or not all(may_belong(word, rest, letter.slash) for word in words.values()):
            return None
        return _offer(words.values(), rest, letter, f"“{typed}”和“/{next(iter(words))}”只差一个字")

    def _in_order(self, letter: Letter) -> Understanding | None:
        """Rule 4: the characters of a long name occur in order (本周备什么课)."""
        if len(letter.head.text) > _SHORT_TEXT:
            return None
        words = [word for key, word in self._long if _occurs_in_order(key, letter.head.text)]
        return _offer(words, Rest(), letter, "依次含有命令的每个字") if words else None


def _lengths(keys: Iterable[str]) -> dict[str, list[int]]:
    """How long the keys are that begin with a letter, longest first."""
    found: dict[str, set[int]] = {}
    for key in keys:
        found.setdefault(key[0], set()).add(len(key))
    return {letter: sorted(lengths, reverse=True) for letter, lengths in found.items()}


def _long_spellings(word: Word) -> tuple[str, ...]:
    return spellings(fold(word.name)) if len(word.name) >= _GUESSABLE else ()


def _first_word(text: str) -> str:
    return _WORD_END.split(text, maxsplit=1)[0]


def _is_reference(letter: Letter) -> bool:
    """An address or a file name is no command, though it may begin like one."""
    head = letter.head.text
    name = _first_word(head) if letter.slash else head.rstrip()
    return bool(_ADDRESS.match(head) or _FILE_NAME.search(name))


def _offer(words: Iterable[Word], rest: Rest, letter: Letter, why: str) -> Understanding:
    words = tuple(words)
    keep = any(may_belong(word, rest, letter.slash) for word in words)
    names = tuple(dict.fromkeys(word.name for word in words))[:_MOST_SUGGESTIONS]
    return Understanding(None, rest.argument if keep else "", names, f"{why}\uff0c只作建议")


def _nothing(why: str) -> Understanding:
    return Understanding(None, "", (), why)


def _careful(found: Understanding, letter: Letter) -> Understanding:
    """Words to somebody else, without a slash, are at most worth a suggestion."""
    if found.command is None or letter.slash or not letter.to_others:
        return found
    return Understanding(None, "", (found.command,), "前面提到了别人又没有斜杠\uff0c只作建议")


def _why(word: Word, key: str, rest: Rest) -> str:
    if rest.glued:
        return f"“{key}”和后面的内容连写\uff0c按“/{word.name}”加内容处理"
    if key == fold(word.name):
        return f"完全匹配“/{word.name}”"
    return f"“{key}”是“/{word.name}”的另一种写法"


def _doubt(words: tuple[Word, ...], key: str) -> str:
    return f"“{key}”可能是几个命令" if len(words) > 1 else f"以“{key}”开头\uff0c但不能确定是命令"


def _occurs_in_order(key: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in key)
