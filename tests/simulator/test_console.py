"""The simulator in a terminal, as dialogues."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.simulator.console import VERBS, Console, run
from tests.simulator.fake_simulation import FakeSimulation


class Terminal:
    """Types lines and gives back what was printed."""

    def __init__(self) -> None:
        self.simulation = FakeSimulation()
        self.printed: list[str] = []
        self.console = Console(self.simulation, self.printed.append)

    async def __call__(self, line: str) -> str:
        self.printed.clear()
        await self.console.handle(line)
        return "\n".join(self.printed)


@pytest_asyncio.fixture
async def terminal() -> AsyncIterator[Terminal]:
    found = Terminal()
    await found.console.start()
    yield found


async def test_the_leader_speaks_first_in_the_group(terminal: Terminal) -> None:
    assert terminal.console.prompt == "[李老师@群] > "
    assert "高一语文备课组" in terminal.printed[0]


async def test_in_the_group_the_mention_is_added(terminal: Terminal) -> None:
    assert "备课助手 → 群\uff1a" in await terminal("/本周备课")
    assert terminal.simulation.bubbles[0][2].text == "@备课助手 /本周备课"


async def test_in_private_it_is_not(terminal: Terminal) -> None:
    await terminal(":speaker 王老师")
    await terminal(":private")
    assert terminal.console.prompt == "[王老师@私聊] > "
    assert "备课助手 → 王老师\uff08私聊\uff09\uff1a" in await terminal("/反思 今天节奏偏快")
    assert terminal.simulation.bubbles[0][2].text == "/反思 今天节奏偏快"


async def test_an_unknown_name_is_a_new_face(terminal: Terminal) -> None:
    await terminal(":speaker 来访者")
    assert "还不认识您" in await terminal("/帮助")


async def test_moving_the_clock_prints_the_posts_in_order(terminal: Terminal) -> None:
    assert "9月7日 周一 07:10 备课助手 → 高一语文备课组\uff1a" in await terminal(":next")
    printed = await terminal(":clock +1w")
    assert printed.index("备课助手 → 王老师\uff08私聊\uff09\uff1a") < printed.index("【改】")
    assert printed.endswith("🕒 9月14日 周一 07:10\uff0c发了 2 条。")
    assert "9月15日 周二 08:00" in await terminal(":clock 2026-09-15T08:00")


@pytest.mark.parametrize(
    "line",
    [
        ":clock",
        ":clock +1y",
        ":clock 明天",
        ":clock 2026-09-01T07:00",
        ":speaker",
        ":platform qq",
        ":again",
        ":fly",
        ":",
    ],
)
async def test_what_is_wrong_is_told_in_one_or_two_lines(terminal: Terminal, line: str) -> None:
    answer = await terminal(line)
    assert answer.startswith("❌")
    assert answer.count("\n") <= 1


async def test_an_unknown_group_is_told_and_changes_nothing(terminal: Terminal) -> None:
    assert "高一年级课题组" in await terminal(":group 没有的组")
    await terminal(":group 高一年级课题组")
    await terminal("/帮助")
    assert terminal.simulation.bubbles[0][0] == "高一年级课题组"


async def test_again_delivers_the_same_message(terminal: Terminal) -> None:
    first = await terminal("/报名 5")
    assert await terminal(":again") == first
    assert len(terminal.simulation.bubbles) == 2
    await terminal("/报名 5")
    assert len(terminal.simulation.bubbles) == 4


async def test_files_are_listed(terminal: Terminal) -> None:
    assert "📎 9月小结.docx /try/api/files/1" in await terminal("/汇总")


async def test_state_and_reset(terminal: Terminal) -> None:
    await terminal(":clock +2d")
    assert "王老师有 1 条没看的私聊" in await terminal(":state")
    assert "9月7日 周一 07:00" in await terminal(":reset")


async def test_help_names_every_command(terminal: Terminal) -> None:
    answer = await terminal(":help")
    assert all(f":{name}" in answer for name in VERBS)


@pytest.mark.parametrize("line", ["", "   ", "\t"])
async def test_an_empty_line_says_nothing(terminal: Terminal, line: str) -> None:
    assert await terminal(line) == ""
    assert terminal.simulation.bubbles == []


@pytest.mark.parametrize("lines", [["/帮助", ":quit", "/never"], ["/帮助", None]])
async def test_it_ends_at_quit_and_at_the_end_of_input(lines: list[str | None]) -> None:
    simulation, left = FakeSimulation(), iter(lines)

    async def ask(_prompt: str) -> str | None:
        return next(left)

    await run(simulation, ask, lambda _text: None)
    assert [bubble.who for _, _, bubble in simulation.bubbles] == ["李老师", "bot"]
