"""Long messages: bytes, borders, characters."""

import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import Action, Content, File, Link
from bot.delivery.split import split


def size(content: Content) -> int:
    return len(content.plain("@备课助手 ").encode())


def text_of(parts: Iterable[Content]) -> str:
    return "".join(line for part in parts for line in part.lines)


def test_what_fits_stays_as_it_is() -> None:
    content = Content(title="第3周备课", lines=("一", "", "二"), mentions=("王老师",))
    assert split(content, size(content), size) == (content,)


def test_lines_are_the_borders() -> None:
    lines = tuple(f"{n}. 必修上 第二单元《喜看稻菽千重浪》" for n in range(50))
    content = Content(
        title="进度",
        lines=lines,
        actions=(Action(label="报名", send="/报名 5"),),
        link=Link(label="看板", url="https://example.invalid/b"),
        files=(File(name="进度.xlsx", path="a.xlsx"),),
        mentions=("张老师",),
    )
    parts = split(content, 800, size)
    assert tuple(line for part in parts for line in part.lines) == lines
    assert [part.title for part in parts] == [f"进度\uff08{n}/{len(parts)}\uff09" for n in range(1, len(parts) + 1)]
    assert all(size(part) <= 800 for part in parts)
    assert [part.mentions for part in parts] == [("张老师",)] + [()] * (len(parts) - 1)
    last = parts[-1]
    assert (last.actions, last.link, last.files) == (content.actions, content.link, content.files)
    assert all(not part.actions and not part.link and not part.files for part in parts[:-1])


@pytest.mark.parametrize("limit", [2048, 4096, 20_000])
def test_ten_thousand_chinese_characters_in_one_line(limit: int) -> None:
    line = "备课组今天讨论了插秧歌的教学设计。" * 588 + "完" * 4
    parts = split(Content(title="反思", lines=(line,)), limit, size)
    assert len(line) == 10_000
    assert text_of(parts) == line
    assert all(size(part) <= limit for part in parts)
    assert len(parts) <= 30_000 / limit * 1.3 + 1, "no part is wasted"
    assert all(part.lines[-1].endswith("。") for part in parts[:-1]), "cut at the end of a sentence"


FAMILY, FLAG, THUMB, ACCENT = "👨\u200d👩\u200d👧", "🇨🇳", "👍🏽", "e\u0301"


@pytest.mark.parametrize("cluster", ["😀", FAMILY, FLAG, THUMB, ACCENT, "①\ufe0f"])
@pytest.mark.parametrize("offset", range(12))
def test_no_cut_inside_what_the_eye_sees_as_one(cluster: str, offset: int) -> None:
    line = "x" * offset + cluster * 200
    parts = split(Content(lines=(line,)), 160, size)
    assert text_of(parts) == line
    for part in parts[1:]:
        assert part.lines[0].startswith(cluster)
    assert all(size(part) <= 160 for part in parts)


def test_a_prank_of_endless_accents_still_ends() -> None:
    line = "z" + "\u0335" * 3000
    parts = split(Content(lines=(line,)), 500, size)
    assert text_of(parts) == line
    assert all(size(part) <= 500 for part in parts)


def test_blank_lines_do_not_open_a_part() -> None:
    content = Content(title="t", lines=tuple("" if n % 2 else "字" * 20 for n in range(40)))
    parts = split(content, 200, size)
    assert all(part.lines[0] for part in parts)
    assert text_of(parts) == "字" * 400


def test_a_title_that_fills_the_channel_becomes_a_line() -> None:
    title = "第三周备课" * 100
    parts = split(Content(title=title, lines=("一",)), 600, size)
    assert text_of(parts) == title + "一"
    assert all(size(part) <= 600 for part in parts)


def test_what_no_cut_can_help_is_left_to_the_platform_to_refuse() -> None:
    content = Content(lines=("一" * 100,), mentions=("王老师",) * 100)

    def shown(content: Content) -> int:
        return size(content) + 12 * len(content.mentions)

    assert split(content, 300, shown) == (content,)
    long_link = Content(lines=("一",), link=Link(label="看板", url="https://example.invalid/" + "a" * 900))
    assert split(long_link, 300, size)[-1].link == long_link.link


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), max_size=12),
    st.integers(min_value=120, max_value=700),
)
def test_any_text_is_whole_and_small_enough(lines: list[str], limit: int) -> None:
    content = Content(title="反思", lines=tuple(lines))
    parts = split(content, limit, size)
    assert text_of(parts) == "".join(lines)
    assert all(size(part) <= limit for part in parts)
    assert all(unicodedata.is_normalized("NFC", part.title) for part in parts)
