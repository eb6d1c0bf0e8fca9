"""``python -m bot VERB``: see ``bot/cli``."""

import sys

from bot.cli.parser import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
