"""DingTalk's SDKs behind lines of JSON: ``{"does": …, …}`` in, the answer out. A program of its own: they block.

alibabacloud-dingtalk calls the open API, dingtalk-stream reads messages and answers them, DingtalkChatbot signs.
"""

import asyncio
import json
import sys
import threading
from collections.abc import Callable
from typing import Any, ClassVar

from alibabacloud_dingtalk.oauth2_1_0.client import Client as OAuth2
from alibabacloud_dingtalk.oauth2_1_0.models import GetAccessTokenRequest
from alibabacloud_dingtalk.robot_1_0 import models
from alibabacloud_dingtalk.robot_1_0.client import Client as Robot
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions
from dingtalk_stream import (
    AckMessage,
    CallbackHandler,
    CallbackMessage,
    ChatbotHandler,
    ChatbotMessage,
    Credential,
    DingTalkStreamClient,
)
from dingtalkchatbot.chatbot import DingtalkChatbot
from Tea.exceptions import TeaException

Answer = dict[str, Any]


def _config(server: str) -> Config:
    """``server``: "127.0.0.1:PORT"."""
    config = Config()
    config.protocol, config.region_id, config.endpoint = "http", "central", server
    return config


def token(server: str, key: str, secret: str) -> Answer:
    """alibabacloud-dingtalk fetches the app's token."""
    request = GetAccessTokenRequest(app_key=key, app_secret=secret)
    done: Answer = OAuth2(_config(server)).get_access_token_with_options(request, {}, RuntimeOptions()).body.to_map()
    return done


def group_send(server: str, token: str, **fields: str) -> Answer:
    """alibabacloud-dingtalk posts into a group; ``fields`` by their names in the SDK."""
    headers = models.OrgGroupSendHeaders(x_acs_dingtalk_access_token=token)
    request = models.OrgGroupSendRequest(**fields)
    done: Answer = Robot(_config(server)).org_group_send_with_options(request, headers, RuntimeOptions()).body.to_map()
    return done


def batch_send(server: str, token: str, **fields: Any) -> Answer:
    """alibabacloud-dingtalk writes to people; ``fields`` by their names in the SDK."""
    headers = models.BatchSendOTOHeaders(x_acs_dingtalk_access_token=token)
    request = models.BatchSendOTORequest(**fields)
    done: Answer = Robot(_config(server)).batch_send_otowith_options(request, headers, RuntimeOptions()).body.to_map()
    return done


def recall(server: str, token: str, **fields: Any) -> Answer:
    """alibabacloud-dingtalk takes messages of a group or of people back; ``fields`` by their names in the SDK."""
    robot, options = Robot(_config(server)), RuntimeOptions()
    if "open_conversation_id" in fields:
        headers = models.OrgGroupRecallHeaders(x_acs_dingtalk_access_token=token)
        done: Answer = robot.org_group_recall_with_options(
            models.OrgGroupRecallRequest(**fields), headers, options
        ).body.to_map()
        return done
    lines = models.BatchRecallOTOHeaders(x_acs_dingtalk_access_token=token)
    gone: Answer = robot.batch_recall_otowith_options(
        models.BatchRecallOTORequest(**fields), lines, options
    ).body.to_map()
    return gone


def file_address(server: str, token: str, **fields: str) -> Answer:
    """alibabacloud-dingtalk asks for the address of a file somebody sent; ``fields`` by their names in the SDK."""
    headers = models.RobotMessageFileDownloadHeaders(x_acs_dingtalk_access_token=token)
    request = models.RobotMessageFileDownloadRequest(**fields)
    robot = Robot(_config(server))
    done: Answer = robot.robot_message_file_download_with_options(request, headers, RuntimeOptions()).body.to_map()
    return done


def read(message: Answer) -> Answer:
    """dingtalk-stream reads the body of a robot message: what it made of it, and all of it written again."""
    found = ChatbotMessage.from_dict(message)
    return {
        "id": found.message_id,
        "conversation": found.conversation_id,
        "sender": found.sender_staff_id,
        "texts": found.get_text_list(),
        "pictures": found.get_image_list(),
        "webhook": found.session_webhook,
        "mentioned": [user.staff_id for user in found.at_users],
        "whole": found.to_dict(),
    }


def reply(kind: str, message: Answer, text: str, title: str = "") -> Answer:
    """dingtalk-stream answers a message through its session, in markdown or as text."""
    handler, incoming = ChatbotHandler(), ChatbotMessage.from_dict(message)
    if kind == "text":
        return {"said": handler.reply_text(text, incoming)}
    return {"said": handler.reply_markdown(title, text, incoming)}


def signed_address(webhook: str, secret: str, seconds: float) -> Answer:
    """DingtalkChatbot's address of a robot for a moment (seconds since 1970)."""
    robot = DingtalkChatbot(webhook)
    robot.secret, robot.start_time = secret, seconds
    robot.update_webhook()
    return {"address": robot.webhook}


def robot_send(webhook: str, secret: str, title: str, text: str, users: list[str]) -> Answer:
    """DingtalkChatbot posts through a robot's address, signed for the machine's time."""
    done: Answer = DingtalkChatbot(webhook, secret).send_markdown(title, text, at_dingtalk_ids=users)
    return done


class _Ears(ChatbotHandler):
    """Answers each message through its session and remembers its id."""

    ids: ClassVar[list[str]] = []

    async def process(self, callback: CallbackMessage) -> tuple[int, str]:
        incoming = ChatbotMessage.from_dict(callback.data)
        self.ids.append(incoming.message_id)
        await asyncio.to_thread(self.reply_text, f"收到 {''.join(incoming.get_text_list()).strip()}", incoming)
        return AckMessage.STATUS_OK, "OK"


class _Taps(CallbackHandler):
    """Takes every tap and changes nothing."""

    async def process(self, callback: CallbackMessage) -> tuple[int, Answer]:
        del callback
        return AckMessage.STATUS_OK, {}


def listen(key: str, secret: str) -> Answer:
    """dingtalk-stream keeps a connection open in the background; its gateway is named in the environment."""
    client = DingTalkStreamClient(Credential(key, secret))
    client.register_callback_handler(ChatbotMessage.TOPIC, _Ears())
    client.register_callback_handler(CallbackHandler.TOPIC_CARD_CALLBACK, _Taps())
    threading.Thread(target=client.start_forever, daemon=True).start()
    return {}


def heard() -> Answer:
    """The ids of the messages heard so far."""
    return {"ids": _Ears.ids}


DOES: dict[str, Callable[..., Answer]] = {
    does.__name__: does
    for does in (
        token,
        group_send,
        batch_send,
        recall,
        file_address,
        read,
        reply,
        signed_address,
        robot_send,
        listen,
        heard,
    )
}


def main() -> None:
    """Answer until the input ends. What the SDKs print goes to standard error."""
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = DOES[asked.pop("does")](**asked)
        except TeaException as error:
            answer = {"error": error.code, "message": error.message, "denied": error.accessDeniedDetail}
        except KeyError as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
