"""What the bot says, before any channel has shaped it.

One model for every channel: a title, lines, actions, a link, mentions, files. Renderers
(``bot/platforms/*/render.py``) turn it into bytes; nobody else builds platform text.
"""

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")


class Action(_Frozen):
    """Something the reader can do next.

    ``send`` is the command as it is typed (``/报名 5``); where a channel has no buttons the label and the command are
    written out, in a group with the mention before the command. ``fill`` marks an example, to be changed before it is
    sent: a channel with buttons puts it into the composer.
    """

    label: str
    send: str
    fill: bool = False


class Link(_Frozen):
    """An address to open."""

    label: str
    url: str


class File(_Frozen):
    """A file to send: ``path`` is relative to the data folder."""

    name: str
    path: str
    media_type: str = "application/octet-stream"


class Content(_Frozen):
    """A message.

    ``lines`` hold plain text, one paragraph line each, without platform markup; an empty string is a blank line.
    ``mentions`` are names of members who should get a real notification. ``taps`` are commands that the lines offer by
    a number to reply with: only a channel with buttons shows them once more.
    """

    title: str = ""
    lines: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    link: Link | None = None
    mentions: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    taps: tuple[Action, ...] = ()

    def plain(self, mention: str = "") -> str:
        """The message as plain text.

        Args:
            mention: what a reader must put before a command for the bot to hear it ("@备课助手 " in a group).
        """
        rows = [self.title] if self.title else []
        rows.extend(self.lines)
        rows.extend(f"{action.label}\uff1a{mention}{action.send}" for action in self.actions)
        if self.link:
            rows.append(f"👉 {self.link.label}\uff1a{self.link.url}")
        return "\n".join(rows)


def content(*lines: str, title: str = "", actions: tuple[Action, ...] = (), mentions: tuple[str, ...] = ()) -> Content:
    """Shorthand for the common case."""
    return Content(title=title, lines=lines, actions=actions, mentions=mentions)
