"""What a check has found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, how it is, and what to do.

    ``warn`` = it works, or nobody can tell; ``fail`` = something does not work. Both say what to do.
    """

    name: str
    state: State
    detail: str
    todo: str = ""


Findings = Sequence[Finding]
