"""Cutting a message that is too long for its channel.

The border is a block's (a line, an action, the link, a file) wherever one fits; only a line that is too long by itself
is cut inside, at the end of a sentence if one is near, never inside a character.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from bot.content import Content

Size = Callable[[Content], int]
"""Bytes of UTF-8 a message takes once rendered for its channel."""

_SENTENCE_ENDS = "。\uff01\uff1f\uff1b"
_ZWJ = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_LONGEST_CLUSTER = 32
"""Characters looked back for the beginning of what the eye sees as one; more is no writing but a prank."""


def split(content: Content, limit: int, size: Size) -> tuple[Content, ...]:
    """A message as parts that each take at most ``limit`` bytes, numbered （1/3） behind the title.

    Mentions go with the first part. A message that fits comes back as it is; so does one that no cut can help (its
    mentions alone fill the channel): the platform then says no, which is told, where silence would lose it.
    """
    if size(content) <= limit:
        return (content,)
    whole = content if size(_shell(content)) <= limit // 2 else _title_as_line(content)
    shell = _shell(whole)
    if size(_in_shell(shell, Content(lines=("\u3000",)))) > limit:
        return (content,)
    parts = _packed(whole, lambda part: size(_in_shell(shell, part)) <= limit)
    return tuple(
        part.model_copy(
            update={"title": f"{whole.title}{_number(n, len(parts))}", "mentions": whole.mentions if n == 1 else ()}
        )
        for n, part in enumerate(parts, start=1)
    )


def _number(n: int, total: int) -> str:
    return f"\uff08{n}/{total}\uff09"


def _shell(content: Content) -> Content:
    """What every part carries besides its blocks, at its longest."""
    return Content(title=f"{content.title}{_number(999, 999)}", mentions=content.mentions)


def _title_as_line(content: Content) -> Content:
    return content.model_copy(update={"title": "", "lines": (content.title, *content.lines)})


def _packed(content: Content, fits: Callable[[Content], bool]) -> list[Content]:
    """Blocks put together, as many as fit; rendered a few times for each part, not once for each block."""
    blocks = list(_blocks(content, fits))
    parts = []
    while blocks:
        more = bisect_left(range(2, len(blocks) + 1), True, key=lambda n: not fits(_together(blocks[:n])))
        parts.append(_together(blocks[: 1 + more]))
        blocks = blocks[1 + more :]
        while blocks and blocks[0].lines == ("",):  # a blank line separates; a part's border does that too
            blocks.pop(0)
    return parts


def _blocks(content: Content, fits: Callable[[Content], bool]) -> Iterator[Content]:
    """The smallest pieces that stay whole, in the order a reader sees them."""
    for line in content.lines:
        whole = Content(lines=(line,))
        if fits(whole):
            yield whole
        else:
            yield from (Content(lines=(piece,)) for piece in _pieces(line, fits))
    yield from (Content(actions=(action,)) for action in content.actions)
    if content.link:
        yield Content(link=content.link)
    yield from (Content(files=(file,)) for file in content.files)


def _together(blocks: Sequence[Content]) -> Content:
    return Content(
        lines=tuple(line for block in blocks for line in block.lines),
        actions=tuple(action for block in blocks for action in block.actions),
        link=next((block.link for block in blocks if block.link), None),
        files=tuple(file for block in blocks for file in block.files),
    )


def _in_shell(shell: Content, part: Content) -> Content:
    return part.model_copy(update={"title": shell.title, "mentions": shell.mentions})


def _pieces(line: str, fits: Callable[[Content], bool]) -> Iterator[str]:
    """A long line as pieces that fit; nothing is dropped."""
    while line:
        room = bisect_left(range(1, len(line) + 1), True, key=lambda n: not fits(Content(lines=(line[:n],))))
        end = _border(line, max(room, 1))
        yield line[:end]
        line = line[end:]


def _border(line: str, room: int) -> int:
    """Where to cut: at most ``room`` characters, at least one."""
    if room >= len(line):
        return len(line)
    sentence = max(line.rfind(mark, 0, room) for mark in _SENTENCE_ENDS) + 1
    if sentence > room * 4 // 5:
        return sentence
    nearest = range(room, max(room - _LONGEST_CLUSTER, 0), -1)
    return next((end for end in nearest if not _inside_character(line, end)), room)


def _inside_character(line: str, at: int) -> bool:
    """Whether a cut before ``line[at]`` would part what the eye sees as one character."""
    before, after = line[at - 1], line[at]
    if _ZWJ in (before, after) or unicodedata.category(after) in ("Mn", "Mc", "Me") or ord(after) in _SKIN_TONES:
        return True
    return ord(after) in _FLAG_LETTERS and _flag_letters_before(line, at) % 2 == 1


def _flag_letters_before(line: str, at: int) -> int:
    """Flags are pairs of letters: after an odd number of them one is half done."""
    start = at
    while start > 0 and ord(line[start - 1]) in _FLAG_LETTERS:
        start -= 1
    return at - start
