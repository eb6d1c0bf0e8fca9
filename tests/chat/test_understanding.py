"""What teachers type, and what the bot makes of it: tables, and texts that want to break it."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.envelope import bare, patterns_of, unwrapped
from bot.chat.understanding import Vocabulary, Word

BOT = "备课助手"
UTTERANCES = Path(__file__).resolve().parents[3] / "shared" / "utterances.jsonl"
LINES = UTTERANCES.read_text(encoding="utf-8").splitlines() if UTTERANCES.exists() else []


def _item(rest: str) -> bool:
    return re.fullmatch(r"第?\d+节?|公开课", rest) is not None


def _month(rest: str) -> bool:
    return re.fullmatch(r"\d{1,2}月|上个月", rest) is not None


VOCABULARY = Vocabulary(
    [
        Word("本周备课", ("本周集体备课",), writes=False),
        Word("下周备课", writes=False),
        Word("公开课", actions=("发布",)),
        Word("报名", ("我要报名",), fits=_item),
        Word("取消报名", ("不报了",), fits=_item),
        Word("候补", fits=_item),
        Word("反思", actions=("删除",), free_text=True),
        Word("日程", writes=False),
        Word("计划", actions=("启用", "停用")),
        Word("我是"),
        Word("成员"),
        Word("建组"),
        Word("切换"),
        Word("帮助", ("help", "?"), writes=False),
        Word("我的", actions=("导出",), writes=False),
        Word("撤销"),
        Word("汇总", actions=("图",), writes=False, fits=_month),
        Word("听课"),
        Word("作业"),
        Word("作业抽查"),
    ]
)


def _wecom(text: str, bot_name: str) -> str:
    return text if re.search(f"[@\uff20]{bot_name}", text) else f"@{bot_name}{text}"


def _dingtalk(text: str, bot_name: str) -> str:
    """DingTalk cuts off every mention and leaves the blanks."""
    return re.sub(rf"[@\uff20](?:{bot_name}|[^\s@\uff0f/\uff20]+)", "", text)


@pytest.mark.skipif(not LINES, reason="needs shared/utterances.jsonl beside the project")
@pytest.mark.parametrize("shape", [lambda text, _: text, _wecom, _dingtalk], ids=["as it is", "wecom", "dingtalk"])
@pytest.mark.parametrize("line", LINES)
def test_what_teachers_really_type(line: str, shape) -> None:  # type: ignore[no-untyped-def]
    sample = json.loads(line)
    found = VOCABULARY.understand(shape(sample["in"], sample["bot_name"]), sample["bot_name"])
    want = sample["want"]
    if want[0] in "?-":
        assert found.command is None
        assert want in {"-", *(f"?{name}" for name in found.suggest)}
    else:
        assert (found.command, found.suggest) == (want, ())
    if want != "-":
        assert found.argument == sample["arg"]


RUNS = [
    ("/报名 3", "报名", "3"),
    ("\uff0f报名\uff13", "报名", "\uff13"),
    ("//、/报名 3", "报名", "3"),
    ("/报名@备课助手 3", "报名", "3"),
    ("/报名 @备课助手\u20053 @备课助手", "报名", "3"),
    ("/BaoMing3", "报名", "3"),
    ("/bm3", "报名", "3"),
    ("/报\u200b名\u200b3", "报名", "3"),
    ("\u202e/报名 3\u202c", "报名", "3"),
    ("\u200f/\u200f报名\u200e 3\u200f", "报名", "3"),
    ("报名 3", "报名", "3"),
    ("/报名 表在哪里", "报名", "表在哪里"),
    ("/取消报名3", "取消报名", "3"),
    ("我要报名", "报名", ""),
    ("/计划启用", "计划", "启用"),
    ("计划 启用", "计划", "启用"),
    ("/计划 答 1 周三第8-9节", "计划", "答 1 周三第8-9节"),
    ("汇总10月", "汇总", "10月"),
    ("汇总图", "汇总", "图"),
    ("本周备课\uff1f", "本周备课", ""),
    ("/本周备课。", "本周备课", ""),
    ("/作业抽查", "作业抽查", ""),
    ("\uff1f\uff1f\uff1f", "帮助", ""),
    ("/", "帮助", ""),
    ("\U0001f602", "帮助", ""),
    ("@备课助手 @备课助手", "帮助", ""),
    ("/反思\n", "反思", ""),
    ("反思。。。。。。。。", "反思", ""),
    ("/反思\n\n第一行\n  第二行", "反思", "第一行\n  第二行"),
    ("/反思\uff1a\U0001f44d", "反思", "\U0001f44d"),
    ("/反思 \U0001f602\U0001f602 很好", "反思", "\U0001f602\U0001f602 很好"),
    ("/反思 ```\n/报名 3\n```", "反思", "```\n/报名 3\n```"),
    ("/反思《背影》导入太长了", "反思", "《背影》导入太长了"),
    ("/反思 会几点开", "反思", "会几点开"),
    ("反思\uff1a今天讲函数单调性", "反思", "今天讲函数单调性"),
    ("反思收获很大的一节课", "反思", "收获很大的一节课"),
    ("/反思\uff1a课件见《背影》.pptx", "反思", "课件见《背影》.pptx"),
    ("/反思 https://example.com/a", "反思", "https://example.com/a"),
]


@pytest.mark.parametrize(("text", "command", "argument"), RUNS)
def test_it_runs(text: str, command: str, argument: str) -> None:
    found = VOCABULARY.understand(text, BOT)
    assert (found.command, found.argument, found.suggest) == (command, argument, ())


SUGGESTED = [
    ("报名3", "报名", "3"),
    ("报名了吗\uff1f", "报名", ""),
    ("报名表在哪里", "报名", ""),
    ("报名 表在哪里", "报名", ""),
    ("/报名表在哪里", "报名", ""),
    ("撤销\uff1f", "撤销", ""),
    ("不报了\uff0c谢谢", "取消报名", ""),
    ("计划启用", "计划", "启用"),
    ("/计划启用了吗", "计划", ""),
    ("反思会几点开", "反思", ""),
    ("/反思会几点开", "反思", ""),
    ("反思表谁有", "反思", ""),
    ("反思表现不好的学生怎么办", "反思", ""),
    ("反思今天要交几篇谁知道", "反思", ""),
    ("反思 周五几点之前要交上来", "反思", ""),
    ("反思还没交的老师请抓紧", "反思", ""),
    ("反思太短了", "反思", ""),
    ("听课今天张老师讲得非常精彩", "听课", ""),
    ("/听课今天张老师讲得非常精彩", "听课", ""),
    ("反思课件定稿第二版.pptx 在群文件", "反思", ""),
    ("/抱名3", "报名", "3"),
    ("抱名", "报名", ""),
    ("/本周备果", "本周备课", ""),
    ("/周本备课", "本周备课", ""),
    ("/benzhoubeke", "本周备课", ""),
    ("/作业抽茶", "作业抽查", ""),
    ("下周要准备哪些课", "下周备课", ""),
    ("@张老师 本周备课", "本周备课", ""),
]


@pytest.mark.parametrize(("text", "command", "argument"), SUGGESTED)
def test_it_is_only_suggested(text: str, command: str, argument: str) -> None:
    found = VOCABULARY.understand(text, BOT)
    assert found.command is None
    assert command in found.suggest
    assert found.argument == argument


@pytest.mark.parametrize(
    "text",
    [
        "/报告 3",
        "报告",
        "/上周备课",
        "/helpme",
        "/bmw",
        "。。。",
        "\uff01\uff01\uff01",
        "```\n/报名 3\n```",
        "http://example.com/报名",
        "C:/报名.xlsx",
        "/报名表.xlsx",
        "本周备课 方案.docx",
        "/home/user/报名",
        "1、报名表",
        "老师们 /报名 3",
        "明天的/反思 谁交",
        "@张老师 明天的/反思 谁交",
        "zhang@备课助手.com /报名 3",
        "本来这个周末大家都应该好好休息可是还要为了下周一的检查准备材料真是没有办法的一课",
    ],
)
def test_it_is_no_command(text: str) -> None:
    found = VOCABULARY.understand(text, BOT)
    assert (found.command, found.suggest, found.argument) == (None, (), "")
    assert found.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/报名 3", "完全匹配“/报名”"),
        ("/bzbk", "“bzbk”是“/本周备课”的另一种写法"),
        ("/报名3", "“报名”和后面的内容连写\uff0c按“/报名”加内容处理"),
        ("/抱名 3", "“抱名”读音像“/报名”\uff0c只作建议"),
        ("", "没有写内容\uff0c按“/帮助”处理"),
        ("本周备课.docx", "这是链接或文件名\uff0c不当作命令"),
        ("/报告", "没有认出命令"),
    ],
)
def test_it_says_why(text: str, why: str) -> None:
    assert VOCABULARY.understand(text, BOT).why == why


REFLECTION = (
    "课题\uff1d《背影》\u3000第\uff12课时\n"
    "亮点\uff1a“攀”“缩”\uff21\u200b\uff22 \U0001f468\u200d\U0001f3eb\u2764\ufe0f\n"
    "不足\uff1a学生问@备课助手\u2005为什么\uff1f 1/2没懂\t\u2067abc\u2069 e\u0301 ㊗ \u2460\r\n"
)


@pytest.mark.parametrize(
    "lead", ["/反思 ", "/反思\n", "@备课助手\u2005\uff0f反思\uff1a", "\U0001f4dd、反思\u3000", "/fs "]
)
def test_ten_thousand_characters_stay_as_they_are(lead: str) -> None:
    text = (REFLECTION * (10_000 // len(REFLECTION) + 1)).strip()
    assert len(text) >= 9_990
    for tail in ("", " ", "\n@备课助手\u2005", " @备课助手 @备课助手"):
        found = VOCABULARY.understand(lead + text + tail, BOT)
        assert found.command == "反思"
        assert found.argument.encode() == text.encode()


@given(st.text(max_size=300), st.sampled_from(["", "/", "@备课助手 ", "/反思 ", "反思", "「", "/报名"]))
def test_any_text_has_one_answer_and_the_argument_is_cut_out_of_it(text: str, lead: str) -> None:
    found = VOCABULARY.understand(lead + text, BOT)
    assert found.argument in lead + text
    assert not (found.command and found.suggest)
    assert len(found.suggest) <= 3
    assert found.why


@given(st.text(max_size=300))
def test_a_reflection_between_letters_is_never_changed(middle: str) -> None:
    assert VOCABULARY.understand(f"/反思 甲{middle}乙", BOT).argument == f"甲{middle}乙"


@pytest.mark.parametrize(
    "text",
    [
        "/反思 " + "今天讲《背影》\uff0c" * 12_500,
        "反思" + "今天讲《背影》\uff0c" * 12_500,
        "「" * 100_000,
        "「" + "」\n\n" * 33_000,
        "」\n---" * 20_000,
        "> a\n" * 25_000,
        "@备课助手" * 20_000,
        "@张老师 " * 20_000,
        "/" * 100_000,
        "\u200b" * 100_000,
        " " * 100_000,
        "- " * 50_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_long_texts_are_read_quickly(text: str) -> None:
    VOCABULARY.understand("/报名 3", BOT)
    begun = time.perf_counter()
    VOCABULARY.understand(text, BOT)
    # Usually 1 to 20 ms; the margin is for a busy machine, what is quadratic would take minutes.
    assert time.perf_counter() - begun < 0.5


_AROUND = st.sampled_from(
    ["/", "\uff0f", "、", " ", "\u3000", "\u200b", "@", "\uff20", "\u3164", "反思", "12", "½", "①", "😀"]
)
_ENDS = st.sampled_from(["", "\u202c", "\u202a", " @备课助手", "\n", "😀", "\u2069", ">", "」\n---\n"])


@given(st.lists(_AROUND, max_size=5), st.text(max_size=40), _ENDS)
def test_what_needs_no_unwrapping_is_read_as_if_it_were_unwrapped(lead: list[str], text: str, end: str) -> None:
    patterns = patterns_of(BOT)
    for whole in ("".join(lead) + text + end, f"/反思 {text}{end}", f"/{text * 60}{end}"):
        simple = bare(whole, patterns.own)
        assert simple in (None, unwrapped(whole, patterns))
    assert bare("  /反思 今天的课导入太长 ", patterns.own), "most messages"
