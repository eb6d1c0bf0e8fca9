"""What joins the two halves of a ``wecom-connection`` channel: the connection that stands at the moment, if any."""

from collections.abc import Mapping
from typing import Any

from bot.errors import NotSent
from bot.platforms.wecom.connection_socket import Socket
from bot.platforms.wecom.frames import Frame


class Wire:
    """Commands go through here, whichever connection carries them. ``socket`` is set by who keeps the connection."""

    def __init__(self) -> None:
        self.socket: Socket | None = None

    async def ask(
        self,
        cmd: str,
        body: Mapping[str, Any],
        req_id: str = "",
        *,
        seconds: float | None = None,
        passing: bool = False,
    ) -> Frame:
        """See ``Socket.ask``.

        Raises:
            NotSent: there is no connection, or nobody at its other end.
            Undecided: see ``Exchange.ask``.
        """
        socket = self.socket
        if socket is None:
            raise NotSent("还没有连上企业微信")
        await socket.prove()
        return await socket.ask(cmd, body, req_id, seconds=seconds, passing=passing)
