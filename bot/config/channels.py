"""The [[channels]] of config.toml, told apart by ``kind``. Secrets are ``SecretStr``: no log and no error shows them.

The ``*_base``, ``url`` and ``webhook`` keys exist so that a test can point a channel at a server on the own machine.
"""

import base64
import binascii
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from bot.config.values import Number, Says, Secret, Section, Text, Whole, web_address, wrong

# Defaults from the platforms' documentation.
DINGTALK_API = "https://api.dingtalk.com"
DINGTALK_OAPI = "https://oapi.dingtalk.com"
WECOM_API = "https://qyapi.weixin.qq.com"
WECOM_CONNECTION = "wss://openws.work.weixin.qq.com"


def _channel_name(name: str) -> str:
    if not re.fullmatch(r"[\w-]{1,40}", name):
        raise wrong("名字会出现在网址里\uff0c只能有文字、数字、- 和 _\uff0c最多 40 个字")
    return name


def _aes_key(key: SecretStr) -> SecretStr:
    """43 characters of base64 that give 32 bytes (WeCom, 加解密方案说明)."""
    text = key.get_secret_value()
    try:
        good = len(text) == 43 and len(base64.b64decode(text + "=", validate=True)) == 32
    except binascii.Error:
        good = False
    if not good:
        raise wrong("应是 43 个字母和数字\uff0c现在有 {length} 个字符\uff0c请重新复制", length=len(text))
    return key


class _Channel(Section):
    name: Annotated[Text, AfterValidator(_channel_name), Says("渠道的名字\uff0c回调地址是 /callback/名字", '"wecom"')]
    bot_name: Annotated[Text, Says("机器人在群里的名字\uff0c组员 @ 的就是它", '"备课助手"')] = "备课助手"
    per_minute: Annotated[
        Annotated[Whole, Field(ge=1, le=6000)] | None, Says("每分钟最多发几条\uff0c1 到 6000 的整数", "20")
    ] = None
    penalty: Annotated[
        Annotated[Number, Field(ge=0, le=86400)] | None, Says("平台说“太快”以后等几秒\uff0c0 到 86400 的数字", "60")
    ] = None


class DingTalkApp(_Channel):
    """An app robot of DingTalk, by HTTP callback or by Stream."""

    kind: Literal["dingtalk-callback", "dingtalk-stream"]
    client_id: Annotated[Text, Says("应用的 Client ID\uff08原 AppKey\uff09", '"dingabc123"')]
    client_secret: Annotated[
        Secret, Says("应用的 Client Secret\uff08原 AppSecret\uff09", '"env:DINGTALK_SECRET"', secret=True)
    ]
    robot_code: Annotated[str, Says("机器人编码\uff0c不写就与 client_id 相同", '"dingabc123"')] = ""
    corp_id: Annotated[str, Says("企业的 CorpId\uff0c写了就只收这个企业的消息", '"ding123"')] = ""
    monthly_webhook: Annotated[
        Annotated[Whole, Field(ge=0, le=10_000_000)],
        Says("学校每月有多少次 Webhook 和 Stream 调用\uff0c0 是不限\uff0c免费版 3000", "3000"),
    ] = 3000
    monthly_api: Annotated[
        Annotated[Whole, Field(ge=0, le=10_000_000)],
        Says("学校每月有多少次 API 调用\uff0c0 是不限\uff0c免费版 5000", "5000"),
    ] = 5000
    api_base: Annotated[
        str, web_address("https", "http"), Says("新版接口的地址\uff0c一般不写", f'"{DINGTALK_API}"')
    ] = DINGTALK_API
    oapi_base: Annotated[
        str, web_address("https", "http"), Says("旧版接口的地址\uff0c一般不写", f'"{DINGTALK_OAPI}"')
    ] = DINGTALK_OAPI

    @property
    def robot(self) -> str:
        """The robot's code: that of the app unless the file says otherwise."""
        return self.robot_code or self.client_id


class DingTalkRobot(_Channel):
    """A custom robot of a DingTalk group: it posts and hears nothing. Without ``secret`` it is guarded by keywords."""

    kind: Literal["dingtalk-robot"]
    webhook: Annotated[
        Secret, web_address("https", "http"), Says("群机器人的 Webhook 地址", '"env:DINGTALK_WEBHOOK"', secret=True)
    ]
    secret: Annotated[Secret | None, Says("加签的密钥\uff0c以 SEC 开头", '"env:DINGTALK_SIGN"', secret=True)] = None


class WeComCallback(_Channel):
    """An intelligent robot of WeCom that receives messages at a callback address."""

    kind: Literal["wecom-callback"]
    token: Annotated[Secret, Says("机器人设置页上的 Token", '"env:WECOM_TOKEN"', secret=True)]
    encoding_aes_key: Annotated[
        Secret,
        AfterValidator(_aes_key),
        Says("机器人设置页上的 EncodingAESKey\uff08共 43 个字符\uff09", '"env:WECOM_AES_KEY"', secret=True),
    ]
    bot_id: Annotated[str, Says("机器人的 BotID\uff0c写了就只收它的消息", '"aib123"')] = ""
    receive_id: Annotated[str, Says("加密用的 ReceiveId\uff0c企业自己的机器人是空的", '""')] = ""
    api_base: Annotated[str, web_address("https", "http"), Says("接口的地址\uff0c一般不写", f'"{WECOM_API}"')] = (
        WECOM_API
    )


class WeComConnection(_Channel):
    """An intelligent robot of WeCom over the long connection: no public server is needed."""

    kind: Literal["wecom-connection"]
    bot_id: Annotated[Text, Says("机器人的 BotID", '"aib123"')]
    secret: Annotated[Secret, Says("长连接专用的 Secret", '"env:WECOM_SECRET"', secret=True)]
    url: Annotated[str, web_address("wss", "ws"), Says("长连接的地址\uff0c一般不写", f'"{WECOM_CONNECTION}"')] = (
        WECOM_CONNECTION
    )


class WeComRobot(_Channel):
    """A message-push robot of a WeCom group: it posts and hears nothing."""

    kind: Literal["wecom-robot"]
    webhook: Annotated[
        Secret, web_address("https", "http"), Says("群机器人的 Webhook 地址", '"env:WECOM_WEBHOOK"', secret=True)
    ]


Channel = Annotated[
    DingTalkApp | DingTalkRobot | WeComCallback | WeComConnection | WeComRobot, Field(discriminator="kind")
]
