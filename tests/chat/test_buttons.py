"""What of an answer can be tapped: whole commands, each once; no example, no throw-away number."""

import pytest

from bot.chat.buttons import buttons, mark_of, offered
from bot.chat.reply import Choice, ask, guarded, message


def sends(*lines: str, choices: tuple[Choice, ...] = ()) -> list[tuple[str, str]]:
    reply = ask(*lines, choices=choices)
    return [(tap.label, tap.send) for tap in buttons(offered(reply.answer, reply.choices))]


def test_actions_are_buttons_and_examples_are_not() -> None:
    lines = ("✅ 已报名", "撤销\uff1a/撤销", "回复例\uff1a/报名 5", "告诉我您是谁\uff1a/我是 姓名")
    assert sends(*lines) == [("撤销", "/撤销")]


@pytest.mark.parametrize("row", ["5 周四第2节", "5. 周四第2节", "5、周四第2节"])
def test_a_choice_is_the_command_it_stands_for_under_the_words_of_its_line(row: str) -> None:
    choices = (Choice(key="5", send="/报名 5"), Choice(key="是", send="/报名 5"), Choice(key="6", send="/报名 6"))
    assert sends("📝 报哪一节\uff1f", row, "56 别的", choices=choices) == [(row, "/报名 5")]


def test_what_is_a_button_already_is_none_again() -> None:
    choices = (Choice(key="1", send="/待定 重发 1"),)
    assert sends("1 一条", "再发\uff1a/待定 重发 1", choices=choices) == [("再发", "/待定 重发 1")]


def test_a_choice_between_groups_has_no_command_of_its_own() -> None:
    assert sends("1 甲组", "2 乙组", choices=(Choice(key="1", send="/我的", group="a"),)) == []


def test_the_guards_one_tap_saves_the_coded_words_and_not_a_number() -> None:
    reply = guarded(("🛡️ 像有学生姓名",), "/反思 07号导入太长")
    [tap] = buttons(offered(reply.answer, reply.choices))
    assert (tap.label, tap.send) == ("换成代号保存\uff0c请回复", "/反思 07号导入太长")


def test_without_choices_the_answer_stays_the_same_object() -> None:
    answer = message("好", "撤销\uff1a/撤销")
    assert offered(answer, ()) is answer


def test_marks_differ_by_message_and_channel() -> None:
    assert len({mark_of("a", "1"), mark_of("a", "2"), mark_of("b", "1")}) == 3
    assert len(mark_of("a", "1")) == 16
