"""The envelope: published and derived vectors, and everything that must not open."""

import base64
import json
from typing import Any

import pytest

from bot.platforms.wecom.crypto import WeComCrypto, decrypt_blocks, encrypt_blocks
from bot.platforms.wecom.refusals import Refusal, Unreadable, WrongSignature
from tests.platforms.wecom.peer import KEY, TOKEN, vectors

# From the platform's page on the scheme (path/90968).
PUBLISHED = {
    "token": "QDG6eK",
    "encoding_aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "receiveid": "wx5823bf96d3bd56c7",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "encrypt": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "plain": "1616140317555161061",
}


def crypto_of(vector: dict[str, Any]) -> WeComCrypto:
    return WeComCrypto(vector["token"], vector["encoding_aes_key"], vector["receiveid"])


def opened(vector: dict[str, Any], **changes: str) -> bytes:
    v = {**vector, **changes}
    return crypto_of(v).open(v["msg_signature"], v["timestamp"], v["nonce"], v["encrypt"])


@pytest.mark.parametrize("vector", [PUBLISHED, *vectors("crypto_vectors")])
def test_a_vector_opens(vector: dict[str, Any]) -> None:
    assert opened(vector).decode() == vector["plain"]


@pytest.mark.parametrize("vector", vectors("crypto_vectors"))
def test_a_vector_is_sealed_byte_for_byte(vector: dict[str, Any]) -> None:
    random = bytes.fromhex(vector["random16_hex"])
    sealed = crypto_of(vector).seal(vector["plain"].encode(), int(vector["timestamp"]), vector["nonce"], random=random)
    assert (sealed.encrypt, sealed.msgsignature) == (vector["encrypt"], vector["msg_signature"])


@pytest.mark.parametrize("vector", vectors("negative_vectors"))
def test_a_negative_vector_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(Unreadable if vector["signature_valid"] else WrongSignature):
        opened(vector)


@pytest.mark.parametrize("vector", vectors("signature_only"))
def test_the_signature_alone(vector: dict[str, Any]) -> None:
    token, *others = vector["inputs"]
    assert WeComCrypto(token, KEY).signature(*others) == vector["sha1"]


@pytest.mark.parametrize("vector", vectors("media_vectors"))
def test_a_media_vector_has_the_same_blocks(vector: dict[str, Any]) -> None:
    key = base64.b64decode(vector["aeskey"] + "=")
    plain = base64.b64decode(vector["plain_b64"])
    assert decrypt_blocks(key, base64.b64decode(vector["ciphertext_b64"])) == plain
    assert base64.b64encode(encrypt_blocks(key, plain)).decode() == vector["ciphertext_b64"]


@pytest.mark.parametrize("change", ["token", "timestamp", "nonce", "encrypt", "msg_signature"])
def test_one_changed_character_anywhere_is_no_signature(change: str) -> None:
    with pytest.raises(WrongSignature):
        opened(PUBLISHED, **{change: PUBLISHED[change][:-1] + "x"})


@pytest.mark.parametrize("length", range(70))
def test_every_length_of_padding_comes_back(length: int) -> None:
    crypto = WeComCrypto(TOKEN, KEY)
    sealed = crypto.seal(b"x" * length, 1, "n")
    assert crypto.open(sealed.msgsignature, "1", "n", sealed.encrypt) == b"x" * length


def test_two_seals_of_one_text_differ() -> None:
    crypto = WeComCrypto(TOKEN, KEY)
    assert crypto.seal(b"x", 1, "n").encrypt != crypto.seal(b"x", 1, "n").encrypt


def plain_of(length: int, message: bytes, receiver: bytes = b"") -> bytes:
    return b"r" * 16 + length.to_bytes(4, "big") + message + receiver


KEY_BYTES = base64.b64decode(KEY + "=")
BROKEN = {
    "empty": b"",
    "no whole block": b"x" * 31,
    "half a block of padding": b"x" * 16,
    "random bytes": bytes(range(64)),
    "shorter than the length": encrypt_blocks(KEY_BYTES, b"r" * 10),
    "length one too many": encrypt_blocks(KEY_BYTES, plain_of(3, b"ab")),
    "length of 4 GiB": encrypt_blocks(KEY_BYTES, plain_of(2**32 - 1, b"ab")),
    "length too small": encrypt_blocks(KEY_BYTES, plain_of(1, b"ab")),
    "foreign receiver": encrypt_blocks(KEY_BYTES, plain_of(2, b"ab", b"ww1")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_signed_nonsense_is_unreadable(name: str) -> None:
    crypto = WeComCrypto(TOKEN, KEY)
    encrypted = base64.b64encode(BROKEN[name]).decode()
    with pytest.raises(Unreadable):
        crypto.open(crypto.signature("1", "n", encrypted), "1", "n", encrypted)


@pytest.mark.parametrize("encrypted", ["*", "中文", "AAA", "\ud800", "A" * 100_001])
def test_what_is_no_base64_is_unreadable_when_signed(encrypted: str) -> None:
    crypto = WeComCrypto(TOKEN, KEY)
    with pytest.raises(Unreadable):
        crypto.open(crypto.signature("1", "n", encrypted), "1", "n", encrypted)


@pytest.mark.parametrize("signature", ["", "中文", "\ud800", "0" * 40, "5C45FF5E21C57E6AD56BAC8758B79B1D9AC89FD3"])
def test_no_signature_of_any_shape_passes(signature: str) -> None:
    with pytest.raises(WrongSignature):
        opened(PUBLISHED, msg_signature=signature)


def test_no_error_holds_a_secret_or_what_came_in() -> None:
    for changes in ({"token": "secret-token"}, {"receiveid": "other"}):
        with pytest.raises(Refusal) as caught:
            opened(json.loads(json.dumps(PUBLISHED)), **changes)
        assert caught.value.reason in ("wrong signature", "foreign receive id")
    crypto = WeComCrypto(TOKEN, KEY)
    assert TOKEN not in repr(crypto)
    assert KEY not in repr(crypto)
