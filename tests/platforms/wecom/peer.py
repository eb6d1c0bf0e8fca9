"""The platform's side: it signs and encrypts callbacks, and opens what comes back."""

import itertools
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SCHOOL_ZONE, MovableClock
from bot.config import channels
from bot.platforms.wecom.crypto import WeComCrypto

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "protocols" / "wecom_vectors.json"
TOKEN = "test-token"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ROBOT = "aib-1"
NOW = datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE)
API = "https://qyapi.weixin.qq.com"
URL = f"{API}/cgi-bin/aibot/response?response_code=SECRET-CODE"


def vectors(part: str, **only: str) -> list[Any]:
    """The reference vectors (with these values) as parameters, or one that is skipped when they are not there."""
    if not VECTORS.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"no {VECTORS.name} beside the project"))]
    rows = json.loads(VECTORS.read_text(encoding="utf-8"))[part]
    return [pytest.param(row, id=row["id"]) for row in rows if only.items() <= row.items()]


def settings(**more: Any) -> channels.WeComCallback:
    values = {"name": "wecom", "kind": "wecom-callback", "token": TOKEN, "encoding_aes_key": KEY, "bot_id": ROBOT}
    return channels.WeComCallback.model_validate({**values, **more})


class Platform:
    """Speaks for WeCom; every message gets a ``msgid`` of its own unless one is given."""

    def __init__(self, clock: MovableClock, token: str = TOKEN, key: str = KEY, receive_id: str = "") -> None:
        self.clock = clock
        self.crypto = WeComCrypto(token, key, receive_id)
        self._numbers = itertools.count(1)

    def body(self, text: str = "", *, who: str = "WangLi", chat: str = "", **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = {
            "msgid": f"CAIQ/{next(self._numbers)}=",
            "aibotid": ROBOT,
            "chattype": "group" if chat else "single",
            "from": {"userid": who},
            "response_url": URL,
            "msgtype": "text",
            "text": {"content": text},
        }
        return {**body, **({"chatid": chat} if chat else {}), **more}

    def signed(self, body: Any, *, at: int | None = None) -> tuple[dict[str, str], bytes]:
        """The query and the bytes of a callback."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        moment = int(self.clock.now().timestamp()) if at is None else at
        sealed = self.crypto.seal(data, moment, f"{next(self._numbers)}")
        query = {"msg_signature": sealed.msgsignature, "timestamp": str(moment), "nonce": sealed.nonce}
        return query, json.dumps({"encrypt": sealed.encrypt}).encode()

    def echo(self, plain: str) -> dict[str, str]:
        """The query of the console's test."""
        query, body = self.signed(plain.encode())
        return {**query, "echostr": json.loads(body)["encrypt"]}

    def read(self, answer: bytes) -> dict[str, Any]:
        """The answer, after its signature has been checked."""
        sealed = json.loads(answer)
        assert set(sealed) == {"encrypt", "msgsignature", "timestamp", "nonce"}
        plain = self.crypto.open(sealed["msgsignature"], str(sealed["timestamp"]), sealed["nonce"], sealed["encrypt"])
        value = json.loads(plain)
        assert isinstance(value, dict)
        return value

    def said(self, answer: bytes) -> str:
        """The text of a finished stream."""
        stream = self.read(answer)["stream"]
        assert stream["finish"] is True
        return str(stream["content"])
