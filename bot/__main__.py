"""``python -m bot VERB``: see ``bot/cli``."""

import sys

from bot.footprint import keep_small

if __name__ == "__main__":
    keep_small()
    from bot.cli.parser import main

    sys.exit(main(sys.argv[1:]))
