"""Write bot/chat/pinyin_table.py: how the 6,763 characters of GB 2312 are read, without tones.

    python tools/pinyin_table.py

pypinyin (MIT, readings from the MIT-licensed pinyin-data) is needed only here and in a test; the program itself
needs two facts about a character, its usual reading and its other readings, and takes them from the written table.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pypinyin import Style, pinyin

TARGET = Path(__file__).resolve().parent.parent / "bot" / "chat" / "pinyin_table.py"
# A Han character counts as two columns for the line-length rule.
HAN_PER_TOKEN = 50
COLUMNS = 116

HEAD = '''"""How Han characters are read, without tones. Written by tools/pinyin_table.py with pypinyin; do not edit.

The 6,763 characters of GB 2312. A word of the table is a syllable and the characters read so: ``USUAL`` has each
character once, under its commonest reading, ``OTHER`` has the rarer readings.
"""
'''


def characters() -> Iterator[str]:
    """The Han characters of GB 2312, in its order."""
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            # Row 0xD7 ends five cells early: the only holes.
            yield from bytes([row, cell]).decode("gb2312", errors="ignore")


def readings(character: str) -> list[str]:
    """Toneless readings of one character, the commonest first."""
    return list(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def by_syllable(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Words of the table from pairs (syllable, character); a long one is cut so that every word fits on a line."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for syllable, character in pairs:
        groups[syllable].append(character)
    for syllable, members in sorted(groups.items()):
        for start in range(0, len(members), HAN_PER_TOKEN):
            yield syllable + "".join(members[start : start + HAN_PER_TOKEN])


def lines(words: Iterable[str]) -> Iterator[str]:
    """The words, as many on a line as the line-length rule allows."""
    line, used = "", 0
    for word in words:
        width = sum(1 if letter.isascii() else 2 for letter in word) + 1
        if line and used + width > COLUMNS:
            yield line
            line, used = "", 0
        line, used = f"{line} {word}".lstrip(), used + width
    yield line


def module() -> str:
    """The whole text of the module."""
    known = [(character, readings(character)) for character in characters()]
    usual = by_syllable((first, character) for character, (first, *_) in known)
    other = by_syllable((syllable, character) for character, (_, *rest) in known for syllable in rest)
    parts = [HEAD]
    for name, words in (("USUAL", usual), ("OTHER", other)):
        parts.append(f'{name} = """\n' + "\n".join(lines(words)) + '\n"""\n')
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(module(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{TARGET.name}: {TARGET.stat().st_size} bytes\n")
