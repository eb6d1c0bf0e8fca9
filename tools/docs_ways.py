"""Every kind of channel in every situation a group gets it into: the test that shows it, or why it cannot be.

tests/contracts/test_ways.py fails when a cell is missing or names a test that is not there. ``table`` is the Markdown
for the docs.
"""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PLATFORMS = Path(__file__).resolve().parent.parent / "tests/platforms"
WAYS = (
    "dingtalk-callback",
    "dingtalk-stream",
    "dingtalk-robot",
    "wecom-callback",
    "wecom-connection",
    "wecom-robot",
)
DEAF = "只发，听不到人说话"

_DC, _DS, _DP, _DR, _DF = (
    f"dingtalk/test_{name}.py::test_" for name in ("callback", "stream", "payloads", "robot", "files")
)
_WS, _WL, _WC, _WP, _WR, _WF = (
    f"wecom/test_{name}.py::test_" for name in ("story", "connection", "callback", "payloads", "robot", "files")
)
_DAY = "test_every_way.py::test_the_card_of_the_day_and_a_note_come_once"

Cells = tuple[str, str, str, str, str, str]
"""In the order of ``WAYS``: "FILE::TEST" under tests/platforms, or the reason why there is none."""

SITUATIONS: Mapping[str, Cells] = {
    "群里 @ 它": (
        f"{_DC}the_answer_comes_in_the_body", f"{_DS}a_group_message_is_stored_acknowledged_and_answered", DEAF,
        f"{_WS}a_sign_up_is_answered_in_the_group", f"{_WL}a_group_message_is_stored_and_answered_under_it", DEAF),
    "私聊": (
        f"{_DP}one_to_one_goes_back_to_the_person", f"{_DS}in_private_too", DEAF,
        f"{_WC}a_group_is_shown_the_mention_a_private_chat_not", f"{_WL}in_private_too", DEAF),
    "引用": (
        f"{_DP}quotations_in_every_shape_seen", f"{_DS}a_quote_is_heard_as_what_was_said", DEAF,
        f"{_WS}a_quoted_command_is_not_run", f"{_WL}what_is_quoted_is_no_command", DEAF),
    "图片": (
        f"{_DC}a_picture_is_answered_and_never_dispatched", f"{_DS}a_picture_in_the_group_gets_a_sentence", DEAF,
        f"{_WP}what_has_no_words_is_an_attachment", f"{_WF}a_picture_is_kept_too", DEAF),
    "收文件": (
        f"{_DF}the_callback_answers_with_words_and_the_file_follows",
        f"{_DF}a_plan_sent_by_the_leader_becomes_the_groups_plan", DEAF,
        f"{_WF}a_file_to_the_callback_is_opened_with_its_key_and_handed_out_by_link",
        f"{_WF}a_plan_over_the_connection_is_read_and_chosen", DEAF),
    "发文件": (
        f"{_DF}the_callback_answers_with_words_and_the_file_follows",
        f"{_DF}a_file_is_handed_out_in_the_group_and_uploaded_once", "发不了文件，写出链接",
        f"{_WF}a_file_to_the_callback_is_opened_with_its_key_and_handed_out_by_link",
        f"{_WF}what_came_is_handed_out_after_its_words",
        "wecom/test_media.py::test_a_word_file_is_uploaded_under_its_chinese_name"),
    "点按钮": (
        "test_render.py::test_a_dingtalk_link_sends_the_command_in_private_only",
        f"{_DS}a_tap_does_what_typing_does_and_twice_is_harmless", DEAF, "回调方式不发带按钮的卡片",
        "wecom/test_taps.py::test_a_tap_in_private_does_it_and_says_so_on_the_card", DEAF),
    "长回答": (
        f"{_DC}a_long_answer_goes_on_through_the_outbox", f"{_DS}a_long_answer_comes_in_parts_through_the_line",
        f"{_DR}the_longest_message_is_cut_to_what_is_taken",
        f"{_WC}an_answer_stays_below_the_limit_and_no_character_is_cut",
        f"{_WL}a_long_answer_comes_whole_in_parts", f"{_WR}every_part_of_a_long_message_is_taken"),
    "当天的卡片": (
        _DAY, _DAY, _DAY, "不能主动说话，由 posts_through 的渠道发", _DAY, _DAY),
    "私信": (
        _DAY, _DAY, "不能私下发，由听话的渠道发", _DAY, _DAY, "不能私下发，留到本人下次私聊"),
    "真正 @ 人": (
        "应用的接口 @ 不了人", "应用的接口 @ 不了人",
        f"{_DR}people_are_mentioned_in_the_text_and_in_the_field", "回答里 @ 不了人", "主动发的消息里 @ 不了人",
        f"{_WR}people_who_are_mentioned_are_notified_by_text"),
    "重复投递": (
        f"{_DC}three_deliveries_one_effect_one_answer",
        f"{_DS}the_same_message_again_with_a_new_frame_is_one_effect_and_one_answer", DEAF,
        f"{_WS}three_deliveries_at_once_after_each_other_and_after_a_restart_are_one_sign_up",
        f"{_WL}a_redelivery_is_one_effect_and_one_answer", DEAF),
    "重启": (
        f"{_DC}a_restart_between_two_deliveries",
        f"{_DS}a_crash_between_the_commit_and_the_answer_loses_no_answer", _DAY,
        f"{_WS}a_restart_in_the_middle_of_a_slow_command_loses_no_answer",
        f"{_WL}a_restart_between_the_commit_and_the_answer_loses_no_answer", _DAY),
}  # fmt: skip


def is_test(cell: str) -> bool:
    """Whether a cell names a test."""
    return "::" in cell


@cache
def names_in(file: str) -> frozenset[str]:
    """Names of the tests in a file under tests/platforms; none when it is not there."""
    path = PLATFORMS / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in found if node.name.startswith("test_"))


def table() -> str:
    """One row a situation; ✅ is a test, anything else the reason why not."""
    rows = [f"| | {' | '.join(f'`{way}`' for way in WAYS)} |", f"| --- |{' --- |' * len(WAYS)}"]
    for name, cells in SITUATIONS.items():
        rows.append(f"| {name} | {' | '.join('✅' if is_test(cell) else cell for cell in cells)} |")
    return "\n".join(rows)
