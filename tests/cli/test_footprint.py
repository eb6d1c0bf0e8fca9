"""What a running bot does without; whom nobody vouches for is trusted no more than before."""

import os
import shutil
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import os, ssl, sys
from bot.footprint import _look_for_certificates_when_needed
_look_for_certificates_when_needed()
client_context = ssl.create_default_context()
loaded = client_context.cert_store_stats()["x509"]
server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_context.load_cert_chain(sys.argv[1])
to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
client = client_context.wrap_bio(to_client, to_server, server_hostname="school.example")
server = server_context.wrap_bio(to_server, to_client, server_side=True)
for side in (client, server, client, server):
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        continue
    except ssl.SSLCertVerificationError:
        print(loaded, "refused")
        break
else:
    print(loaded, client.version() is not None and "trusted")
"""


def issue(folder: Path, name: str) -> tuple[Path, Path]:
    """An authority's certificate, and a file with one that it gave to ``school.example`` and the key."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    authority = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    school = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "school.example")])
    made = []
    for subject, key in ((authority, keys[0]), (school, keys[1])):
        building = x509.CertificateBuilder(authority, subject, key.public_key(), x509.random_serial_number())
        building = building.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        vouches = x509.BasicConstraints(ca=subject is authority, path_length=None)
        building = building.add_extension(vouches, critical=True)
        if subject is school:
            names = x509.SubjectAlternativeName([x509.DNSName("school.example")])
            building = building.add_extension(names, critical=False)
        made.append(building.sign(keys[0], SHA256()).public_bytes(Encoding.PEM))
    folder.mkdir(exist_ok=True)
    root, leaf = folder / f"{name}.pem", folder.parent / f"{name}-school.pem"
    root.write_bytes(made[0])
    private = keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    leaf.write_bytes(made[1] + private)
    return root, leaf


def shaken(leaf: Path, **settings: str) -> str:
    """How many authorities a client holds from the start, and whether it trusts the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SSL_CERT")}
    environment = {**kept, "PYTHONPATH": str(ROOT), **settings}
    words = [sys.executable, "-c", SCRIPT, str(leaf)]
    return subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as update-ca-certificates makes it, with one authority."""
    openssl = shutil.which("openssl")
    if openssl is None or sys.platform == "win32":
        pytest.skip("needs the program openssl")
    issue(tmp_path / "certs", "known")
    subprocess.run([openssl, "rehash", str(tmp_path / "certs")], check=True, capture_output=True)
    return tmp_path / "certs"


def test_an_authority_of_the_folder_is_found_when_it_is_needed(folder: Path) -> None:
    assert shaken(folder.parent / "known-school.pem", SSL_CERT_DIR=str(folder)) == "0 trusted"
    _, stranger = issue(folder.parent / "elsewhere", "stranger")
    assert shaken(stranger, SSL_CERT_DIR=str(folder)) == "0 refused"


def test_a_file_that_somebody_has_named_counts(folder: Path) -> None:
    root, leaf = issue(folder.parent / "elsewhere", "proxy")
    assert shaken(leaf, SSL_CERT_DIR=str(folder), SSL_CERT_FILE=str(root)) == "1 trusted"


def test_a_folder_without_names_changes_nothing(tmp_path: Path) -> None:
    _, leaf = issue(tmp_path / "plain", "unnamed")
    system = ssl.create_default_context().cert_store_stats()["x509"]
    assert shaken(leaf, SSL_CERT_DIR=str(tmp_path / "plain")) == f"{system} refused"


LEFT_OUT = """
from bot.footprint import forget_loading, keep_small
keep_small()
import frozenlist, mimetypes, os, sys
import aiohttp, pydantic
forget_loading()
import wave  # looked for anew
print(frozenlist.FrozenList is frozenlist.PyFrozenList, os.environ["PYDANTIC_DISABLE_PLUGINS"])
print(*{"rich", "greenlet"} & set(sys.modules))
print(*(mimetypes.guess_type(f"a.{ending}")[0] for ending in ("css", "js", "svg", "png", "ez")))
"""


@pytest.mark.parametrize("somebodys", ["", "logfire-plugin"])
def test_what_no_library_needs_is_left_out_and_what_somebody_has_set_counts(somebodys: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYDANTIC_", "FROZENLIST_"))}
    own = {"PYDANTIC_DISABLE_PLUGINS": somebodys} if somebodys else {}
    environment = {**kept, **own, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", LEFT_OUT], env=environment, check=True, capture_output=True, text=True)
    settled, brought, types = done.stdout.splitlines()
    assert settled == f"True {somebodys or '__all__'}"
    assert brought == ""
    assert types == "text/css application/javascript image/svg+xml image/png None"  # .ez is the machine's own
