"""A Simulation with a memory and a fixed tongue: what the server, the page and the console are tested against.

Run it to look at the page: ``python -m tests.simulator.fake_simulation 8300``.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.chat.rehearsal import Programme, Rehearsed, Week
from bot.clock import SCHOOL_ZONE, MovableClock
from bot.content import Action, Content, Link
from bot.errors import Refused
from bot.simulator.api_models import (
    ActionLink,
    Bubble,
    BubbleAction,
    ClockResult,
    Explanation,
    Fault,
    FileData,
    FileLink,
    ItemRow,
    LineRequest,
    MemberRow,
    MessageRequest,
    MessageResult,
    Platform,
    Post,
    Reply,
    State,
    Status,
    UpcomingRow,
    previews,
)
from bot.simulator.rehearsal import RehearsalResult, rehearsal_of
from bot.simulator.server import make_app

BOT = "备课助手"
GROUPS = ("高一语文备课组", "高一年级课题组")
ROLES = {"李老师": "leader", "孙老师": "apprentice", "王老师": "mentor"}
TEACHERS = ("李老师", "王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师")
START = datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE)

WEEK = Content(
    title="📅 第2周备课 9月7日–9月11日",
    lines=(
        "课题\uff1a必修上 第一单元《沁园春·长沙》",
        "主备\uff1a李老师   周三第8–9节 语文办公室",
        "",
        "• 周四第2节 赵老师研讨课《立在地球边上放号》\uff0c可听课 1/4",
        "• 周五前 单元学习任务单初稿\uff08陈老师\uff09",
        "• 初案已交 2/7",
    ),
    actions=(Action(label="交初案", send="/初案 链接"), Action(label="听赵老师的课", send="/报名 5")),
    link=Link(label="看板", url="https://board.example/g/1?week=2"),
)
OPEN = Content(
    title="🏫 能报名的课",
    lines=(
        "3 第5周周四第2节 开课机会",
        "5 周四第2节 赵老师《立在地球边上放号》 听课 1/4",
        "6 第3周周五第1节 陈老师《峨日朵雪峰之侧》 听课 0/4",
    ),
    actions=(Action(label="听赵老师的课", send="/报名 5"), Action(label="听陈老师的课", send="/报名 6")),
)
SIGNED = Content(
    lines=("✅ 已报名 5《立在地球边上放号》听课\uff0c周四第2节 录播教室\uff08还剩 2 座\uff09",),
    actions=(Action(label="撤销", send="/撤销"),),
)
ASK = Content(lines=("📝 报哪一节\uff1f", *OPEN.lines), actions=(Action(label="回复例", send="/报名 5"),))
HELP = Content(
    title="📌 我能帮您\uff1a",
    lines=(
        "/本周备课  看这周备什么、谁主备",
        "/报名 编号  上公开课或去听课",
        "/反思 内容  课后写两句\uff0c可私下发我",
        "/听课 谁 何时 班级 感受  记一次听课",
        "/我的  我这学期做了什么、还差什么",
        "/帮助 报名  看某一项怎么用",
    ),
)
LOCKED = Content(
    lines=("🔒 /汇总 由组长使用\uff08组长\uff1a李老师\uff09。",), actions=(Action(label="看自己的记录", send="/我的"),)
)
REFLECTED = Content(
    lines=("✅ 记下了您的反思\uff0c只有您自己看得到。",), actions=(Action(label="分享到组里", send="/反思 分享"),)
)
DIGEST = Content(
    title="📊 9月小结 · 高一语文备课组", lines=("集体备课 1/4 次\uff0c初案 2/7", "听课 3 节\uff0c反思 2 篇")
)
MENU = Content(lines=("🤔 没看懂。您是不是要 /本周备课\uff1f",), actions=(Action(label="全部功能", send="/帮助"),))
STRANGER = Content(
    lines=("👋 我是备课助手\uff0c还不认识您。",), actions=(Action(label="告诉我您是谁", send="/我是 王老师 邀请码"),)
)
NOTE = Content(
    lines=("⏰ 周三集体备课的初案还差您的一份。",),
    actions=(Action(label="交链接", send="/初案 链接"), Action(label="这周不方便", send="/请假")),
)
CHANGE = Content(lines=("【改】集体备课 周三第8节 → 周四第8节\uff089月10日\uff09\uff0c地点不变。",))

TONGUE: dict[str, tuple[Content, Status]] = {
    "/本周备课": (WEEK, "ok"),
    "/公开课": (OPEN, "ok"),
    "/报名": (ASK, "question"),
    "/报名 5": (SIGNED, "ok"),
    "/帮助": (HELP, "ok"),
    "/反思": (REFLECTED, "ok"),
}

# (when, to, kind, content, why): what the calendar says by itself
PLANNED: tuple[tuple[datetime, str, Any, Content, tuple[str, ...]], ...] = (
    (
        START + timedelta(minutes=10),
        "group",
        "card",
        WEEK,
        ("周一早上的备课卡片", "合并了\uff1a集体备课\uff08周三第8–9节\uff09、研讨课\uff08周四第2节\uff09"),
    ),
    (START + timedelta(days=1, hours=9, minutes=30), "王老师", "note", NOTE, ("初案截止前一天\uff0c只发给还没交的人",)),
    (START + timedelta(days=2, minutes=10), "group", "change", CHANGE, ("组长改了这次集体备课的时间",)),
)


class FakeSimulation:
    """Fulfils ``bot.simulator.server.Simulation``; ``said`` and ``calls`` are for the tests to look at."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, object]] = []
        self._start()

    def _start(self) -> None:
        self.clock = MovableClock(START)
        self.bubbles: list[tuple[str, str | None, Bubble]] = []
        self.answered: dict[str, MessageResult] = {}
        self.unread: Counter[str] = Counter()
        self.armed: dict[str, int] = {}

    def _group(self, group: str | None) -> str:
        if group is not None and group not in GROUPS:
            raise Refused(f"没有叫“{group}”的组", f"现有\uff1a{'、'.join(GROUPS)}")
        return group or GROUPS[0]

    def _add(self, group: str, person: str | None, **fields: Any) -> Bubble:
        bubble = Bubble(id=len(self.bubbles) + 1, at=self.clock.now(), **fields)
        self.bubbles.append((group, person, bubble))
        return bubble

    def _bot_says(self, group: str, person: str | None, content: Content, **fields: Any) -> Bubble:
        prefix = f"@{BOT} " if person is None else ""
        return self._add(
            group,
            person,
            who="bot",
            text=content.plain(prefix),
            actions=[
                BubbleAction(label=each.label, send=prefix + each.send, fill=each.fill) for each in content.actions
            ],
            previews=previews(content, in_group=person is None, bot_name=BOT),
            **fields,
        )

    async def say(self, request: MessageRequest, upload: FileData | None = None) -> MessageResult:
        self.calls.append(("say", request))
        group, person = self._group(request.group), request.speaker if request.private else None
        if request.msgid in self.answered:
            return self.answered[str(request.msgid)]
        heard = request.private or request.mention
        shown = f"@{BOT} {request.text}" if request.mention and not request.private else request.text
        said = {"who": request.speaker, "text": shown, "msgid": request.msgid, "platform": request.platform}
        self._add(group, person, heard=heard, **said)
        result = self._reply(request, group, person) if heard else MessageResult(heard=False)
        if request.msgid:
            self.answered[request.msgid] = result
        return result

    def _reply(self, request: MessageRequest, group: str, person: str | None) -> MessageResult:
        content, status, why = self._understand(request)
        extra = [FileLink(name="9月小结.docx", url="/try/api/files/1")] if content is DIGEST else []
        bubble = self._bot_says(group, person, content, kind="answer", status=status, why=why, files=extra)
        links = tuple(ActionLink(label=each.label, send=each.send) for each in bubble.actions)
        reply = Reply(to=person or "group", status=status, text=bubble.text, actions=links, files=bubble.files)
        return MessageResult(replies=(reply,))

    def _understand(self, request: MessageRequest) -> tuple[Content, Status, tuple[str, ...]]:
        text = request.text.strip()
        if request.speaker not in TEACHERS:
            return STRANGER, "refused", (f"“{request.speaker}”还没有绑定姓名\uff0c算访客",)
        if text.startswith("/汇总"):
            leads = request.speaker == "李老师"
            return (DIGEST, "ok", ("命令 /汇总",)) if leads else (LOCKED, "refused", ("/汇总 只有组长能用",))
        name = text if text in TONGUE else text.split(" ")[0]
        content, status = TONGUE.get(name, (MENU, "menu"))
        why = (f"命令 {name}", f"参数“{text[len(name) :].strip()}”") if status != "menu" else ("没有对上任何命令",)
        return content, status, why

    async def move_clock(self, to: datetime | None, advance: timedelta | None, until_next: bool) -> ClockResult:
        now = self.clock.now()
        coming = [when for when, *_ in self._coming()]
        target = to or (now + advance if advance else coming[0] if coming else now)
        if target < now:
            raise Refused("时间只能往前走", "要从头来\uff1a点“重来”")
        posts = [self._post(*planned) for planned in self._coming() if planned[0] <= target]
        self.clock.set(target)
        return ClockResult(now=target, posts=tuple(posts))

    def _coming(self) -> list[tuple[datetime, str, Any, Content, tuple[str, ...]]]:
        return [each for each in PLANNED if each[0] > self.clock.now()]

    def _post(self, when: datetime, to: str, kind: Any, content: Content, why: tuple[str, ...]) -> Post:
        self.clock.set(when)
        person = None if to == "group" else to
        bubble = self._bot_says(GROUPS[0], person, content, kind=kind, why=why)
        if person:
            self.unread[person] += 1
        return Post(at=when, group=GROUPS[0], to=to, kind=kind, text=bubble.text, why=why)

    async def read_plan(
        self, data: bytes | str, filename: str | None, group: str | None, activate: bool
    ) -> list[dict[str, Any]]:
        self.calls.append(("read_plan", (data, filename, group, activate)))
        text = data if isinstance(data, str) else data.decode("utf-8", errors="replace")
        rows = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        return [self._entry(number, line) for number, line in rows]

    def _entry(self, number: int, line: str) -> dict[str, Any]:
        sure = "每周三" in line
        question = None if sure else "这一项从哪一周开始\uff1f"
        entry = {"line": number, "text": line, "kind": "weekly" if sure else "biweekly", "activity": line[:12]}
        return {**entry, "sure": sure, "question": question}

    async def read_lines(self, lines: Sequence[LineRequest]) -> list[list[dict[str, Any]]]:
        return [[self._entry(number, each.line)] for number, each in enumerate(lines, 1)]

    def explain(self, text: str, platform: Platform, bot_name: str) -> Explanation:
        self.calls.append(("explain", (text, platform, bot_name)))
        name, _, argument = text.strip().partition(" ")
        known = name in TONGUE
        return Explanation(
            command=name[1:] if known else None, argument=argument, suggest=() if known else ("本周备课",)
        )

    async def state(self, group: str | None) -> State:
        group = self._group(group)
        names = TEACHERS if group == GROUPS[0] else ("张老师", "王老师", "赵老师")
        items = (
            ItemRow(number=3, kind="开课机会", title="第5周周四第2节", seats=1),
            ItemRow(number=5, kind="听课", title="赵老师《立在地球边上放号》 周四第2节", seats=4, taken=1),
            ItemRow(number=6, kind="听课", title="陈老师《峨日朵雪峰之侧》 第3周周五第1节", seats=4, taken=4),
        )
        return State(
            now=self.clock.now(),
            week=2,
            groups=GROUPS,
            group=group,
            members=tuple(MemberRow(name=name, role=ROLES.get(name, "member")) for name in names),
            items=items if group == GROUPS[0] else (),
            upcoming=tuple(
                UpcomingRow(at=when, to=to, title=content.title or content.lines[0])
                for when, to, _, content, _ in self._coming()
                if group == GROUPS[0]
            ),
            unread=dict(self.unread),
            faults=self.armed,
            bot_name=BOT,
        )

    async def rehearsal(self, group: str | None, first: date | None, last: date | None) -> RehearsalResult:
        self.calls.append(("rehearsal", (group, first, last)))
        name = self._group(group)
        posts = tuple(Rehearsed(when, name, to, kind, content, why) for when, to, kind, content, why in self._coming())
        monday, now = date(2026, 9, 7), self.clock.now().date()
        weeks = (Week("第2周", monday, monday + timedelta(days=6), unpublished=True, posts=posts),) if posts else ()
        remarks = ("2027年的放假安排还没有公布。",)
        return rehearsal_of(Programme(name, first or now, last or now, weeks, remarks), f"@{BOT} ")

    async def transcript(self, group: str, person: str | None, after: int) -> list[Bubble]:
        group = self._group(group)
        if person:
            self.unread.pop(person, None)
        return [each for where, whom, each in self.bubbles if (where, whom) == (group, person) and each.id > after]

    async def file(self, key: str) -> FileData | None:
        return FileData(name="9月小结.docx", data="小结".encode()) if key == "1" else None

    async def faults(self, fault: Fault, times: int) -> dict[str, int]:
        self.armed = {**self.armed, fault: times} if times else {k: v for k, v in self.armed.items() if k != fault}
        return self.armed

    async def reset(self) -> None:
        self._start()


async def _serve(port: int) -> None:
    runner = web.AppRunner(make_app(FakeSimulation()))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
