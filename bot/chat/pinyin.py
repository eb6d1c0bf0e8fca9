"""Pinyin of short Chinese words, without tones: what a keyboard in the wrong mode leaves, and what sounds alike."""

import re
from functools import lru_cache
from itertools import islice, product

from bot.chat.pinyin_table import OTHER, USUAL

# A name of five characters with three readings each would have 243 spellings; nobody types the rarest.
_MOST_SPELLINGS = 64

_SYLLABLE = re.compile("[a-z]+")


@lru_cache(maxsize=1024)
def readings(character: str) -> tuple[str, ...]:
    """Toneless readings, the commonest first; empty for what is no Han character of GB 2312.

    Looked up in the text of the table: few characters are ever asked for, and a dictionary of all takes a MiB.
    """
    if character.isascii():
        return ()
    usual = _syllables(USUAL, character)
    return (*usual, *_syllables(OTHER, character)) if usual else ()


def _syllables(table: str, character: str) -> tuple[str, ...]:
    """The readings of the words ``ba八巴吧`` of a table that a character stands in."""
    found: list[str] = []
    place = table.find(character)
    while place >= 0:
        word = max(table.rfind(" ", 0, place), table.rfind("\n", 0, place)) + 1
        if syllable := _SYLLABLE.match(table, word):
            found.append(syllable.group())
        place = table.find(character, place + 1)
    return tuple(found)


def spellings(name: str) -> tuple[str, ...]:
    """Pinyin of a word, the spelling by the commonest readings first, then those by rarer ones.

    Args:
        name: folded word; letters and digits in it stand for themselves (``PBL课`` → ``pblke``).

    Returns:
        At most 64 spellings; none when a character's reading is not known or there is no Han character in it.
    """
    return tuple("".join(syllables) for syllables in _combinations(name))


def initials(name: str) -> tuple[str, ...]:
    """First letters of the pinyin (``本周备课`` → ``bzbk``), in the order of ``spellings``."""
    return tuple("".join(syllable[0] for syllable in syllables) for syllables in _combinations(name))


def _combinations(name: str) -> list[tuple[str, ...]]:
    choices = [readings(letter) or ((letter,) if letter.isascii() else ()) for letter in name]
    if not any(readings(letter) for letter in name):
        return []
    return list(islice(product(*choices), _MOST_SPELLINGS))


def same_sound(one: str, other: str) -> bool:
    """Whether two words of the same length can be read alike, character by character (``抱名``, ``报名``)."""
    if len(one) != len(other):
        return False
    return all(a == b or not set(readings(a)).isdisjoint(readings(b)) for a, b in zip(one, other, strict=True))
