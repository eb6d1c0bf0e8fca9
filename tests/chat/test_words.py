"""What may stand in a vocabulary: mistakes come out at start-up."""

import pytest

from bot.chat.understanding import RegistrationError, Vocabulary, Word

HELP = Word("帮助", ("help", "?"), writes=False)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([Word("报名"), Word("报名")], "报名"),
        ([Word("报名", ("我要报名",)), Word("候补", ("我要报名",))], "我要报名"),
        ([Word("报名", ("候补",)), Word("候补")], "候补"),
        ([Word("报名", ("BM",)), Word("保密", ("\uff42m",))], "bm"),
        ([Word("报名", ("报名",))], "报名"),
        ([Word("备课", actions=("主题",)), Word("备课主题")], "备课主题"),
        ([Word("备课", actions=("主题",)), Word("研讨", ("备课主题",))], "备课主题"),
        ([Word("备课", actions=("主题",)), Word("备课主", actions=("题",))], "备课主题"),
        ([Word("计划", actions=("启用",)), Word("启", ("计划启",), actions=("用",))], "计划启用"),
        ([Word("")], "不能为空"),
        ([Word("我 的")], "不能含空格"),
        ([Word("报名", ("/bm",))], "/bm"),
    ],
)
def test_two_meanings_are_refused(words: list[Word], named: str) -> None:
    with pytest.raises(RegistrationError, match=named):
        Vocabulary([HELP, *words])


def test_an_unknown_default_is_refused() -> None:
    with pytest.raises(RegistrationError, match="帮助"):
        Vocabulary([Word("报名")])
    assert Vocabulary([Word("报名")], default="报名").understand("", "").command == "报名"


def test_the_same_action_of_several_commands_is_fine() -> None:
    vocabulary = Vocabulary([HELP, Word("计划", actions=("停用",)), Word("师徒", actions=("停用",))])
    assert vocabulary.understand("/师徒停用", "").command == "师徒"


def test_colliding_initials_belong_to_nobody_and_suggest_both() -> None:
    vocabulary = Vocabulary([HELP, Word("报名"), Word("保密")])
    found = vocabulary.understand("/bm 3", "")
    assert (found.command, found.suggest, found.argument) == (None, ("报名", "保密"), "3")
    assert vocabulary.understand("/baoming 3", "").command == "报名"


def test_colliding_pinyin_belongs_to_nobody() -> None:
    vocabulary = Vocabulary([HELP, Word("公示"), Word("公式")])
    assert vocabulary.understand("/gongshi", "").suggest == ("公示", "公式")


def test_what_was_written_down_comes_before_what_is_derived() -> None:
    vocabulary = Vocabulary([HELP, Word("报名", ("bm",)), Word("保密")])
    assert vocabulary.understand("/bm 3", "").command == "报名"


def test_the_usual_reading_comes_before_a_rarer_one() -> None:
    # 调 is usually diao, also tiao; 挑 is tiao alone.
    vocabulary = Vocabulary([HELP, Word("调课"), Word("挑课")])
    assert vocabulary.understand("/tiaoke", "").command == "挑课"
    assert vocabulary.understand("/diaoke", "").command == "调课"
    assert Vocabulary([HELP, Word("调课")]).understand("/tiaoke", "").command == "调课"


def test_the_other_ways_to_write_a_command() -> None:
    vocabulary = Vocabulary([HELP, Word("报名", ("我要报名",)), Word("保密")])
    assert set(vocabulary.spellings("报名")) == {"我要报名", "baoming"}
    assert "bz" in vocabulary.spellings("帮助")
    assert vocabulary.spellings("没有") == ()
