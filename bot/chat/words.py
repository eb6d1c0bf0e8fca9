"""The words of the vocabulary: commands with all the ways to write them, checked when they are registered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.chat.folding import fold
from bot.chat.pinyin import initials, readings, spellings


class RegistrationError(ValueError):
    """Two commands want the same word. Raised at start-up; the text names both, in Chinese."""


def nothing_fits(_rest: str) -> bool:
    """The command takes no argument that could be glued to its name."""
    return False


@dataclass(frozen=True)
class Word:
    """One command as the vocabulary sees it.

    Attributes:
        name: canonical name, ``报名``; what ``Understanding.command`` says.
        aliases: synonyms (``我要报名``); pinyin and initials come from the name by themselves.
        actions: ``启用`` …: what stands as a whole word after the name, before a blank or the end.
        writes: the command changes something, so it is not run on a guess.
        fits: whether a rest without slash or blank before it looks like this command's argument; it gets at most 200
            folded characters without outer blanks, never an empty text.
        free_text: may be started without slash and blank by text that reads as text (``bot.chat.understanding``).
    """

    name: str
    aliases: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    writes: bool = True
    fits: Callable[[str], bool] = nothing_fits
    free_text: bool = False

    @property
    def written(self) -> tuple[str, ...]:
        """Name and synonyms, folded, as somebody wrote them down."""
        return tuple(fold(text) for text in (self.name, *self.aliases))


Keys = dict[str, tuple[Word, ...]]


def is_chinese(text: str) -> bool:
    """Whether every character is a Han character of the table."""
    return bool(text) and all(readings(letter) for letter in text)


def build_keys(words: Iterable[Word]) -> Keys:
    """All keys of a vocabulary with the words they mean: one word = it is run, several = they are suggested.

    What was written down comes before what is derived, the commonest reading before rarer ones; within a rank, words
    that derive the same key share it.

    Raises:
        RegistrationError: a name or alias twice or unusable, or a glued name + action that could mean two things.
    """
    words = tuple(words)
    keys: Keys = {key: (word,) for key, word in _written(words).items()}
    _refuse_double_actions(words, keys)
    for derive in (_usual_keys, _rarer_keys):
        rank: Keys = {}
        for word in words:
            for key in sorted(derive(word)):
                rank[key] = (*rank.get(key, ()), word)
        keys = rank | keys
    return keys


def _written(words: tuple[Word, ...]) -> dict[str, Word]:
    owners: dict[str, Word] = {}
    for word in words:
        for key in word.written:
            if not key or any(letter in " /、@" for letter in key):
                raise RegistrationError(f"命令“{word.name}”的写法“{key}”不能用\uff1a不能为空\uff0c不能含空格、/、@")
            if key in owners:
                raise RegistrationError(f"“{key}”登记了两次\uff1a命令“{owners[key].name}”和“{word.name}”")
            owners[key] = word
    return owners


def _refuse_double_actions(words: tuple[Word, ...], keys: Keys) -> None:
    """``/备课主题`` must not be both 备课 + 主题 and another command, or two different splits."""
    seen: dict[str, str] = {}
    for word in words:
        for glued, meaning in _glued(word):
            other = keys[glued][0].name if glued in keys else seen.get(glued, meaning)
            if other != meaning:
                raise RegistrationError(f"“/{glued}”有两种意思\uff1a“{meaning}”和“{other}”")
            seen[glued] = meaning


def _glued(word: Word) -> Iterator[tuple[str, str]]:
    for key in word.written:
        for action in word.actions:
            yield key + fold(action), f"{word.name} {action}"


def _usual_keys(word: Word) -> set[str]:
    name = fold(word.name)
    return {*spellings(name)[:1], *initials(name)[:1]}


def _rarer_keys(word: Word) -> set[str]:
    name = fold(word.name)
    return {*spellings(name), *initials(name)} - _usual_keys(word)
