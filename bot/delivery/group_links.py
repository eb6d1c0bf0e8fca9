"""Signed links to a group's page: which group's, and of which generation; whether it is still good the record says."""

from pathlib import Path

from bot.delivery.signing import Signer


class GroupLinks:
    """Makes and reads the tokens.

    Args:
        folder: the data folder, where the secret lies.
    """

    def __init__(self, folder: Path) -> None:
        self._signer = Signer(folder, "group page")

    def token(self, group: str, generation: int) -> str:
        """What stands in the address."""
        return self._signer.token([group, generation])

    def read(self, token: str) -> tuple[str, int] | None:
        """Group and generation; None for a token that is forged or broken."""
        match self._signer.read(token):
            case [str(group), int(generation)]:
                return group, generation
        return None
