"""What a handler returns: it says, it never sends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from bot.content import Action, Content
from bot.domain.groups import Notice
from bot.domain.undo import Undo
from bot.errors import UserError

Status = Literal["ok", "refused", "question", "menu", "error"]

_EXAMPLES = ("例", "可以这样写", "改时间", "记一次", "课题定了告诉我")
_PLACEHOLDER = re.compile("邀请码|姓名|验证码|内容|组名|链接|做法|原因")
_OTHERS = ("本人", "请本人")
"""How a line begins that is for somebody else to send: they say who they are."""

_HINT = re.compile("^(?P<label>[^/\uff1a]{1,24})\uff1a(?P<send>/[^/\u3002]+)$")


class Choice(BaseModel):
    """One answer to the bot's own question: ``key`` is what the person types, ``send`` the message it stands for.

    ``group`` is set where the question was which group is meant; the message is then of that group.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    key: str
    send: str
    group: str | None = None


class Job(BaseModel):
    """Slow work to do after the commit, written down in it: a maker (bot/reports/making.py) and its arguments.

    ``label`` is what people call the result ("9月小结（Word）"). With ``private`` it goes to who asked, one-to-one,
    wherever they asked; else into the conversation.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    what: str
    arguments: str = Field(default="{}", description="a JSON object")
    label: str
    private: bool = False


@dataclass(frozen=True)
class Reply:
    """An answer, and what follows from it.

    ``notes`` go to members privately; ``undo`` is what /撤销 takes back; ``choices`` are the answers the bot now
    expects from this speaker. With ``private`` the answer itself goes privately and ``answer_in_group`` is all that a
    group sees.
    """

    answer: Content
    status: Status = "ok"
    notes: tuple[Notice, ...] = ()
    job: Job | None = None
    undo: Undo | None = None
    choices: tuple[Choice, ...] = field(default=())
    private: bool = False
    answer_in_group: Content | None = None


def message(*lines: str, title: str = "") -> Content:
    """A message from lines; trailing lines of the form "标签:/命令" become actions."""
    body = list(lines)
    actions: list[Action] = []
    while body and (hint := _HINT.match(body[-1])):
        actions.insert(0, _action(hint["label"], hint["send"]))
        body.pop()
    return Content(title=title, lines=tuple(body), actions=tuple(actions))


@lru_cache(maxsize=256)
def _action(label: str, send: str) -> Action:
    """What such a line offers; kept, as most answers end with one of a few of them."""
    return Action(label=label, send=send, fill=_is_example(label, send))


def _is_example(label: str, send: str) -> bool:
    """An example is there to be changed, not to be sent as it stands; nor is what somebody else has to say."""
    return label.endswith(_EXAMPLES) or label.startswith(_OTHERS) or _PLACEHOLDER.search(send) is not None


def say(*lines: str, undo: Undo | None = None, notes: tuple[Notice, ...] = (), title: str = "") -> Reply:
    """Done, or here is what you asked for. An undo offers its way back by itself."""
    back = ("撤销\uff1a/撤销",) if undo else ()
    return Reply(message(*lines, *back, title=title), undo=undo, notes=notes)


def order(what: str, label: str, *, private: bool = False, **arguments: Any) -> Job:
    """Slow work: the maker called ``what`` with ``arguments``, which must survive JSON."""
    return Job(what=what, arguments=to_json(arguments).decode(), label=label, private=private)


def ask(*lines: str, choices: tuple[Choice, ...] = ()) -> Reply:
    """A question back to the speaker."""
    return Reply(message(*lines), status="question", choices=choices)


def guarded(problem: Sequence[str], coded: str) -> Reply:
    """The guard's answer, for the writer alone: one tap sends ``coded``. A group learns only that nothing was kept."""
    answer = message(*problem, "请改成代号再发一次\uff0c也可以让我来换。")
    answer = answer.model_copy(update={"actions": (Action(label="换成代号保存\uff0c请回复", send="1"),)})
    group_sees = message("🛡️ 刚才那条没有保存\uff0c原因私下告诉您了。建议把原消息撤回。")
    choices = (Choice(key="1", send=coded),)
    return Reply(answer, status="refused", choices=choices, private=True, answer_in_group=group_sees)


def refuse(error: UserError) -> Reply:
    """The three-line form of an error."""
    return Reply(message(*error.lines), status="refused")
