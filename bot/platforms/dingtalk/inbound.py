"""Files people send to a DingTalk robot: a download code is changed into an address, the address into bytes.

Source: open.dingtalk.com, download-the-file-content-of-the-robot-receiving-message (2025-10). The code is good for a
short time and once the address is out, that one too.
"""

from bot.chat.transport import Attachment, Fetched
from bot.errors import BadArgument, DeliveryError, RateLimited, Rejected
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.download import download, expired, not_come


class DingTalkFiles:
    """A ``Fetch``.

    Args:
        api: the channel's, with its token.
        base: the channel's ``api_base``.
    """

    def __init__(self, api: DingTalkApi, base: str) -> None:
        self._api = api
        self._base = base

    async def __call__(self, attachment: Attachment, most: int) -> Fetched:
        """See ``Fetch``."""
        try:
            address = await self._api.download_address(attachment.ticket)
        except RateLimited:
            raise BadArgument("钉钉现在忙，文件没有取到。", "请过一分钟再发一次。") from None
        except Rejected as error:
            raise (expired() if "downloadCode" in str(error) else _refused(error)) from None
        except DeliveryError:
            raise not_come() from None
        fetched = await download(address, most, base=self._base)
        # DingTalk calls every file "….file": the name stands in the message.
        return Fetched(fetched.data, "" if fetched.name.endswith(".file") else fetched.name)


def _refused(error: Rejected) -> BadArgument:
    """The administrator must do something: DingTalk's words say what."""
    return BadArgument(f"钉钉没有给文件：{str(error)[:80]}", "请把这句话转给管理员。")
