"""Cards: golden files with their bytes, what fits and what does not, labels cut where one may draw breath.

``UPDATE_GOLDEN=1`` writes the golden files anew; read the difference first.
"""

import json
import os
from pathlib import Path

import pytest

from bot.chat.buttons import mark_of, offered
from bot.chat.reply import Choice, ask
from bot.content import Action, Content, File, Link
from bot.platforms.wecom.card import BUTTONS, KEY_BYTES, LABEL, TEXT, TITLE, card, label, read_key, write_key
from tests.platforms.test_render import CASES
from tests.platforms.wecom.connection_rules import card_text, check_card

GOLDEN = Path(__file__).parents[1] / "golden"
BOT = "备课助手"
MARK = mark_of("wecom", "m1")
UNDO = (Action(label="撤销", send="/撤销"),)
_ASKED = ask(
    "📝 报哪一节\uff1f",
    "3 第5周周四第2节 开课机会",
    "5 周四第2节 赵老师《插秧歌》 听课 3/4",
    "回复例\uff1a/报名 5",
    choices=(Choice(key="3", send="/报名 3"), Choice(key="5", send="/报名 5")),
)
CARDS = {
    **CASES,
    "choices": (offered(_ASKED.answer, _ASKED.choices), True),
    "link": (
        Content(title="📊 小结", lines=("4/4 次",), actions=UNDO, link=Link(label="看板", url="https://b.cn/1")),
        False,
    ),
}


def golden_text(content: Content, in_group: bool) -> str:
    made = card(content, in_group=in_group, bot_name=BOT)
    if made is None:
        return "as words\n"
    return f"bytes: {made.bytes}\n---\n{json.dumps(made.body(MARK, 'T1'), ensure_ascii=False, indent=1)}\n"


@pytest.mark.parametrize("name", CARDS)
def test_golden(name: str) -> None:
    found = golden_text(*CARDS[name])
    file = GOLDEN / f"{name}.wecom-card.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(found, encoding="utf-8", newline="\n")
    assert found == file.read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", CARDS)
def test_every_card_keeps_the_platforms_limits_and_shows_every_command(name: str) -> None:
    content, in_group = CARDS[name]
    made = card(content, in_group=in_group, bot_name=BOT)
    if made is None:
        return
    body = made.body(MARK, "T1")
    check_card(body)
    assert made.bytes == len(json.dumps(made.body("0" * 16, "0" * 32), ensure_ascii=False).encode())
    for action in content.actions:
        assert f"{action.label}\uff1a{'@备课助手 ' if in_group else ''}{action.send}" in card_text(body)


def plain(text: str, *sends: str) -> Content:
    return Content(lines=tuple(text.split("\n")), actions=tuple(Action(label="点", send=send) for send in sends))


@pytest.mark.parametrize(
    ("content", "fits"),
    [
        (plain("好", "/撤销"), True),
        (plain("好"), False),
        (plain("好", *(f"/报名 {n}" for n in range(BUTTONS))), True),
        (plain("好", *(f"/报名 {n}" for n in range(BUTTONS + 1))), False),
        (plain("一" * TITLE, "/撤销"), True),
        (plain("一" * (TITLE + 1), "/撤销"), False),
        (plain("好\n" + "一" * (TEXT - len("\n点\uff1a/撤销")), "/撤销"), True),
        (plain("好\n" + "一" * (TEXT - len("\n点\uff1a/撤销") + 1), "/撤销"), False),
        (plain("好", "/反思 " + "一" * 60).model_copy(update={"mentions": ("王老师",)}), False),
        (Content(lines=("好",), actions=UNDO, files=(File(name="a", path="a"),)), False),
        (Content(lines=("好",), actions=UNDO, link=Link(label="一" * 14, url="https://b.cn")), False),
        (Content(actions=UNDO), True),
        (Content(lines=("好",), actions=(Action(label="保存", send="1"),)), False),
    ],
)
def test_what_fits(content: Content, fits: bool) -> None:
    made = card(content, in_group=False, bot_name=BOT)
    assert (made is not None) == fits
    if made:
        check_card(made.body(MARK, "T1"))


def test_a_command_too_long_for_a_key_is_typed() -> None:
    room = KEY_BYTES - len(write_key(MARK, "/反思 ").encode())
    taps = tuple(Action(label="存", send="/反思 " + "a" * length) for length in (room, room + 1))
    made = card(Content(lines=("好",), taps=taps), in_group=False, bot_name=BOT)
    assert made
    assert [len(button["key"].encode()) for button in made.body(MARK, "T1")["button_list"]] == [KEY_BYTES]


@pytest.mark.parametrize(
    ("line", "title", "rest"),
    [
        (
            "✅ 已报名 5《插秧歌》\uff0c周四第2节 录播教室\uff08还剩 0 座\uff09",
            "✅ 已报名 5《插秧歌》\uff0c周四第2节 录播教室",
            "\uff08还剩 0 座\uff09",
        ),
        (
            "✅ 反思 12 已保存\uff0c群里的老师和组长都看得到\uff0c您可以再改一改。",
            "✅ 反思 12 已保存\uff0c群里的老师和组长都看得到",
            "您可以再改一改。",
        ),
        (
            "✅ 这个学期全部的公开课都列出来了《插秧歌》《荷塘月色》等",
            "✅ 这个学期全部的公开课都列出来了《插秧歌》",
            "《荷塘月色》等",
        ),
    ],
)
def test_a_long_first_line_is_parted_where_one_may_draw_breath(line: str, title: str, rest: str) -> None:
    made = card(Content(lines=(line,), actions=UNDO), in_group=False, bot_name=BOT)
    assert made
    assert (made.title, made.text) == (title, f"{rest}\n撤销\uff1a/撤销")


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("撤销", "撤销"),
        ("3 第5周周四第2节", "3 第5周周四第2节"),
        ("3 第5周周四第2节 开课机会", "3 第5周周四第2节"),
        ("看一眼群里\uff0c再定要不要重发", "看一眼群里"),
        ("一二三四五六七八九十十一", "一二三四五六七八九…"),
        ("听  赵老师", "听 赵老师"),
        ("群里不写您的名字\uff1b要署名", "要署名"),
    ],
)
def test_labels(words: str, cut: str) -> None:
    assert label(words) == cut
    assert len(cut) <= LABEL


def test_what_was_typed_is_neither_markup_nor_mention() -> None:
    made = card(Content(lines=("<@all> **好**",), actions=UNDO), in_group=False, bot_name=BOT)
    assert made
    assert made.title == "\uff1c@all> **好**"


@pytest.mark.parametrize("key", ["", "/撤销", f"{MARK}/撤销", f"{MARK} 撤销", f"{MARK[1:]} /撤销", "x" * 16 + " /撤销"])
def test_a_key_that_is_none_of_ours(key: str) -> None:
    assert read_key(key) is None


def test_a_key_gives_back_what_it_was_made_of() -> None:
    assert read_key(write_key(MARK, "/反思 两行\n都在")) == (MARK, "/反思 两行\n都在")
