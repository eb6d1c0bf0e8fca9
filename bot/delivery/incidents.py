"""The number of an incident: what a person tells the administrator, and what the log has the trace under."""

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look like others."""


def incident_number() -> str:
    """Six characters."""
    return "".join(secrets.choice(LETTERS) for _ in range(6))
