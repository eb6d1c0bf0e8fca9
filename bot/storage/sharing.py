"""Whether two may hold parts of one record, and the copy that costs a fiftieth of decoding it anew."""

from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import date, time, timedelta, tzinfo
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

R = TypeVar("R", bound=BaseModel)

# No float: NaN and infinity do not come back from JSON, so what holds one is decoded to be sure.
_FIXED = (str, bytes, int, bool, NoneType, date, time, timedelta, tzinfo, Enum)
_HOLDERS = (tuple, frozenset, Union, UnionType)


@cache
def is_shareable(kind: type[BaseModel]) -> bool:
    """Whether no field of ``kind`` holds anything that can be changed in place."""
    return all(_fixed(field.annotation) for field in kind.model_fields.values())


def duplicate(record: R) -> R:
    """The same record for somebody else, who may set its fields; for kinds that are shareable.

    What ``copy.copy`` does for a model, without its general way of finding out how: it is done a dozen times a message.
    """
    twin = _new(record.__class__)
    twin.__dict__.update(record.__dict__)
    _put_fields_set(twin, record.__pydantic_fields_set__)  # nobody asks what was set
    _put_extra(twin, None)  # records forbid extra fields and have no private ones
    _put_private(twin, None)
    return twin


# A model's own ``__setattr__`` refuses these; the slots themselves take them.
_new = object.__new__
_put_fields_set, _put_extra, _put_private = (
    vars(BaseModel)[slot].__set__ for slot in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def _fixed(annotation: Any) -> bool:
    """Whether values of this annotation never change; what is not known does."""
    origin = get_origin(annotation)
    if origin is Literal or annotation is Ellipsis:
        return True
    if origin is Annotated:
        return _fixed(get_args(annotation)[0])
    if origin in _HOLDERS:
        return all(map(_fixed, get_args(annotation)))
    if not isinstance(annotation, type):
        return False
    return issubclass(annotation, _FIXED) or _frozen(annotation)


def _frozen(kind: type) -> bool:
    """A frozen model or dataclass of nothing but fixed values."""
    if issubclass(kind, BaseModel):
        return bool(kind.model_config.get("frozen")) and is_shareable(kind)
    if is_dataclass(kind) and kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        hints = get_type_hints(kind, include_extras=True)
        return all(_fixed(hints[field.name]) for field in fields_of(kind))
    return False
