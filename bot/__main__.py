"""``python -m bot VERB``: see ``bot/cli``."""

import sys
from importlib import import_module


def _load_log() -> None:
    """Loads structlog as if rich were not installed.

    structlog imports rich wherever it finds it, for coloured traces; the bot's log is plain, and where somebody's tools
    have brought rich along it would cost each running bot 3 MiB.
    """
    if "rich" not in sys.modules:
        sys.modules["rich"] = None  # type: ignore[assignment]  # the import system's own way to say: not to be found
        import_module("structlog")
        del sys.modules["rich"]


if __name__ == "__main__":
    _load_log()
    from bot.cli.parser import main

    sys.exit(main(sys.argv[1:]))
