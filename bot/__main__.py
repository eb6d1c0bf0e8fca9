"""``python -m bot VERB``: see ``bot/cli``."""

import os
import re
import ssl
import sys
from importlib import import_module

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""What OpenSSL calls a certificate in a folder (docs.openssl.org, SSL_CTX_load_verify_locations)."""


def _load_log() -> None:
    """Loads structlog as if rich were not installed.

    structlog imports rich wherever it finds it, for coloured traces; the bot's log is plain, and where somebody's tools
    have brought rich along it would cost each running bot 3 MiB.
    """
    if "rich" not in sys.modules:
        sys.modules["rich"] = None  # type: ignore[assignment]  # the import system's own way to say: not to be found
        import_module("structlog")
        del sys.modules["rich"]


def _look_for_certificates_when_needed() -> None:
    """Has OpenSSL look for an authority's certificate in the system's folder when it meets one signed by it.

    aiohttp makes two TLS contexts while it is imported; each would hold all the certificates of the system's file,
    together 2 MiB and a tenth of a second of every start. The folder beside the file has the same ones by name. Where
    there is no such folder, or somebody has named a file, everything stays as it is.
    """
    paths = ssl.get_default_verify_paths()
    if paths.openssl_cafile_env not in os.environ and paths.capath and _holds_certificates(paths.capath):
        os.environ[paths.openssl_cafile_env] = os.devnull


def _holds_certificates(folder: str) -> bool:
    try:
        return any(map(_HASHED.fullmatch, os.listdir(folder)))
    except OSError:
        return False


if __name__ == "__main__":
    _look_for_certificates_when_needed()
    _load_log()
    from bot.cli.parser import main

    sys.exit(main(sys.argv[1:]))
