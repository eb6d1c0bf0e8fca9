"""A request that is turned away at the door, before anything is stored."""

from bot.errors import BotError


class Refusal(BotError):
    """The request is not what DingTalk sends.

    Args:
        status: HTTP status of the answer, 4xx.
        reason: for the log; holds nothing of what was sent, so no secret either.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
