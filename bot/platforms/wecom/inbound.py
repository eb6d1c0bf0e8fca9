"""Files people send to an intelligent robot of WeCom: an address good for five minutes, and encrypted bytes behind it.

Source: developer.work.weixin.qq.com, document/path/100719 (2026-03): AES-256-CBC as in the envelope, without its length
and its random bytes. The long connection gives each address a key of its own, the callback address uses its own.
"""

import asyncio
import base64
import binascii

from bot.chat.transport import Attachment, Fetched
from bot.errors import BadArgument
from bot.platforms.download import download
from bot.platforms.wecom.refusals import Unreadable

PADDING = 32
"""Most bytes that the encrypted file is longer."""


class WeComFiles:
    """A ``Fetch``.

    Args:
        base: the channel's own address.
        key: of files that have none of their own (EncodingAESKey); "" = each has one.
    """

    def __init__(self, base: str, key: str = "") -> None:
        self._base = base
        self._key = key

    async def __call__(self, attachment: Attachment, most: int) -> Fetched:
        """See ``Fetch``."""
        key = _key(attachment.key or self._key)
        sealed = await download(attachment.ticket, most + PADDING, base=self._base)
        if not sealed.data:
            return sealed
        return Fetched(await asyncio.to_thread(_opened, key, sealed.data), sealed.name)


def _key(text: str) -> bytes:
    """Base64 with or without its padding → 32 bytes."""
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise _sealed()
    return key


def _opened(key: bytes, data: bytes) -> bytes:
    from bot.platforms.wecom.crypto import decrypt_blocks  # here, not above: only who gets a file pays for it

    try:
        return decrypt_blocks(key, data)
    except Unreadable:
        raise _sealed() from None


def _sealed() -> BadArgument:
    return BadArgument("文件解不开。", "请再发一次；还不行请存到网盘，把链接发给我。")
