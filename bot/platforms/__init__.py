"""What the channels' renderers share: the rows of a message, and the shape of what a renderer returns.

A renderer is a pure function from ``Content`` to platform text. Both first lay the content out as ``Block`` rows
(here), then each writes a row in its own markdown. The simulator's previews are drawn from the same rows.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict

from bot.content import Content, Link

Device = Literal["desktop", "phone"]
BlockKind = Literal["heading", "line", "blank", "action", "link", "file", "mention"]

# Characters that an address cannot hold unescaped, or that end it inside a Chinese sentence, are left out.
WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]+(?<![.,;:!?'*])")

_ADDRESS_SAFE = "-._~:/?#@!$&'*+,;=%"

# What markdown could read as markup: list numbers, a row's first character, emphasis, code, links, tables, HTML,
# entities, a heading's closing row of #. An underscore inside a word is none (CommonMark 0.31, 6.2), nor a lone tilde.
_MARKUP = re.compile(
    r"^(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$)|^[#>+=\-]|(?<=\s)\#(?=\#*$)"
    r"|[\\`*\[\]<|]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|&(?=\#?\w+;)"
)

# Where none of these stands, nothing could be: one quick look spares most lines the search.
_MARKUP_CHARACTER = re.compile(r"[.)#>+=\-\\`*\[\]<|_~&]")

# Bidirectional controls can turn what follows round; isolates and overrides have no business in a chat line.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(slots=True)  # not frozen: that is what making one would cost most, and every answer has some
class Block:
    """One row of a message as the reader sees it.

    ``send`` is the whole text to type, ``url`` where a tap leads; ``fill`` marks an example to change before sending.
    """

    kind: BlockKind
    text: str = ""
    send: str = ""
    url: str = ""
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Rendering:
    """A message in a platform's own form.

    ``title`` is empty where the platform has none. ``bytes`` is what counts against the platform's limit (UTF-8).
    ``notes`` are Chinese sentences on what this platform cannot show or do with this message.
    """

    text: str
    bytes: int
    title: str = ""
    notes: tuple[str, ...] = ()


class Preview(BaseModel):
    """How a message looks on one device: its rows, its size against the limit (bytes of UTF-8), what to know."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

    blocks: tuple[Block, ...]
    bytes: int
    limit: int
    notes: tuple[str, ...] = ()


def mention_prefix(in_group: bool, bot_name: str) -> str:
    """What must stand before a command for the bot to hear it: ``@name `` in a group, nothing in private."""
    return f"@{bot_name} " if in_group else ""


def lay_out(content: Content, prefix: str) -> list[Block]:
    """The rows of a message, top to bottom; ``prefix`` goes before every command (see ``mention_prefix``)."""
    blocks = [Block(kind="heading", text=" ".join(clean_lines(content.title)))] if content.title.strip() else []
    blocks += [_row(line) for paragraph in content.lines for line in clean_lines(paragraph)]
    if content.mentions:
        blocks.append(Block(kind="mention", text=" ".join(f"@{name}" for name in content.mentions)))
    blocks += [
        Block(kind="action", text=each.label, send=prefix + each.send, fill=each.fill) for each in content.actions
    ]
    if content.link:
        blocks.append(_link_row(content.link))
    blocks += [Block(kind="file", text=each.name) for each in content.files]
    return blocks


def clean_lines(text: str) -> list[str]:
    """The lines of ``text`` without control characters; at least one, as an empty string is a blank line."""
    lines = text.splitlines() or [""]
    return [(line if line.isprintable() else "".join(map(_clean, line))).rstrip() for line in lines]


def _clean(char: str) -> str:
    if char == "\t":
        return " "
    return "" if char in _BIDI or unicodedata.category(char) in ("Cc", "Cs") else char


def _link_row(link: Link) -> Block:
    """Only web addresses may be tapped; any other address is shown as text."""
    if link.url.startswith(("https://", "http://")):
        return Block(kind="link", text=link.label, url=link.url)
    return Block(kind="line", text=f"{link.label}\uff1a{link.url}")


def _row(line: str) -> Block:
    return Block(kind="line", text=line) if line.strip() else Block(kind="blank")


def escape_markup(text: str, escape: Callable[[str], str]) -> str:
    """``text`` with every character that could be markup put through ``escape``, and its indentation kept visible."""
    body = text.lstrip(" ")
    indent = "\u00a0" * (len(text) - len(body))
    if not _MARKUP_CHARACTER.search(body):
        return indent + body
    return indent + _MARKUP.sub(lambda found: (found["number"] or "") + escape(found["dot"] or found[0]), body)


def escape_line(text: str, escape: Callable[[str], str]) -> str:
    """A typed line as text: nothing in it is markup or a mention; web addresses become links that show their host."""
    pieces = [
        markdown_link(address_label(part), part) if is_address else escape_markup(part, escape)
        for is_address, part in split_addresses(text)
    ]
    return "".join(pieces)


def markdown_link(label: str, url: str) -> str:
    """A link; ``label`` is escaped already. What could end the address early is percent-encoded."""
    return f"[{label}]({quote(url, safe=_ADDRESS_SAFE)})"


def shorten_addresses(text: str) -> str:
    """``text`` with each web address as readers see it: the host, and an ellipsis for the path."""
    return "".join(address_label(part) if is_address else part for is_address, part in split_addresses(text))


def split_addresses(text: str) -> Iterator[tuple[bool, str]]:
    """``text`` in pieces: (True, web address) or (False, anything else). Joined they are ``text`` again."""
    end = 0
    for match in WEB_ADDRESS.finditer(text) if "://" in text else ():
        if not address_label(match.group()):
            continue
        yield False, text[end : match.start()]
        yield True, match.group()
        end = match.end()
    yield False, text[end:]


def address_label(url: str) -> str:
    """The host of ``url``, with ``/…`` when more follows; empty when there is no usable host.

    The host is what tells a reader where a tap leads, so a user name before it (``https://good@evil``) is not shown.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if not re.fullmatch(r"[a-z0-9.-]+", host):
        return ""
    return f"{host}/…" if parts.path.strip("/") or parts.query or parts.fragment else host
