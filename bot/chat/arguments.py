"""From a handler's signature to its parser, its usage line and its help.

A parameter's annotation says what it takes::

    async def sign_up(ctx: Context, item: Words = "", who: MemberName | None = None, sure: Sure = False) -> Reply

Parameters of a definite shape (a number, a member, a flag) take the first word that has that shape, wherever it
stands; ``Words`` takes the words nobody else wanted; ``Text`` takes everything that follows, byte for byte, so
parameters before it take words from the front only. Values are made by pydantic.
"""

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Annotated, Any, get_args, get_origin

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from bot.chat.folding import fold
from bot.errors import BadArgument

_YEAR = "(?:(?:\\d{4}|[今去明])年)?"
_WORD = re.compile(f"{_YEAR}\\d{{1,2}}\\s+月份?(?!\\S)|\\S+")
"""A word ends at a blank, wherever it is typed; "9 月" is a month nevertheless."""

_CLAUSE = re.compile("[\uff0c,]")


@dataclass(frozen=True)
class Shape:
    """What a word must look like to be this argument.

    Attributes:
        label: its name in the usage line ("编号").
        pattern: the whole word's shape; None for text.
        rest: "words" or "text" when it takes what is left.
        glued: shape of the argument when it is typed without a blank after the command; ``pattern`` when None.
    """

    label: str
    pattern: re.Pattern[str] | None = None
    rest: str = ""
    glued: re.Pattern[str] | None = None
    members: bool = False

    def fits(self, word: str, names: Collection[str] = ()) -> bool:
        """Whether ``word`` can be this argument; ``names`` are the group's members."""
        if self.members and word in names:
            return True
        return bool(self.pattern and self.pattern.fullmatch(word))


def _number(word: object) -> object:
    found = re.search(r"\d+", str(word))
    return int(found.group()) if found else word


def item_number(text: str) -> int | None:
    """The item meant when the whole text names one: "12", "第12项"; None for anything else, a number too long too."""
    word = fold(text).strip()
    return int(str(_number(word))) if _NUMBER.fullmatch(word) else None


def month_and_more(words: str) -> tuple[str, str]:
    """What begins with a month, in two: ("9月", "图"), ("九月份", "反思") of "九月份的反思"; else ("", words)."""
    found = _MONTH_AND_MORE.fullmatch(fold(words).strip())
    return (found[1], found[2]) if found else ("", words)


def is_form(word: str) -> bool:
    """Whether a word names what a digest is made as."""
    return bool(_FORM.fullmatch(fold(word).strip()))


_NUMBER = re.compile("(?:第|#)?\\s*\\d{1,4}\\s*(?:节|号|项|条|个)?")
_KINDS = re.compile("公开课|听课|开课(?:机会)?|讲座|活动")
_GLUED_ITEM = re.compile(f"(?:{_NUMBER.pattern}|{_KINDS.pattern})(?:\\s*确认)?")
_NAMED_MONTH = (
    f"{_YEAR}(?:\\d{{1,2}}\\s*|[一二三四五六七八九十]{{1,3}})月份?|\\d{{4}}[-/.]\\d{{1,2}}|上个?月|本月|这个?月"
)
_MONTH = re.compile(f"{_NAMED_MONTH}|下个?月|\\d{{1,2}}|\\S*学期")
_PLAIN_MONTH = re.compile(f"{_NAMED_MONTH}|\\S*学期")
_FORM = re.compile("图|图片|图表|word|文档|excel|表格|电子表格|全部")
_MONTH_AND_MORE = re.compile(f"({_NAMED_MONTH}|下个?月|\\S*学期)\\s*的?\\s*(.*)")
_GLUED_MONTH = re.compile(f"(?:{_MONTH.pattern})\\s*(?:{_FORM.pattern})?|(?:{_NAMED_MONTH})(?:\\s+\\S+){{1,2}}")

_SPAN = re.compile("[上本这下]个?[周月]|今天|明天|\\d{1,2}月|第\\d{1,2}周")

ItemNumber = Annotated[int, Shape("编号", _NUMBER), BeforeValidator(_number)]
MemberName = Annotated[str, Shape("姓名", re.compile("[\u4e00-\u9fff]{1,3}老师"), members=True)]
MonthWord = Annotated[str, Shape("月份", _MONTH, glued=_GLUED_MONTH)]
PlainMonth = Annotated[str, Shape("月份", _PLAIN_MONTH)]
FormWord = Annotated[str, Shape("图/Word/Excel", _FORM)]
Page = Annotated[int, Shape("页", re.compile(r"[1-9]\d{0,2}")), BeforeValidator(_number)]
Sure = Annotated[bool, Shape("确认", re.compile("确认|仍要|一定")), BeforeValidator(bool)]
Words = Annotated[str, Shape("内容", rest="words")]
ItemWords = Annotated[str, Shape("编号", rest="words", glued=_GLUED_ITEM)]
Text = Annotated[str, Shape("内容", rest="text")]
Name = Annotated[str, Shape("姓名", rest="words", glued=re.compile("[\u4e00-\u9fff]{1,4}老师"))]
GroupName = Annotated[str, Shape("组名", rest="words")]
Topic = Annotated[str, Shape("功能", rest="words")]
TimeSpan = Annotated[str, Shape("时间", rest="words", glued=_SPAN)]
TermName = Annotated[str, Shape("学期", rest="words", glued=re.compile(".*学期"))]
Time = Annotated[str, Shape("时间", rest="text")]


@dataclass(frozen=True)
class Parameter:
    """One argument of a command."""

    name: str
    shape: Shape
    adapter: TypeAdapter[Any]
    default: Any
    required: bool

    @property
    def usage(self) -> str:
        """How it stands in the usage line; optional ones in brackets."""
        return self.shape.label if self.required else f"[{self.shape.label}]"


class Signature:
    """The parser of one handler."""

    def __init__(self, parameters: Sequence[Parameter], example: str) -> None:
        self.parameters = tuple(parameters)
        self.example = example
        self._shaped = [parameter for parameter in self.parameters if not parameter.shape.rest]
        self._takes_rest = next((parameter for parameter in self.parameters if parameter.shape.rest), None)
        self.names_members = any(parameter.shape.members for parameter in self.parameters)
        """Whether an argument may be a member's name, so that ``parse`` needs the names."""

    @classmethod
    def of(cls, handler: Callable[..., Any], example: str) -> "Signature":
        """Read the parameters after the context.

        Raises:
            TypeError: an annotation has no shape.
        """
        found = list(inspect.signature(handler, eval_str=True).parameters.values())[1:]
        return cls([_parameter(handler, parameter) for parameter in found], example)

    @property
    def usage(self) -> str:
        """ "编号 [姓名] [确认]"."""
        return " ".join(parameter.usage for parameter in self.parameters)

    @property
    def _hints(self) -> tuple[str, str]:
        """An example that works, and where the rest is told."""
        name = self.example.split()[0].removeprefix("/")
        return f"可以这样写\uff1a{self.example}", f"看怎么用\uff1a/帮助 {name}"

    def fits(self, argument: str) -> bool:
        """Whether text glued to the command's name looks like its argument."""
        return any(_fits_glued(parameter.shape, argument) for parameter in self.parameters)

    def parse(self, argument: str, names: Collection[str] = ()) -> dict[str, Any]:
        """The handler's keyword arguments.

        Args:
            argument: what stands behind the command, as typed.
            names: the members' names, for arguments that name one.

        Raises:
            BadArgument: a word is not understood, or a required argument is missing.
        """
        values, words, rest = self._take_shaped(argument, names)
        if rest is not None:
            values.update(self._rest(rest, argument, words))
        elif words:
            raise BadArgument(f"没看懂“{words[0].group()[:20]}”。", *self._hints)
        for parameter in self.parameters:
            if parameter.required and parameter.name not in values:
                raise BadArgument(f"还少{parameter.shape.label}。", *self._hints)
        return values

    def _take_shaped(
        self, argument: str, names: Collection[str]
    ) -> tuple[dict[str, Any], list[re.Match[str]], Parameter | None]:
        values: dict[str, Any] = {}
        rest = self._takes_rest
        front_only = rest is not None and rest.shape.rest == "text"
        # Of a long text no more words than may stand in front of it, and its own first.
        words = list(islice(_WORD.finditer(argument), len(self.parameters) if front_only else None))
        for parameter in self._shaped:
            candidates = words[:1] if front_only else words
            word = next((w for w in candidates if parameter.shape.fits(fold(w.group()), names)), None)
            if word is not None:
                values[parameter.name] = self._value(parameter, fold(word.group()))
                words.remove(word)
        return values, words, rest

    def _rest(self, rest: Parameter, argument: str, words: list[re.Match[str]]) -> Mapping[str, Any]:
        if not words:
            return {}
        if rest.shape.rest == "text":
            return {rest.name: argument[words[0].start() :].rstrip()}
        return {rest.name: " ".join(word.group() for word in words)}

    def _value(self, parameter: Parameter, word: str) -> Any:
        try:
            return parameter.adapter.validate_python(word)
        except ValidationError:
            raise BadArgument(f"没看懂“{word[:20]}”。", *self._hints) from None


def _fits_glued(shape: Shape, argument: str) -> bool:
    pattern = shape.glued or shape.pattern
    return bool(pattern and not shape.members and pattern.fullmatch(fold(argument).strip()))


def _parameter(handler: Callable[..., Any], parameter: inspect.Parameter) -> Parameter:
    annotation = parameter.annotation
    kinds = [annotation, *get_args(annotation)] if get_origin(annotation) is not Annotated else [annotation]
    shaped = next((kind for kind in kinds if get_origin(kind) is Annotated), None)
    shape = next((mark for mark in get_args(shaped) if isinstance(mark, Shape)), None) if shaped else None
    if shaped is None or shape is None:
        raise TypeError(f"{handler.__qualname__}: {parameter.name} has no argument type from bot.chat.arguments")
    required = parameter.default is inspect.Parameter.empty
    return Parameter(parameter.name, shape, _adapter_of(shaped), parameter.default, required)


@cache
def _adapter_of(annotation: Any) -> TypeAdapter[Any]:
    """There are some hundred parameters, of a dozen kinds."""
    return TypeAdapter(annotation, config=ConfigDict(defer_build=True))
