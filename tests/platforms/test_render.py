"""Renderers: golden texts with their bytes, and what a markdown reader makes of hostile input.

``UPDATE_GOLDEN=1 pytest tests/platforms/test_render.py`` writes the golden files anew; read the difference first.
"""

import json
import os
import re
from pathlib import Path

import pytest

from bot.content import Action, Content, File, Link
from bot.platforms import Block, Rendering, address_label, lay_out, split_addresses
from bot.platforms.dingtalk import render as dingtalk
from bot.platforms.wecom import render as wecom

GOLDEN = Path(__file__).parent / "golden"
BOT = "备课助手"

MONDAY = Content(
    title="📅 第3周备课 9月14日–9月18日",
    lines=(
        "课题\uff1a必修上 第二单元《喜看稻菽千重浪》",
        "主备\uff1a张老师   周三第8–9节 语文办公室",
        "",
        "• 周四第2节 赵老师研讨课《插秧歌》\uff0c可听课 3/4",
        "• 周五前 单元检测卷初稿\uff08陈老师\uff09",
        "• 初案已交 4/7",
    ),
    actions=(Action(label="听赵老师的课", send="/报名 5"),),
)
NOTE = Content(
    lines=("⏰ 王老师\uff0c周三集体备课的初案还差您的一份。",),
    actions=(Action(label="交链接", send="/初案 链接"), Action(label="这周不方便", send="/请假")),
)
DONE = Content(
    lines=("✅ 已报名 5《插秧歌》听课\uff0c周四第2节 录播教室\uff08还剩 0 座\uff09",),
    actions=(Action(label="撤销", send="/撤销"),),
)
EIGHT = Content(
    title="📝 报哪一节\uff1f",
    lines=tuple(f"{number} 第{number}周周四第2节 听课 {number % 5}/4" for number in range(1, 9)),
    actions=(Action(label="回复例", send="/报名 5"),),
    link=Link(label="全部在看板", url="https://board.example/term?sort=week&page=(1)"),
)
HELP = Content(
    title="📌 我能帮您\uff1a",
    lines=("/本周备课  看这周备什么、谁主备", "/报名 编号  上公开课或去听课", "/反思 内容  课后写两句\uff0c可私下发我"),
)
EMOJI = Content(
    lines=("🎉 两位同时\uff1a👩‍🏫 和 𠮷老师 🀄️", "é\uff08组合字符\uff09 👍🏽"), mentions=("王老师", "孙老师")
)
HOSTILE = Content(
    title="# 标题 *不是* 标题 #",
    lines=(
        "<@all> @所有人 <script>alert(1)</script> &lt;b&gt; A & B",
        "**加粗** __下划__ a_b_c ~~删~~ 第3~5周 `代码` [点这里](https://evil.example/x) ![图](https://evil.example/y)",
        "# 一级",
        "> 引用",
        "- 列表",
        "1. 编号",
        "===",
        "| 甲 | 乙 |",
        "|---|---|",
        "    缩进四格",
        "反斜杠 \\* 结尾\\",
        "地址 https://good.example@evil.example/a_b_c?x=1*2*3\uff0c后面是汉字",
        "倒写\u202eabc\u0007响铃",
        "一行里\n# 换行\r\n> 再换",
    ),
    actions=(Action(label="试 [一] 试", send="/反思 <内容> *星*"),),
    files=(File(name="记录_*9月*.docx", path="x"),),
)
CASES = {
    "monday_card": (MONDAY, True),
    "private_note": (NOTE, False),
    "done_undo": (DONE, True),
    "eight_items": (EIGHT, True),
    "help": (HELP, False),
    "emoji": (EMOJI, True),
    "hostile": (HOSTILE, True),
}
RENDERERS = {"wecom": wecom.render, "dingtalk": dingtalk.render}


def golden_text(rendering: Rendering) -> str:
    notes = "".join(f"note: {note}\n" for note in rendering.notes)
    # blanks beside a line break are written visibly: they matter, and editors take them away
    text = re.sub(r" +(?=\n)|(?<=\n) +", lambda blanks: "␣" * len(blanks.group()), rendering.text)
    title = f"title: {rendering.title}\n" if rendering.title else ""
    return f"bytes: {rendering.bytes}\n{title}{notes}---\n{text}\n"


@pytest.mark.parametrize("platform", RENDERERS)
@pytest.mark.parametrize("name", CASES)
def test_golden(name: str, platform: str) -> None:
    content, in_group = CASES[name]
    found = golden_text(RENDERERS[platform](content, in_group=in_group, bot_name=BOT))
    file = GOLDEN / f"{name}.{platform}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(found, encoding="utf-8", newline="\n")
    assert found == file.read_bytes().decode("utf-8")


def test_bytes_are_what_the_platform_counts() -> None:
    for content, in_group in CASES.values():
        weighed = wecom.render(content, in_group=in_group, bot_name=BOT)
        assert weighed.bytes == len(weighed.text.encode("utf-8"))
        param = dingtalk.render(content, in_group=in_group, bot_name=BOT)
        body = json.dumps({"title": param.title, "text": param.text}, ensure_ascii=False)
        assert param.bytes == len(body.encode("utf-8"))


@pytest.mark.parametrize("platform", RENDERERS)
def test_a_group_hint_shows_the_whole_text_to_send(platform: str) -> None:
    in_group = RENDERERS[platform](MONDAY, in_group=True, bot_name=BOT).text
    assert "听赵老师的课\uff1a@备课助手 /报名 5" in in_group
    assert "@" not in RENDERERS[platform](MONDAY, in_group=False, bot_name=BOT).text


def test_a_dingtalk_link_sends_the_command_in_private_only() -> None:
    private = dingtalk.render(DONE, in_group=False, bot_name=BOT)
    assert "[撤销](dtmd://dingtalkclient/sendMessage?content=%2F%E6%92%A4%E9%94%80)\uff1a/撤销" in private.text
    group = dingtalk.render(DONE, in_group=True, bot_name=BOT)
    assert "dtmd" not in group.text
    assert any("@" in note for note in group.notes)


def read_markdown(text: str) -> list[str]:
    """The lines a CommonMark reader with tables and strike-through shows; markup that came through raises."""
    markdown = pytest.importorskip("markdown_it", reason="pip install markdown-it-py").MarkdownIt(
        "commonmark", {"html": True}
    )
    shown: list[str] = []
    for token in markdown.enable(["table", "strikethrough"]).parse(text):
        assert token.type in {"paragraph_open", "inline", "paragraph_close", "heading_open", "heading_close"}, token
        assert token.type != "heading_open" or token.tag == "h4"
        shown += "".join(piece_text(piece) for piece in token.children or []).split("\n")
    return [line.strip() for line in shown if line.strip()]


def piece_text(piece: object) -> str:
    kind = getattr(piece, "type")  # noqa: B009 - an untyped library object
    assert kind in {
        "text",
        "text_special",
        "softbreak",
        "hardbreak",
        "link_open",
        "link_close",
        "strong_open",
        "strong_close",
    }, kind
    return "\n" if kind.endswith("break") else str(getattr(piece, "content"))  # noqa: B009


def fold(text: str) -> str:
    """Full-width twins back to ASCII, both sides alike, and the strip of the reader."""
    return re.sub(r"[\uff01-\uff5e]", lambda char: chr(ord(char.group()) - 0xFEE0), text).strip("\u00a0 ")


def expected(block: Block) -> str:
    text = {"action": f"{block.text}\uff1a{block.send}", "link": f"👉 {block.text}", "file": f"📎 {block.text}"}.get(
        block.kind, block.text
    )
    shown = (address_label(part) if is_address else part for is_address, part in split_addresses(text))
    return fold("".join(shown) if block.kind == "line" else text)


@pytest.mark.parametrize("platform", RENDERERS)
@pytest.mark.parametrize("name", CASES)
def test_a_markdown_reader_shows_exactly_what_was_typed(name: str, platform: str) -> None:
    content, in_group = CASES[name]
    text = RENDERERS[platform](content, in_group=in_group, bot_name=BOT).text
    if platform == "wecom":  # there a newline is a line break; a reader of CommonMark needs the two blanks
        text = text.replace("\n", "  \n")
    prefix = f"@{BOT} " if in_group else ""
    want = [expected(block) for block in lay_out(content, prefix) if block.kind != "blank"]
    assert [fold(line) for line in read_markdown(text)] == want


def test_wecom_never_carries_a_mention_tag() -> None:
    assert "<" not in wecom.render(HOSTILE, in_group=True, bot_name=BOT).text


def test_a_link_shows_the_host_it_leads_to() -> None:
    line = Content(lines=("https://good.example@evil.example/login",))
    for render in RENDERERS.values():
        assert (
            render(line, in_group=False, bot_name=BOT).text
            == "[evil.example/…](https://good.example@evil.example/login)"
        )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "dtmd://dingtalkclient/sendMessage?content=x"]
)
def test_only_web_addresses_can_be_tapped(url: str) -> None:
    for render in RENDERERS.values():
        assert "](" not in render(Content(link=Link(label="看", url=url)), in_group=False, bot_name=BOT).text


def test_ten_thousand_characters_are_weighed_and_said_to_be_split() -> None:
    long = Content(lines=("长" * 10_000,))
    assert wecom.render(long, in_group=False, bot_name=BOT).bytes == 30_000
    assert any("4096" in note for note in wecom.render(long, in_group=False, bot_name=BOT).notes)
    assert any("15000" in note for note in dingtalk.render(long, in_group=False, bot_name=BOT).notes)


def test_an_empty_message_still_has_a_dingtalk_title() -> None:
    assert dingtalk.render(Content(), in_group=False, bot_name=BOT).title == BOT


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_previews_show_rows_and_size(device: str) -> None:
    shown = wecom.preview(MONDAY, in_group=True, bot_name=BOT, device="phone" if device == "phone" else "desktop")
    assert shown.blocks[0].kind == "heading"
    assert shown.blocks[-1].send == "@备课助手 /报名 5"
    assert (shown.limit, shown.bytes) == (4096, wecom.render(MONDAY, in_group=True, bot_name=BOT).bytes)


def test_the_phone_says_what_differs() -> None:
    sides = [dingtalk.preview(NOTE, in_group=False, bot_name=BOT, device=device) for device in ("desktop", "phone")]
    assert sides[0].notes != sides[1].notes
    assert sides[1].blocks[-1].url.startswith("dtmd://")
