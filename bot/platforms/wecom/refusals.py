"""Why a callback is refused; the web room answers with ``status`` and logs ``reason``.

::

    Refusal                  never answered with anything but its status
    ├── Unreadable     400   not what the platform sends: query, JSON, base64, padding, receiver
    └── Forbidden      403
        ├── WrongSignature   not signed with our token
        ├── Stale            signed too long ago, or in the future
        └── ForeignRobot     signed for another robot

``reason`` goes into the log: one English word or two, never a value that came in and never a secret.
"""

from typing import ClassVar


class Refusal(Exception):
    """A callback that is not served."""

    status: ClassVar[int] = 400

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(Refusal):
    """Not what the platform sends."""


class Forbidden(Refusal):
    """Perhaps from the platform, but not for us or not now."""

    status = 403


class WrongSignature(Forbidden):
    """Not signed with our token."""

    def __init__(self) -> None:
        super().__init__("wrong signature")


class Stale(Forbidden):
    """Outside the window in which a callback is accepted."""

    def __init__(self) -> None:
        super().__init__("outside the time window")


class ForeignRobot(Forbidden):
    """For another robot than the configured one."""

    def __init__(self) -> None:
        super().__init__("foreign robot")
