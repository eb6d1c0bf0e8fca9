"""What the answers of all platforms' servers have in common."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600.0


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds a server asks to wait, at most an hour; 0.0 when it names none (RFC 9110, 10.2.3: a number or a date).

    A date counts from the server's own ``Date``: our clock may be wrong.
    """
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdecimal() and len(said) < 10:
        return min(float(said), LONGEST_WAIT)
    until, now = _moment(said), _moment(headers.get("Date", ""))
    if until is None or now is None:
        return 0.0
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT)


def _moment(date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
