"""Reading config.toml: encodings, ``env:`` and ``file:``, then the model; all errors are told at once."""

import codecs
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.links import join
from bot.config.model import Config
from bot.config.wording import Keys, path_text, sentences
from bot.errors import ConfigError

LARGEST_SECRET = 64 * 1024  # bytes of a file: value

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def load(path: str | Path) -> Config:
    """Read config.toml.

    Relative paths in it count from its own folder. Any string may be ``"env:NAME"`` or ``"file:PATH"``; outer blanks
    are trimmed and an empty string is the same as a key left out.

    Raises:
        ConfigError: it cannot be read or something in it is wrong; lists everything that is.
    """
    path = Path(path)
    document = _parse(path)
    resolver = _Resolver(path.parent)
    values = resolver.table(document, ())
    values.setdefault("store", {})
    try:
        config = Config.model_validate(values, context={"folder": path.parent})
    except ValidationError as error:
        found = [*resolver.problems.values(), *sentences(error, document, resolver.problems)]
        raise _failure(path, found) from None  # the original would show values, secrets among them
    config, unlinked = join(config)
    found = [*resolver.problems.values(), *unlinked]
    if found:
        raise _failure(path, found)
    return config


def _failure(path: Path, found: list[str]) -> ConfigError:
    rows = [f"{number}. {text}" for number, text in enumerate(found, start=1)]
    return ConfigError("\n".join([f"{path.name} 有 {len(found)} 处要改\uff1a", *rows]))


_ABSENT = (
    "没有找到配置文件 {path}。用 python3 start.py init 回答五个问题生成一份\uff0c"
    "或把 config.example.toml 复制成 config.toml 再改"
)


def _parse(path: Path) -> dict[str, Any]:
    try:
        text = _decode(path.read_bytes())
    except FileNotFoundError:
        raise ConfigError(_ABSENT.format(path=path)) from None
    except OSError as error:
        raise ConfigError(f"打不开配置文件 {path}\uff1a{error.strerror}") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path.name} 的编码认不出\uff0c请另存为 UTF-8 编码的文本文件") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name} {_toml_hint(str(error), text)}") from None


def _decode(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM (an old Notepad's "Unicode"), or GBK."""
    if data.startswith(_UTF16):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


_HINTS = (
    ("[\u201c\u201d\uff02\uff1d\uff3b\uff3d\uff0c]", "这一行有中文的引号、等号、逗号或方括号\uff0c要改成英文的"),
    ("[\u4e00-\u9fff]\\s*=", '中文的键要加双引号\uff0c例如 "听课" = 4'),
    (r"\\", "文字里的 \\ 要写成 \\\\\uff0c或把双引号换成单引号\uff0c例如 path = 'D:\\data'"),
    ("", '每行写成 键 = 值\uff0c文字两边要有英文双引号\uff0c例如 name = "示例中学"'),
)


def _toml_hint(message: str, text: str) -> str:
    """Where the TOML is wrong, without its text, which may be a secret."""
    lines = text.splitlines() or [""]
    match = re.search(r"line (\d+)", message)
    number = min(int(match[1]) if match else len(lines), len(lines))
    hint = next(hint for pattern, hint in _HINTS if re.search(pattern, lines[number - 1]))
    if "overwrite" in message or "twice" in message:
        hint = "同一个键或同一段写了两次"
    return f"第 {number} 行写法不对。{hint}"


class _Resolver:
    """Trims strings and puts the values of ``env:`` and ``file:`` in their place.

    A value that cannot be had stays as written and is remembered in ``problems``, by its place.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: dict[Keys, str] = {}

    def table(self, table: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
        values = {key: self.value(value, (*keys, key)) for key, value in table.items()}
        return {key: value for key, value in values.items() if value != ""}

    def value(self, value: Any, keys: Keys) -> Any:
        match value:
            case dict():
                return self.table(value, keys)
            case list():
                return [self.value(item, (*keys, index)) for index, item in enumerate(value)]
            case str():
                return self.text(value.strip(), keys)
        return value

    def text(self, text: str, keys: Keys) -> str:
        source, colon, name = text.partition(":")
        if not colon or source not in ("env", "file"):
            return text
        try:
            return self.environment(name.strip()) if source == "env" else self.file(name.strip())
        except ConfigError as error:
            self.problems[keys] = f"{path_text(keys)}\uff1a{error}"
            return text

    def environment(self, name: str) -> str:
        value = os.environ.get(name, "").strip()
        if not value:
            raise ConfigError(f'环境变量 {name or "（没有写名字）"} 没有设置或是空的。写法\uff1a"env:NAME"')
        return value

    def file(self, name: str) -> str:
        try:
            with (self.folder / name).open("rb") as file:
                value = _decode(file.read(LARGEST_SECRET)).strip()
        except OSError as error:
            raise ConfigError(
                f'读不到文件 {name or "（没有写路径）"}\uff1a{error.strerror}。写法\uff1a"file:PATH"'
            ) from error
        except UnicodeDecodeError:
            raise ConfigError(f"文件 {name} 不是文本文件") from None
        if not value:
            raise ConfigError(f"文件 {name} 是空的")
        return value
