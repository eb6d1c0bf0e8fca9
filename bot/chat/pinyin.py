"""Pinyin of short Chinese words, without tones: what a keyboard in the wrong mode leaves, and what sounds alike."""

from functools import cache
from itertools import islice, product

# A name of five characters with three readings each would have 243 spellings; nobody types the rarest.
_MOST_SPELLINGS = 64


def _words(table: str) -> dict[str, str]:
    """Readings by character from a table of words like ``ba八巴吧``; several stand in one string, parted by blanks.

    Nearly all characters have one reading, whose string they share: 7,000 lists would take a MiB more.
    """
    found: dict[str, str] = {}
    for word in table.split():
        members = word.lstrip("abcdefghijklmnopqrstuvwxyz")
        syllable = word.removesuffix(members)
        for character in members:
            found[character] = f"{found[character]} {syllable}" if character in found else syllable
    return found


@cache
def _readings() -> dict[str, str]:
    """All readings by character, the commonest first. Read once, when the first word is asked for."""
    from bot.chat.pinyin_table import OTHER, USUAL

    found = _words(USUAL)
    for character, more in _words(OTHER).items():
        if character in found:
            found[character] += f" {more}"
    return found


def readings(character: str) -> tuple[str, ...]:
    """Toneless readings, the commonest first; empty for what is no Han character of GB 2312."""
    return tuple(_readings().get(character, "").split())


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
