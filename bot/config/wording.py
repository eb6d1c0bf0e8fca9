"""From pydantic's errors to sentences: the key's path, what is wrong, what is allowed, an example.

Paths count from 1, as people do: ``schools[1].terms[2].weeks`` is the second term of the first school.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config.channels import Channel
from bot.config.model import Config
from bot.config.values import Says

Keys = tuple[str | int, ...]
Models = Mapping[str, type[BaseModel]]

# How alike (0 to 100) a key must be to be offered as the one that was meant.
ALIKE = 60
LONGEST_VALUE = 40

# A default that is counted from another key could not be counted because that one is wrong.
_CONSEQUENCE = "default_factory_not_called"


class Place(NamedTuple):
    """Where in the file an error is.

    ``keys`` leads there, without pydantic's tags. ``key`` is the last key the model knows, ``says`` what it accepts
    (None for a key that is unknown); ``owner`` is the table the last of ``keys`` would belong to, None inside a free
    table; ``table`` tells whether the place itself is a table.
    """

    keys: Keys
    key: str
    owner: type[BaseModel] | None
    says: Says | None
    table: bool


def sentences(error: ValidationError, document: Mapping[str, Any], known: Iterable[Keys] = ()) -> list[str]:
    """One sentence per error.

    Args:
        error: what pydantic found.
        document: the file as it was written, for quoting; secret values are never quoted.
        known: places that have a sentence already.
    """
    skip = set(known)
    details = error.errors(include_url=False, include_input=False)
    placed = [(locate(detail["loc"]), detail) for detail in details if detail["type"] != _CONSEQUENCE]
    return [_sentence(place, detail, document) for place, detail in placed if place.keys not in skip]


def locate(loc: Sequence[str | int]) -> Place:
    """Follow pydantic's ``loc`` through the model."""
    keys: Keys = ()
    key = ""
    models: list[type[BaseModel]] = [Config]
    owner: type[BaseModel] | None = None
    says: Says | None = None
    for part in loc:
        if isinstance(part, str) and len(models) > 1:
            models = [model for model in models if part in kinds(model)]
            continue
        keys = (*keys, part)
        if isinstance(part, int):
            continue
        owner = models[0] if models else None
        if owner is None:  # a free table such as quotas: its keys are as its own key says
            continue
        field = owner.model_fields.get(part)
        key = part
        says = next((mark for mark in field.metadata if isinstance(mark, Says)), None) if field else None
        models = _models_in(field.annotation) if field else []
    return Place(keys, key, owner, says, bool(models))


def path_text(keys: Keys) -> str:
    """``("schools", 0, "name")`` as ``schools[1].name``."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in keys)
    return "".join(parts).removeprefix(".")


def kinds(model: type[BaseModel]) -> tuple[str, ...]:
    """The values of ``kind`` that a channel's table stands for."""
    field = model.model_fields.get("kind")
    return get_args(field.annotation) if field else ()


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that ``word`` was probably meant to be."""
    from rapidfuzz import fuzz, process  # here, not above: 2.6 MiB that only a mistake in config.toml needs

    found = process.extractOne(word, list(choices), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return found[0] if found else None


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]


def _sentence(place: Place, detail: ErrorDetails, document: Mapping[str, Any]) -> str:
    kind = detail["type"]
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return f"{path_text((*place.keys, 'kind'))}\uff1a{_kind(place, document)}"
    if kind == "extra_forbidden":
        return f"{path_text(place.keys)}\uff1a{_unknown(place)}"
    if kind == "config" and place.table:
        return f"{path_text(place.keys)}\uff1a{detail['msg']}"
    return f"{path_text(place.keys)}\uff1a{_problem(kind, detail['msg'], place, document)}{_allowed(place)}"


def _problem(kind: str, message: str, place: Place, document: Mapping[str, Any]) -> str:
    """What is wrong, up to where the words about what is allowed begin."""
    value = _written(place.keys, document)
    if kind == "missing":
        return "缺少这个键。"
    if kind == "config":
        return f"{message}。"
    if kind == "string_type" and isinstance(value, int | float | date | time):
        return "要加双引号。"
    return _quote(place, value)


def _allowed(place: Place) -> str:
    if not place.says:
        return ""
    example = place.says.example
    line = example if place.table and example.startswith("[") else f"{place.key} = {example}"
    blank = " " if place.says.allowed[0].isascii() else ""
    return f"应为{blank}{place.says.allowed}\uff0c例如 {line}"


def _unknown(place: Place) -> str:
    fields = list(place.owner.model_fields) if place.owner else []
    meant = nearest(place.key, fields)
    if meant:
        return f"没有这个键\uff0c是不是想写 {meant}\uff1f"
    return f"没有这个键。这里可用的键\uff1a{' '.join(fields)}"


def _kind(place: Place, document: Mapping[str, Any]) -> str:
    every = [kind for model in _models_in(Channel) for kind in kinds(model)]
    table = _written(place.keys, document)
    word = table.get("kind") if isinstance(table, dict) else None
    meant = nearest(word, every) if isinstance(word, str) else None
    start = f"没有“{word}”这种渠道" if word is not None else "缺少这个键"
    return f'{start}。应为 {"、".join(every)} 之一\uff0c例如 kind = "{meant or every[0]}"'


def _quote(place: Place, value: object) -> str:
    """What was written, when it is a short plain value and no secret."""
    if place.says is None or place.says.secret or not isinstance(value, str | int | float | date | time):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"不能是“{text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + '…'}”\uff0c"


def _written(keys: Keys, document: object) -> object:
    """The value in the file; where a name stands for {name, id}, the name."""
    for key in keys:
        if (isinstance(document, list) and isinstance(key, int) and key < len(document)) or (
            isinstance(document, dict) and key in document
        ):
            document = document[key]  # type: ignore[index]  # narrowed together above
        elif isinstance(document, dict | list):
            return None
    return document
