"""The kinds of values in config.toml: how each is read, and the Chinese words for what is allowed.

``Says`` stands beside every key of the model. The error messages and the test of config.example.toml read it.
"""

import re
from datetime import date, time
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, LiteralString, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainValidator, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError

DAYS = {"天": 1, "月": 30, "年": 365}
_SPAN = re.compile(r"(\d{1,5})\s*个?(天|月|年)")


class Section(BaseModel):
    """A table of config.toml. Unknown keys are errors; the text of errors never holds what was written."""

    model_config = ConfigDict(
        defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=True
    )


class Says(NamedTuple):
    """What a key accepts (ends the sentence "应为…") and an example in TOML; ``secret`` values are never shown."""

    allowed: str
    example: str
    secret: bool = False


def wrong(text: LiteralString, **context: object) -> PydanticCustomError:
    """An error whose Chinese sentence is shown as it is."""
    return PydanticCustomError("config", text, context)


def web_address(*schemes: str) -> AfterValidator:
    """Accepts addresses of the given schemes; those without encryption (http, ws) only on the own machine."""

    def check(value: str | SecretStr) -> str | SecretStr:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        _check_address(text, schemes)
        return value if isinstance(value, SecretStr) else text.rstrip("/")

    return AfterValidator(check)


def _check_address(text: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong("地址的写法不对") from None
    if parts.scheme not in schemes or not host or re.search(r"\s", text):
        raise wrong("地址要以 {schemes} 开头", schemes=" 或 ".join(f"{scheme}://" for scheme in schemes))
    if parts.scheme in ("http", "ws") and not is_loopback(host):
        raise wrong("不加密的 {scheme}:// 只能用于本机 127.0.0.1\uff0c别处要用 {scheme}s://", scheme=parts.scheme)


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address without port) can only be this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _page_address(text: str) -> str:
    """The address under which teachers open pages: a school's own network may have plain http."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise wrong("地址要以 https:// 或 http:// 开头\uff0c后面不带 ? 和 #")  # ascii: the mark of an address
    return text.rstrip("/")


def _no_number(value: Any) -> Any:
    """A number would silently be read as seconds since 1970."""
    if isinstance(value, int | float):
        raise wrong("日期不能是数字")
    return value


def _no_switch(value: Any) -> Any:
    """True would silently be read as 1."""
    if isinstance(value, bool):
        raise wrong("这里要数字\uff0c不是 true 或 false")
    return value


def _time_of_day(value: Any) -> Any:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    match = re.fullmatch(r"(\d{1,2})[:\uff1a](\d{2})", value) if isinstance(value, str) else None
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise wrong("时间要写成 07:10 这样\uff0c从 00:00 到 23:59")
    return f"{int(match[1]):02d}:{match[2]}"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, an odd path, a folder of zones ("Asia")
        raise wrong("没有叫这个名字的时区") from None
    return name


def _network(value: Any) -> IPv4Network | IPv6Network:
    try:
        return ip_network(value, strict=False)
    except ValueError:
        raise wrong("不是 IP 地址或网段") from None


def _span(value: Any) -> Any:
    if not isinstance(value, str) or value.isdecimal():
        return value
    match = _SPAN.fullmatch(value)
    if not match:
        raise wrong("期限要写成“3年”“18个月”或“400天”")
    return int(match[1]) * DAYS[match[2]]


def _in_folder(path: Path, info: ValidationInfo) -> Path:
    """Relative paths count from the folder of config.toml, which the reader hands over as context."""
    folder = (info.context or {}).get("folder")
    return Path(folder) / path if folder is not None else path


def _filled(text: str) -> str:
    if not text:
        raise wrong("不能是空的")
    return text


def _filled_secret(value: SecretStr) -> SecretStr:
    _filled(value.get_secret_value())
    return value


Text = Annotated[str, AfterValidator(_filled)]
Secret = Annotated[SecretStr, AfterValidator(_filled_secret)]
Whole = Annotated[int, BeforeValidator(_no_switch)]
Number = Annotated[float, BeforeValidator(_no_switch)]
Day = Annotated[date, BeforeValidator(_no_number)]
TimeOfDay = Annotated[str, BeforeValidator(_time_of_day)]
Network = Annotated[IPv4Network | IPv6Network, PlainValidator(_network)]
Zone = Annotated[str, AfterValidator(_zone)]
Days = Annotated[int, BeforeValidator(_span), BeforeValidator(_no_switch)]
Place = Annotated[Path, AfterValidator(_in_folder)]
PageAddress = Annotated[str, AfterValidator(_page_address)]
