"""The envelope around every callback: AES-256-CBC inside, a SHA-1 signature outside.

Source: developer.work.weixin.qq.com, document/path/90968 and 101033 (2025-07). The plaintext is 16 random bytes, the
length of the message as four bytes big-endian, the message, the receive id; padded as in PKCS#7 to blocks of 32 bytes.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from pydantic import BaseModel, ConfigDict

from bot.platforms.wecom.refusals import Unreadable, WrongSignature

_RANDOM = 16  # bytes in front of the length
_LENGTH = 4  # bytes of the length
_PAD_BITS = 256  # blocks of 32 bytes, twice those of AES


class Sealed(BaseModel):
    """An encrypted answer, with the field names of path/101031; ``timestamp`` in seconds."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    encrypt: str
    msgsignature: str
    timestamp: int
    nonce: str


class WeComCrypto:
    """Opens what the platform sends and seals what goes back.

    Args:
        token: signs.
        encoding_aes_key: 43 characters of base64 that give the 32 bytes of the key; checked by the configuration.
        receive_id: stands at the end of every plaintext; empty for an enterprise's own robot. It is always compared.
    """

    def __init__(self, token: str, encoding_aes_key: str, receive_id: str = "") -> None:
        self._token = token
        self._key = base64.b64decode(encoding_aes_key + "=")
        self._receive_id = receive_id.encode()

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Lowercase hex SHA-1 of the four texts, sorted and put together."""
        text = "".join(sorted((self._token, timestamp, nonce, encrypted)))
        # The platform prescribes SHA-1 over a text that holds a secret.
        return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()

    def open(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bytes:
        """The message inside; nothing is decrypted before the signature is known to be ours.

        Raises:
            WrongSignature: not signed with our token.
            Unreadable: not base64, wrong padding, wrong length, or for another receiver.
        """
        expected = self.signature(timestamp, nonce, encrypted).encode()
        if not hmac.compare_digest(expected, signature.encode("utf-8", "surrogatepass")):
            raise WrongSignature
        return self._message(decrypt_blocks(self._key, _decoded(encrypted)))

    def seal(self, message: bytes, timestamp: int, nonce: str, *, random: bytes | None = None) -> Sealed:
        """A message for the platform; ``random`` (16 bytes) is given by tests alone."""
        start = secrets.token_bytes(_RANDOM) if random is None else random
        plain = start + len(message).to_bytes(_LENGTH, "big") + message + self._receive_id
        encrypted = base64.b64encode(encrypt_blocks(self._key, plain)).decode()
        signature = self.signature(str(timestamp), nonce, encrypted)
        return Sealed(encrypt=encrypted, msgsignature=signature, timestamp=timestamp, nonce=nonce)

    def _message(self, plain: bytes) -> bytes:
        start = _RANDOM + _LENGTH
        end = start + int.from_bytes(plain[_RANDOM:start], "big")
        if len(plain) < start or end > len(plain):
            raise Unreadable("length overrun")
        # The official SDK skips this where the id is empty; then a message for somebody else would pass.
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise Unreadable("foreign receive id")
        return plain[start:end]


def _decoded(encrypted: str) -> bytes:
    try:
        return base64.b64decode(encrypted, validate=True)
    except ValueError:
        raise Unreadable("not base64") from None


def decrypt_blocks(key: bytes, data: bytes) -> bytes:
    """AES-256-CBC with the key's first half as initial vector, padding taken off.

    Raises:
        Unreadable: no whole blocks, or wrong padding.
    """
    try:
        decryptor = Cipher(AES(key), CBC(key[:16])).decryptor()
        padded = decryptor.update(data) + decryptor.finalize()
        unpadder = PKCS7(_PAD_BITS).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise Unreadable("wrong padding") from None


def encrypt_blocks(key: bytes, plain: bytes) -> bytes:
    """The opposite of ``decrypt_blocks``."""
    padder = PKCS7(_PAD_BITS).padder()
    encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
