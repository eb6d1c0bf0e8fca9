"""What keeps a running bot small and its start quick: a school's server is a small one, and most of the day it waits.

Before any library is imported it is settled what none of them needs to bring along.
"""

import linecache
import mimetypes
import os
import re
import ssl
import sys
from importlib import import_module, invalidate_caches

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""What OpenSSL calls a certificate in a folder (docs.openssl.org, SSL_CTX_load_verify_locations)."""


def keep_small() -> None:
    """Settle all of it; to be called before structlog, aiohttp and pydantic are imported."""
    _look_for_certificates_when_needed()
    _do_without_what_is_not_used()
    _load_log()


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


def _do_without_what_is_not_used() -> None:
    """What somebody has set stays set.

    - frozenlist: in C++ it brings that language's library along (0.9 MiB); aiohttp keeps a few short lists in it.
    - pydantic: plugins that lie in the environment would see all that is validated; this bot has none, and looking for
      them reads what is installed.
    - mimetypes: the machine's own list (0.3 MiB) knows types nobody sends here, and what a file is called would depend
      on the machine; those of the standard library stay.
    """
    os.environ.setdefault("FROZENLIST_NO_EXTENSIONS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    mimetypes.knownfiles.clear()


def _load_log() -> None:
    """Loads structlog as if neither rich nor greenlet were installed.

    structlog imports both wherever it finds them, for coloured traces and for servers of green threads. The bot's log
    is plain and knows no such threads, and where somebody's tools have brought them along they would cost each running
    bot 4 MiB.
    """
    absent = {"rich", "greenlet"} - set(sys.modules)
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # the import system's own way to say: not to be found
    import_module("structlog")
    for name in absent:
        del sys.modules[name]


def forget_loading() -> None:
    """Let go of what loading has left behind (lists of folders, sources of generated classes), a third of a MiB.

    To be called when the libraries are loaded and before anything of the school's is read, which takes its place. What
    is loaded later looks again.
    """
    linecache.clearcache()
    sys.path_importer_cache.clear()
    invalidate_caches()


__all__ = ["forget_loading", "keep_small"]
