"""The written table says what pypinyin says, and every command of the product can be written in pinyin."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from pypinyin import Style, lazy_pinyin, pinyin

from bot.chat.pinyin import initials, readings, same_sound, spellings

ROOT = Path(__file__).resolve().parents[2]
FEATURES = ROOT.parent / "shared" / "features.md"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pinyin_table_tool", ROOT / "tools" / "pinyin_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_says_what_pypinyin_says(tool: ModuleType) -> None:
    sample = list(tool.characters())[::13]
    assert len(sample) > 500
    for character in sample:
        expected = list(pinyin(character, style=Style.NORMAL, heteronym=True)[0])
        assert readings(character)[0] == expected[0], character
        assert set(readings(character)) == set(expected), character


def test_the_table_holds_every_character_once(tool: ModuleType) -> None:
    characters = list(tool.characters())
    assert len(set(characters)) == len(characters) == 6763
    assert all(readings(character) for character in characters)
    assert not any(map(readings, "aA1 \uff0c/\U0001f602\u200b"))


def test_every_command_of_the_product_has_its_pinyin() -> None:
    if not FEATURES.exists():
        pytest.skip("needs shared/features.md beside the project")
    names = set(re.findall(r"`/([^` /A-Za-z]+)", FEATURES.read_text(encoding="utf-8")))
    assert len(names) >= 80
    for name in names:
        syllables = lazy_pinyin(name)
        assert "".join(syllables) in spellings(name), name
        assert "".join(syllable[0] for syllable in syllables) in initials(name), name


@pytest.mark.parametrize(
    ("name", "first", "letters"),
    [("本周备课", "benzhoubeike", "bzbk"), ("报名", "baoming", "bm"), ("PBL课".lower(), "pblke", "pblk")],
)
def test_the_commonest_reading_comes_first(name: str, first: str, letters: str) -> None:
    assert (spellings(name)[0], initials(name)[0]) == (first, letters)


@pytest.mark.parametrize("name", ["help", "?", "", "報名", "报\U0001f602"])
def test_what_cannot_be_read_has_no_pinyin(name: str) -> None:
    assert spellings(name) == initials(name) == ()


def test_many_readings_stay_few_spellings() -> None:
    assert len(spellings("重长调会行重长调会行")) <= 64


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("抱名", "报名", True),
        ("本周被课", "本周备课", True),
        ("条课", "调课", True),
        ("报告", "报名", False),
        ("报", "报名", False),
        ("b名", "报名", False),
    ],
)
def test_what_sounds_the_same(one: str, other: str, same: bool) -> None:
    assert same_sound(one, other) is same
