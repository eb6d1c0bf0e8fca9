"""Folding finds commands; what people wrote is cut out of the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.envelope import open_envelope
from bot.chat.folding import fold, fold_part, trim

BOT = "备课助手"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\uff0f\u62a5\u540d\uff13", "/报名3"),
        ("\uff20\uff28\uff25\uff2c\uff30\uff1a\uff1d\uff1f", "@help:=?"),
        ("a\u2005b\u00a0c\u3000d\u2003e\tf\ng", "a b c d e f g"),
        ("/\u200b报\u200d名\ufeff\u2060", "/报名"),
        ("\u202e/日程\u202c\u200f", "/日程"),
        ("\u2f00\u2460", "一1"),
        ("报名\U0001f44d\U0001f3fd3", "报名  3"),
        ("\u2764\ufe0f", " "),
        ("\x00\x07", "  "),
        ("", ""),
    ],
)
def test_one_form_for_many(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_places_lead_back_to_the_original(text: str) -> None:
    part = fold_part(text, 0, len(text))
    assert part.text == fold(text)
    assert len(part.places) == len(part.text)
    assert all(fold(text[place]) for place in part.places)
    assert list(part.places) == sorted(part.places)


def test_a_part_counts_from_the_beginning_of_the_text() -> None:
    part = fold_part("ab\u200b\uff23d", 2, 4)
    assert (part.text, part.start(0), part.after(0), part.after(1)) == ("c", 3, 0, 4)


@given(st.text(st.characters() | st.sampled_from("\u200b\ufb01\u338f\u3000"), max_size=20), st.data())
def test_a_part_of_what_is_folded_is_the_folded_part(text: str, data: st.DataObject) -> None:
    start, stop = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    part, anew = fold_part(text, 0, len(text)).part(start, stop), fold_part(text[start:stop], 0, stop)
    assert (part.text, list(part.places)) == (anew.text, list(anew.places))


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("\u3000\u2005 3 \u00a0\n", "3"),
        ("\u200b\ufeff3\u200f", "3"),
        ("3\u202c", "3"),
        ("\u2067abc\u2069", "\u2067abc\u2069"),
        ("\u200d\u2069", ""),
        ("\U0001f602", "\U0001f602"),
        ("a \u200b b", "a \u200b b"),
        # The flag of England ends with an invisible tag character that belongs to it.
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4\U000e0067\U000e007f"),
    ],
)
def test_only_the_outside_is_trimmed(text: str, core: str) -> None:
    assert trim(text) == core


@pytest.mark.parametrize(
    ("text", "body", "slash", "to_others"),
    [
        ("@备课助手 /报名 3", "报名 3", True, False),
        ("@备课助手@备课助手\u2005\u3001报名 3 @备课助手 @备课助手\u2005", "报名 3", True, False),
        ("@张老师 \uff20备课助手 @王老师\u2005/报名 3", "报名 3", True, True),
        ("@张老师、@王老师 /报名 3", "报名 3", True, True),
        ("@备课助手2 @备课助手 /报名 3", "报名 3", True, True),
        ("@备课助手本周备课", "本周备课", False, False),
        ("/ @备课助手 \U0001f4dd报名 3", "报名 3", True, False),
        ("@张老师 明天的/反思 谁交", "明天的/反思 谁交", False, True),
        ("zhang@example.com /报名", "zhang@example.com /报名", False, False),
        ("/反思 很好 @备课助手 \U0001f602", "反思 很好 @备课助手 \U0001f602", True, False),
        ("@备课助手 ", "", False, False),
        (" \u3000\u200b", "", False, False),
        ("/", "", True, False),
    ],
)
def test_mentions_and_the_slash_go_the_words_stay(text: str, body: str, slash: bool, to_others: bool) -> None:
    letter = open_envelope(text, BOT)
    assert (letter.body, letter.slash, letter.to_others) == (body, slash, to_others)


@pytest.mark.parametrize(
    "quotation",
    [
        "「备课助手:已为您报名」\n------\n",
        "「张老师\uff1a「备课助手:好」\n------\n收到」\n------\n",
        "「张老师\uff1a两行\n/报名 9」\n- - - - - - - - - -\n",
        "「被平台截断的引用「…」\n------\n",
        "\uff62张老师:好\uff63\n------\n",
        "> 张老师:\n> /报名 9\n\n",
        "\uff1e/报名 9\n",
        "@备课助手 「张老师:好」\n---\n",
        "> 好\n「张老师:好」\n---\n",
    ],
)
@pytest.mark.parametrize("own", ["", "@备课助手 ", "@备课助手\u2005"])
def test_a_quotation_above_is_cut(quotation: str, own: str) -> None:
    assert open_envelope(f"{quotation}{own}/撤销", BOT).body == "撤销"


@pytest.mark.parametrize("text", ["「荷塘月色」讲完了", "「没有关上", "」\n------\n", "「好」------"])
def test_brackets_alone_are_no_quotation(text: str) -> None:
    assert open_envelope(text, BOT).body == text.strip()


@pytest.mark.parametrize(
    ("bot_name", "text"),
    [
        ("备课 助手", "@备课 助手 /帮助"),
        ("备课 助手", "@备课\u2005助手\u2005/帮助"),
        ("@备课助手", "@备课助手 /帮助"),
        ("Prep.Bot (高一)", "@prep.bot \uff08高一\uff09/帮助"),
        ("", "/帮助"),
        ("   ", "/帮助"),
    ],
)
def test_names_with_blanks_signs_and_capitals(bot_name: str, text: str) -> None:
    letter = open_envelope(text, bot_name)
    assert (letter.body, letter.to_others) == ("帮助", False)
