"""config.example.toml documents every key; the keys are those of the contract."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot.config import Config, load
from bot.config.values import Says

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "config.example.toml"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def read(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


CONTRACT = {
    "Server": "host port public_url metrics_token trusted_proxies replay_window",
    "Store": "path url",
    "School": "key name timezone terms swaps bells",
    "Term": "name first_day weeks midterm_week final_week week_starts_on",
    "Swap": "date runs grades",
    "Bells": "valid_from lessons",
    "DingTalkApp": "client_id client_secret robot_code corp_id api_base oapi_base",
    "DingTalkRobot": "webhook secret",
    "WeComCallback": "token encoding_aes_key bot_id receive_id api_base",
    "WeComConnection": "bot_id secret url",
    "WeComRobot": "webhook",
    "Group": "name school channel chat posts_through leader members plan window quiet quotas",
    "Person": "name id",
    "Privacy": "retention minimum_group",
    "Config": "server store schools channels groups privacy",
}
SINCE = {"DingTalkApp": {"monthly_webhook", "monthly_api"}, "Term": {"last_day"}}
"""Keys that came later; what the contract names stands firm."""

EVERY_CHANNEL = {"name", "kind", "bot_name", "per_minute", "penalty"}


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in inner_models(field.annotation):
            yield from models(inner)


def inner_models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in inner_models(argument)]


def test_the_keys_are_those_of_the_contract() -> None:
    found = {model.__name__: set(model.model_fields) for model in models(Config)}
    assert found == {
        name: set(keys.split())
        | SINCE.get(name, set())
        | (EVERY_CHANNEL if name.startswith(("DingTalk", "WeCom")) else set())
        for name, keys in CONTRACT.items()
    }


def test_every_key_says_what_it_accepts() -> None:
    silent = [
        f"{model.__name__}.{name}"
        for model in models(Config)
        for name, field in model.model_fields.items()
        if name != "kind" and not any(isinstance(mark, Says) for mark in field.metadata)
    ]
    assert silent == []


def opened(text: str) -> str:
    """The example with its commented-out keys switched on."""
    return "\n".join(line.removeprefix("#> ") for line in text.split("\n"))


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in opened(EXAMPLE.read_text(encoding="utf-8")).split("\n"):
        if '= "env:' in line:
            monkeypatch.setenv(line.split('"env:')[1].rstrip('"'), "https://example.com/secret")
    monkeypatch.setenv("WECOM_AES_KEY", AES_KEY)
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/beike")


@pytest.mark.usefixtures("secrets")
def test_the_example_loads_as_it_is_and_with_everything_switched_on(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert read(tmp_path, text).groups[0].quotas == {"听课": 16, "公开课": 1}
    config = read(tmp_path, opened(text).replace('\npath = "data"', ""))
    assert config.store.url
    assert config.groups[0].plan == tmp_path / "计划.docx"
    assert config.privacy.retention == 3 * 365
    assert len(config.channels) == 6


def test_every_key_is_in_the_example() -> None:
    document = tomllib.loads(opened(EXAMPLE.read_text(encoding="utf-8")))
    assert list(absent(Config, [document])) == []


def absent(model: type[BaseModel], tables: list[dict[str, Any]]) -> Iterator[str]:
    """Keys of ``model``, and of the tables inside it, that none of ``tables`` has."""
    for name, field in model.model_fields.items():
        values = [table[name] for table in tables if name in table]
        if not values:
            yield f"{model.__name__}.{name}"
        rows = [row for value in values for row in (value if isinstance(value, list) else [value])]
        for inner in inner_models(field.annotation):
            own = [row for row in rows if isinstance(row, dict) and of_kind(inner, row)]
            shared = {key: row[key] for row in rows if isinstance(row, dict) for key in EVERY_CHANNEL & row.keys()}
            yield from absent(inner, [*own, shared] if own and "kind" in inner.model_fields else own)


def of_kind(model: type[BaseModel], row: dict[str, Any]) -> bool:
    kind = model.model_fields.get("kind")
    return kind is None or row.get("kind") in get_args(kind.annotation)


def test_every_key_of_the_example_has_a_comment_before_its_table_or_itself() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines):
        if line.startswith("[["):
            assert lines[number - 1].startswith("# "), line
