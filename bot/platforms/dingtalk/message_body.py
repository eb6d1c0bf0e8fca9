"""A rendered message in the JSON that robots' addresses and the HTTP answer take."""

from pydantic_core import to_json


def message_body(title: str, text: str) -> bytes:
    """A markdown message as the HTTP answer and the session address take it; longer than its ``msgParam`` would be."""
    return to_json({"msgtype": "markdown", "markdown": {"title": title, "text": text}})
