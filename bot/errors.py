"""The errors of the house.

::

    BotError
    ├── UserError            what a person did cannot be done; shown to them word for word
    │   ├── NotAllowed       the role does not suffice                         (status "refused")
    │   ├── BadArgument      an argument was not understood or is missing      (status "refused")
    │   └── Refused          understood, but closed, full, past, already …     (status "refused")
    ├── ConfigError          config.toml is wrong; names the key and what is allowed
    ├── StoreError           the store cannot do it now
    │   ├── Conflict         somebody else changed the record first; worth one more try
    │   ├── ReadOnly         a batch failed; nothing is written until the store is reopened
    │   └── Locked           another process holds the data folder
    └── DeliveryError        a transport could not hand a message over (bot/delivery)
        ├── NotSent          certainly not sent; try again later
        ├── RateLimited      certainly not sent; wait ``retry_after`` seconds
        ├── Undecided        it may have arrived: nobody can tell
        └── Rejected         final: trying again cannot help
            └── Unreachable  this person cannot be written to before they have spoken; a note can wait for that

Everything that is not a ``BotError`` is a defect: the person gets an incident number, the log the trace.
"""

from collections.abc import Sequence


class BotError(Exception):
    """Root of all errors that this program raises on purpose."""


class UserError(BotError):
    """A sentence for the person who typed.

    The three-line form: what was wrong, one example that works, one way out.

    Args:
        problem: first line, Chinese, without the leading symbol.
        hints: further lines, at most two.
        symbol: single-code-point emoji put before the first line.
    """

    symbol = "❌"

    def __init__(self, problem: str, *hints: str, symbol: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hints: Sequence[str] = hints
        if symbol is not None:
            self.symbol = symbol

    @property
    def lines(self) -> list[str]:
        """The message, one entry a line, the symbol on the first."""
        return [f"{self.symbol} {self.problem}", *self.hints]


class NotAllowed(UserError):
    """The person's role does not suffice."""

    symbol = "🔒"


class BadArgument(UserError):
    """What follows the command was not understood, or is missing."""


class Refused(UserError):
    """Understood and not done: closed, full, past, already done …"""


class ConfigError(BotError):
    """config.toml cannot be used; the text names the key, what is allowed and an example, in Chinese."""


class StoreError(BotError):
    """The store cannot do what was asked now."""


class Conflict(StoreError):
    """Another transaction changed or created the same record first."""


class ReadOnly(StoreError):
    """A batch could not be made durable; the store accepts no writes until it is reopened."""


class Locked(StoreError):
    """Another process holds the data folder; the text says which."""


class DeliveryError(BotError):
    """A transport could not hand a message over."""


class NotSent(DeliveryError):
    """Certainly not sent (refused connection, DNS, TLS, a retryable errcode)."""


class RateLimited(NotSent):
    """Certainly not sent: the platform asks to wait.

    Args:
        detail: what the platform said.
        retry_after: seconds to wait.
    """

    def __init__(self, detail: str, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Undecided(DeliveryError):
    """Time-out or reset after the body was written: it may have arrived."""


class Rejected(DeliveryError):
    """Final: bad token, dissolved group, content audit."""


class Unreachable(Rejected):
    """This person has to speak first. A private note waits in their inbox and comes with their next answer."""
