"""A rendered message in the JSON that robots' addresses and the HTTP answer take."""

import json

from bot.platforms import Rendering

_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make one each time


def message_body(rendering: Rendering) -> bytes:
    """A markdown message as the HTTP answer and the session address take it."""
    body = {"msgtype": "markdown", "markdown": {"title": rendering.title, "text": rendering.text}}
    return _encode(body).encode()
