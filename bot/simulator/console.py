"""The simulator in a terminal: what is typed is said to the bot; a line that begins with a colon is for the console.

The prompt shows who speaks and where: ``[李老师@群] > ``. In a group the mention is added, as nobody wants to type it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import get_args

from pydantic import ValidationError

from bot.errors import BadArgument, UserError
from bot.simulator.api_models import ClockRequest, MessageRequest, Platform, Post, Reply, complaint
from bot.simulator.server import Simulation

Ask = Callable[[str], Awaitable[str | None]]
Tell = Callable[[str], None]

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Verb:
    """A command of the console: how it is typed, what it does, and its method's name."""

    usage: str
    meaning: str
    method: str


VERBS = {
    "speaker": Verb(":speaker 王老师", "换一个人说话\uff0c没有的名字就是新面孔", "_speaker"),
    "private": Verb(":private", "私聊", "_private"),
    "group": Verb(":group [组名]", "回到群里\uff0c可以换一个组", "_group"),
    "platform": Verb(":platform dingtalk", "换平台\uff1awecom 或 dingtalk", "_platform"),
    "clock": Verb(":clock +1d", "时间往前拨\uff1a+30m +2h +1d +1w\uff0c或 2026-09-08T07:30", "_clock"),
    "next": Verb(":next", "拨到下一条定时消息", "_next"),
    "again": Verb(":again", "把上一句再投递一次\uff0c看会不会做两遍", "_again"),
    "state": Verb(":state", "现在的时间、成员、可报名的、接下来的", "_state"),
    "reset": Verb(":reset", "从第一天重来", "_reset"),
    "help": Verb(":help", "这张表", "_help"),
    "quit": Verb(":quit", "离开", "_quit"),
}


class Console:
    """One conversation in a terminal.

    Args:
        simulation: what is talked to.
        tell: prints a piece of text.
    """

    def __init__(self, simulation: Simulation, tell: Tell) -> None:
        self._simulation = simulation
        self._tell = tell
        self._numbers = count(1)
        self._last: MessageRequest | None = None
        self._place: str | None = None
        self.speaker = ""
        self.private = False
        self.platform: Platform = "wecom"
        self.open = True

    @property
    def prompt(self) -> str:
        """Who speaks, and where."""
        return f"[{self.speaker}@{'私聊' if self.private else '群'}] > "

    async def start(self) -> None:
        """Choose the leader as first speaker and say hello."""
        state = await self._simulation.state(None)
        leaders = [member.name for member in state.members if member.role == "leader"]
        self.speaker = (leaders or [member.name for member in state.members] or ["新面孔"])[0]
        self._place = state.group
        self._tell(f"{state.group}\uff0c{moment(state.now)}。直接说话\uff0c例如 /帮助\uff1b控制台自己的命令看 :help")

    async def handle(self, line: str) -> None:
        """Do what one line asks; what was wrong is told, never raised."""
        try:
            if line.strip().startswith(":"):
                await self._command(line.strip()[1:])
            elif line.strip():
                await self._say(line)
        except ValidationError as error:
            self._tell(f"❌ {complaint(error)}")
        except UserError as error:
            self._tell("\n".join(error.lines))

    async def _command(self, line: str) -> None:
        name, _, argument = line.partition(" ")
        if name not in VERBS:
            raise BadArgument(f"没有 :{name} 这个命令", "全部命令\uff1a:help")
        await getattr(self, VERBS[name].method)(argument.strip())

    async def _say(self, text: str) -> None:
        self._last = MessageRequest(
            speaker=self.speaker,
            text=text,
            private=self.private,
            group=self._place,
            platform=self.platform,
            msgid=f"console-{id(self):x}-{next(self._numbers)}",
        )
        await self._deliver(self._last)

    async def _deliver(self, request: MessageRequest) -> None:
        for reply in (await self._simulation.say(request)).replies:
            self._show_reply(reply)

    def _show_reply(self, reply: Reply) -> None:
        files = "".join(f"\n📎 {each.name} {each.url}" for each in reply.files)
        self._tell(f"{heading(reply.to)}\n{indented(reply.text + files)}")

    async def _speaker(self, name: str) -> None:
        if not name:
            raise BadArgument("要换成谁\uff1f", "例如 :speaker 王老师")
        self.speaker = name

    async def _private(self, _: str) -> None:
        self.private = True

    async def _group(self, name: str) -> None:
        self._place = (await self._simulation.state(name or self._place)).group
        self.private = False

    async def _platform(self, name: str) -> None:
        known = {each: each for each in get_args(Platform)}
        if name not in known:
            raise BadArgument(f"没有“{name}”这个平台", "可以写\uff1a:platform wecom 或 :platform dingtalk")
        self.platform = known[name]

    async def _clock(self, wanted: str) -> None:
        body = {"advance": wanted[1:]} if wanted.startswith("+") else {"to": wanted}
        await self._move(ClockRequest.model_validate(body))

    async def _next(self, _: str) -> None:
        await self._move(ClockRequest(next=True))

    async def _move(self, request: ClockRequest) -> None:
        result = await self._simulation.move_clock(request.to, request.advance, request.next)
        for post in result.posts:
            self._show_post(post)
        self._tell(f"🕒 {moment(result.now)}\uff0c发了 {len(result.posts)} 条。")

    def _show_post(self, post: Post) -> None:
        why = "".join(f"\n\uff08{reason}\uff09" for reason in post.why)
        self._tell(f"{moment(post.at)} {heading(post.to, post.group)}\n{indented(post.text + why)}")

    async def _again(self, _: str) -> None:
        if self._last is None:
            raise BadArgument("还没有说过话", "先说一句\uff0c例如 /本周备课")
        await self._deliver(self._last)

    async def _state(self, _: str) -> None:
        state = await self._simulation.state(self._place)
        week = "假期" if state.week is None else f"第{state.week}周"
        rows = [f"{state.group}\uff0c{moment(state.now)}\uff0c{week}"]
        rows.append("成员\uff1a" + "、".join(member.name for member in state.members))
        rows += [f"{item.number} {item.kind} {item.title}" for item in state.items]
        rows += [f"{moment(each.at)} → {place(each.to)} {each.title}" for each in state.upcoming]
        rows += [f"{name}有 {number} 条没看的私聊" for name, number in state.unread.items()]
        self._tell("\n".join(rows))

    async def _reset(self, _: str) -> None:
        await self._simulation.reset()
        self._last = None
        await self.start()

    async def _help(self, _: str) -> None:
        self._tell("\n".join(f"{verb.usage:<22}{verb.meaning}" for verb in VERBS.values()))

    async def _quit(self, _: str) -> None:
        self.open = False


def moment(at: datetime) -> str:
    """A time as colleagues write it: ``9月7日 周一 07:10``."""
    return f"{at.month}月{at.day}日 周{WEEKDAYS[at.weekday()]} {at:%H:%M}"


def place(to: str) -> str:
    """Where a message went: the group, or a person's private chat."""
    return "群" if to == "group" else f"{to}\uff08私聊\uff09"


def heading(to: str, group: str = "") -> str:
    """The line above what the bot says."""
    return f"备课助手 → {group or '群' if to == 'group' else place(to)}\uff1a"


def indented(text: str) -> str:
    """Each line moved in, so that answers stand apart from what was typed."""
    return "\n".join(f"  {line}" for line in text.split("\n"))


async def ask_terminal(prompt: str) -> str | None:
    """One line from the terminal; None at its end (Ctrl-D)."""
    try:
        return await asyncio.to_thread(input, prompt)
    except EOFError:
        return None


def tell_terminal(text: str) -> None:
    """Print; a character the terminal's code page lacks becomes a question mark instead of an error."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, errors="replace").decode(encoding), flush=True)


async def run(simulation: Simulation, ask: Ask = ask_terminal, tell: Tell = tell_terminal) -> None:
    """Talk until ``:quit`` or the end of the input."""
    console = Console(simulation, tell)
    await console.start()
    while console.open and (line := await ask(console.prompt)) is not None:
        await console.handle(line)
