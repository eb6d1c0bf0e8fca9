"""What the bot says when it was not understood, or asked what it can do. Nobody is shown what they may not run."""

from collections.abc import Sequence

from bot.chat.commands import Command, Registry
from bot.chat.reply import Choice, Reply, ask, message, say
from bot.chat.understanding import Understanding
from bot.domain.groups import GroupRecord
from bot.domain.people import Role
from bot.errors import BadArgument, NotAllowed

MENU = "全部功能\uff1a/帮助"
ALL = ("全部", "所有")
"""Words after /帮助 that ask for every command's name."""

MOST_LINES = 12
"""Lines of a page."""

MENU_ROOM = 280
"""Characters of the menu without the mention: a phone's screen, with a little to spare."""


def menu(registry: Registry, role: Role, *, claimed: bool = True) -> Reply:
    """Everything somebody of this role may run, one line each; ``claimed`` False = nobody has set the group up yet."""
    if not claimed:
        return new_here()
    allowed = [command for command in registry.allowed(role) if _concerns(command, role)]
    everyday = sorted(allowed, key=lambda command: command.main.mark.everyday)
    rows = [f"{command.main.usage}  {command.main.summary}" for command in everyday if command.main.mark.everyday]
    head = "📌 我能帮您\uff1a" if role > Role.VISITOR else "👋 我是备课助手\uff0c这些谁都能用\uff1a"
    last = f"看某一项怎么用\uff1a/帮助 {'报名' if role > Role.VISITOR else '公开课'}"
    others = [f"/{command.name}" for command in allowed if not command.main.mark.everyday and command.name != "帮助"]
    rows += _others(others, MENU_ROOM - sum(len(row) + 1 for row in (head, *rows, last)))
    return say(head, *rows, last)


def everything(registry: Registry, role: Role) -> Reply:
    """The name of every command somebody of this role may run, a line for each subject."""
    subjects: dict[str, list[str]] = {}
    for command in registry.allowed(role):
        if _concerns(command, role) and command.name != "帮助":
            subjects.setdefault(command.subject, []).append(f"/{command.name}")
    lines = [" ".join(names) for names in subjects.values()]
    # Subjects of one command share a line, so that the page stays as short as the phone.
    single = [line for line in lines if " " not in line]
    count = sum(len(names) for names in subjects.values())
    rows = _packed([line for line in lines if " " in line], MOST_LINES - 2 - bool(single))
    rows += [" ".join(single)] if single else []
    return say(f"📌 您能用的 {count} 项\uff1a", *rows, "看某一项怎么用\uff1a/帮助 报名")


def _packed(lines: Sequence[str], most: int) -> list[str]:
    """The lines, no more than ``most``: as long as there are more, the two shortest become one in the place of the
    first."""
    rows = list(lines)
    while len(rows) > most:
        first, second = sorted(sorted(range(len(rows)), key=lambda n: len(rows[n]))[:2])
        rows[first] += f" {rows.pop(second)}"
    return rows


def new_here() -> Reply:
    """Said in a group that nobody has claimed yet, whatever was asked."""
    answer = message("👋 我是备课助手。这个群还没有备课组。", "请组长发\uff1a/建组 组名 邀请码")
    return Reply(answer, status="menu")


def which_group(groups: Sequence[GroupRecord], text: str) -> Reply:
    """Asked once, privately, of somebody who is in several groups; the message then goes on in the chosen one."""
    rows = [f"{number} {group.name}" for number, group in enumerate(groups, start=1)]
    choices = tuple(Choice(key=str(n), send=text, group=group.key) for n, group in enumerate(groups, start=1))
    return ask("📝 您在几个组\uff0c说的是哪一个\uff1f", *rows, "回复编号就行\uff0c以后换组\uff1a/切换", choices=choices)


def _others(names: Sequence[str], room: int) -> list[str]:
    """The names of what is not for every day, as long as they fit a phone; else how many there are."""
    if not names:
        return []
    whole = f"还有\uff1a{' '.join(names)}"
    return [whole if len(whole) <= room else f"还有 {len(names)} 项\uff1a/帮助 {ALL[0]}"]


def _concerns(command: Command, role: Role) -> bool:
    """Who is known already need not say who they are."""
    introduces = command.main.mark.anywhere and command.name != "帮助"
    return role is Role.VISITOR or not introduces or command.name == "切换"


def about(registry: Registry, role: Role, name: str) -> Reply:
    """How one command is used.

    Raises:
        BadArgument: there is no such command, or not for this role.
    """
    understood = registry.understand(f"/{name}", "")
    command = registry.commands.get(understood.command or "")
    if command is None:
        raise BadArgument(f"没有“{name[:20]}”这一项。", MENU)
    if command.needs > role:
        who = "组长" if command.needs is Role.LEADER else "登记过的老师"
        raise NotAllowed(
            f"/{command.name} 由{who}使用。", MENU if role > Role.VISITOR else "先告诉我您是谁\uff1a/我是 姓名"
        )
    head = [f"📖 /{command.name}  {command.main.summary}", f"写法\uff1a{command.main.usage}"]
    tail = [f"也可以说\uff1a{'、'.join(command.aliases)}"] if command.aliases else []
    tail += [line for line in command.main.details.splitlines() if line]
    tail.append(f"试试\uff1a{command.main.mark.example}")
    return say(*head, *_actions(command, role, MOST_LINES - len(head) - len(tail)), *tail)


def _actions(command: Command, role: Role, room: int) -> list[str]:
    """What else a command does, a line each; where that is more than a page, the names of the rest on the last line.

    The main action's own module comes first; what only goes on with another action (导入 看) is told by that one.
    """
    every = [one for one in command.actions.values() if one is not command.main and one.mark.needs <= role]
    if len(every) > room:
        home = command.main.run.__module__
        names = {one.mark.action for one in every}
        every = [one for one in every if one.mark.action.partition(" ")[0] not in names - {one.mark.action}]
        every.sort(key=lambda one: one.run.__module__ != home)
    shown = every if len(every) <= room else every[: room - 1]
    rest = [f"/{command.name} {one.mark.action}" for one in every[len(shown) :]]
    rows = [f"• {one.mark.example}  {one.summary}" for one in shown]
    return [*rows, *([f"还有\uff1a{'、'.join(rest)}"] if rest else [])]


def not_understood(registry: Registry, understood: Understanding, role: Role) -> Reply:
    """The short menu, or what was probably meant. Nothing is run on a guess."""
    likely = [registry.commands[name] for name in understood.suggest if registry.commands[name].needs <= role]
    if not likely:
        return Reply(message("🤔 没看懂这句话。", MENU), status="menu")
    sends = [_again(command, understood.argument) for command in likely]
    if len(sends) == 1:
        answer = message(f"🤔 没看懂\uff0c您是不是要 /{likely[0].name}\uff1f", f"是的\uff1a{sends[0]}", MENU)
        return Reply(answer, status="menu", choices=(Choice(key="1", send=sends[0]), Choice(key="是", send=sends[0])))
    rows = [f"{number} {send}" for number, send in enumerate(sends, start=1)]
    choices = tuple(Choice(key=str(number), send=send) for number, send in enumerate(sends, start=1))
    reply = ask("🤔 您是不是要\uff1a", *rows, MENU, choices=choices)
    return Reply(reply.answer, status="menu", choices=choices)


def _again(command: Command, argument: str) -> str:
    return f"/{command.name} {argument}".strip()
