"""A rendered message in the JSON that robots' addresses and the HTTP answer take."""

import json

_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make one each time


def message_body(title: str, text: str) -> bytes:
    """A markdown message as the HTTP answer and the session address take it; longer than its ``msgParam`` would be."""
    return _encode({"msgtype": "markdown", "markdown": {"title": title, "text": text}}).encode()
