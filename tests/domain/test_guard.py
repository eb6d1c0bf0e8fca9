"""What the guard must catch and what it must let pass: sentences as teachers write them."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import guard

TEACHERS = ("李老师", "王老师", "陈静")

# sentence, how many things must not be stored
CAUGHT = [
    ("张伟58分", 1),
    ("张伟 58分", 1),
    ("张伟\uff1a58", 1),
    ("张伟: 58", 1),  # ascii: typed so
    ("张伟考了58分\uff0c要关注", 1),
    ("张伟只考了58", 1),
    ("这次张伟得了98分", 1),
    ("王芳这次只考了62分", 1),
    ("李娜第3名\uff0c进步明显", 1),
    ("李娜 第三名", 1),
    ("李娜同学上课走神", 1),
    ("表扬张伟同学主动板演", 1),
    ("张小明数学85语文90", 1),
    ("张伟的数学成绩是58分", 1),
    ("张伟的成绩下滑厉害", 1),
    ("张伟作文扣了12分", 1),
    ("张伟退步了20名", 1),
    ("刘洋进步15名", 1),
    ("刘洋倒数第二", 1),
    ("刘洋又不及格", 1),
    ("张伟没及格\uff0c家长要来", 1),
    ("第一名是刘洋", 1),
    ("最高分是陈晨\uff0c98分", 1),
    ("58分的张伟", 1),
    ("不及格的有张伟、李娜", 2),
    ("满分的是陈晨、周杰和林一诺", 3),
    ("张伟、李娜、王芳都在60分以下", 3),
    ("张伟58\uff0c李娜62\uff0c王芳90", 3),
    ("张伟58 李娜62 王芳90", 3),
    ("1. 张伟 58\n2. 李娜 62", 2),
    ("高一3班张伟58分", 1),
    ("\uff083\uff09班李娜默写满分", 1),
    ("学生张伟默写得了6分", 1),
    ("欧阳娜娜90分", 1),
    ("诸葛明轩考了77分", 1),
    ("张某58分", 1),
    ("王某某\uff0c58分", 1),
    ("小明考了58分", 1),
    ("小红又是倒数第一", 1),
    ("张 伟 58分", 1),
    ("张伟\uff0858分\uff09", 1),
    ("张伟58.5分", 1),
    ("张伟五十八分", 1),
    ("张伟85/100", 1),
    ("张伟\uff15\uff18分", 1),
    ("张伟正确率60%", 1),
    ("李娜\uff0c这次月考只有58分", 1),
    ("课堂上给李娜加了5分\uff0c李娜共得18分", 1),
    ("今天批评了周杰\uff0c他考了43分", 1),
    ("和上次比张伟提高了12分", 1),
    ("孙老师班的何雨欣92分", 1),
    ("学号20230145没有交作业", 1),
    ("学号\uff1aG20230145", 1),
    ("考号是 0912345", 1),
    ("2023014567 默写未过", 1),
    ("家长电话13800001111", 1),
    ("家长 138-0000-1111", 1),
    ("家里电话 010-62345678", 1),
    ("身份证110101200801011234", 1),
    ("身份证 11010120080101123X 登记", 1),
    ("张伟58分\uff0c家长电话13800001111", 2),
    ("默写全对的有林静、高洁", 2),
    ("成绩最差的是马超", 1),
    ("龙腾飞班上第2名", 1),
    ("万芳考了个58", 1),
]

PASSES = [
    "导入太长\uff0c下次三分钟内进入文本",
    "《背影》导入5分钟\uff0c太长",
    "小组讨论10分钟\uff0c展示8分钟",
    "小组展示得了5分",
    "小题得分率低\uff0c小说阅读平均8分",
    "高一3班平均85分",
    "高一\uff083\uff09班平均分78\uff0c比上次高5分",
    "全班42人及格\uff0c最高98分",
    "周三测验平均78分",
    "周测85分以上12人",
    "方法得当\uff0c85分以上有12人",
    "方程组这道12分",
    "任务二用了15分钟",
    "任务单完成得好\uff0c默写平均9分",
    "程度较好的班平均80分",
    "白板展示3分钟",
    "白话文翻译8分\uff0c失分多",
    "古诗文默写6分\uff0c错在“瑟”字",
    "金句赏析4分",
    "余下5分钟做练习",
    "于是只剩5分钟",
    "马上下课还差3分钟",
    "何时用提问\uff0c何时用讨论\uff0c要想清楚",
    "高考作文满分60分",
    "高分同学多在审题上占优",
    "高中默写6分的题型",
    "李白两首默写平均5分",
    "李清照的词赏析6分\uff0c得分率58%",
    "苏轼《赤壁赋》翻译10分",
    "杜甫《登高》赏析题6分\uff0c失分在炼字",
    "白居易《琵琶行》默写6分",
    "陶渊明 鉴赏题8分",
    "王维的诗第3题得分低\uff0c平均2.5分",
    "鲁迅小说阅读18分太难",
    "汪曾祺散文12分偏低",
    "石钟山记翻译题4分",
    "林黛玉进贾府这节用了40分钟",
    "史料题12分只得6分的占一半",
    "李老师给了85分的评价",
    "王老师班平均92分",
    "张老师说满分率太低",
    "陈静的课90分\uff0c评得公道",
    "刘主任说年级平均分85分",
    "学生07号58分\uff0c要面批",
    "3班07号58分",
    "学生A 58分\uff0c学生B 62分",
    "同学们表现很好\uff0c都能得5分",
    "许多同学第3题得0分",
    "任何同学都能拿到3分",
    "向其他同学展示",
    "周围同学互评\uff0c各打8分",
    "选择题第3题满分3分",
    "每空2分\uff0c共8分",
    "第3组得5分\uff0c第4组得4分",
    "十分钟不够\uff0c学生十分投入",
    "时间分配不合理\uff0c前松后紧",
    "分层作业\uff1a保底、达标、拔高",
    "常规题90分以上的占一半",
    "文言文实词10分\uff0c均分6分",
    "段落大意3分\uff0c概括不全",
    "20260907 第一课时",
    "2026年9月7日 高一3班 第3节",
    "课题\uff1a百合花 亮点\uff1a讨论热烈 不足\uff1a时间紧 改进\uff1a精简导入",
    "向量这节超时5分钟",
    "温州话读诗很有趣\uff0c讲了10分钟",
    "黄河颂朗诵5分钟\uff0c施工图题第3名的组加分",
    "分组展示\uff0c第一名得5分奖励",
    "沈老师班第2名\uff0c周老师打了85分",
    "课后和张老师交流\uff0c他建议导入控制在3分钟",
    "第一名的小组加了5分",
    "温故而知新用时5分钟",
    "江南的冬景 主旨题5分",
    "\U0001f600\U0001f600",
    "",
]


@pytest.mark.parametrize(("text", "count"), CAUGHT, ids=[text for text, _ in CAUGHT])
def test_pupils_data_is_caught(text: str, count: int) -> None:
    assert len(guard.inspect(text, TEACHERS)) == count


@pytest.mark.parametrize("text", PASSES)
def test_ordinary_sentences_pass(text: str) -> None:
    assert guard.inspect(text, TEACHERS) == []


@pytest.mark.parametrize("text", [text for text, _ in CAUGHT])
def test_with_codes_a_text_passes_and_the_words_shown_give_nobody_away(text: str) -> None:
    replaced = guard.with_codes(text, TEACHERS)
    assert guard.inspect(replaced, TEACHERS) == []
    findings = guard.inspect(text, TEACHERS)
    shown = " ".join(finding.words for finding in findings)
    for secret in (text[finding.start : finding.end] for finding in findings):
        assert secret not in replaced
        assert "某" in text or secret not in shown


def test_one_pupil_keeps_one_code() -> None:
    replaced = guard.with_codes("张伟58分\uff0c李娜62分\uff1b张伟的作文扣了10分。", TEACHERS)
    assert replaced == "学生A58分\uff0c学生B62分\uff1b学生A的作文扣了10分。"


def test_the_roster_decides_who_is_a_teacher() -> None:
    assert guard.inspect("陈静58分") != []
    assert guard.inspect("陈静58分", ["陈静"]) == []


MANY_NAMES = "\uff0c".join(f"张{chr(0x5000 + n)}58分" for n in range(1_400))
LONG = ["张" * 10_000, "张伟" * 5_000, "不及格的有" * 2_000, "1" * 10_000, "张伟、" * 3_300, MANY_NAMES]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_long_texts_take_no_time(text: str) -> None:
    begin = time.perf_counter()
    guard.with_codes(text[:10_000])
    assert time.perf_counter() - begin < 1.0


WORDS = (
    "张伟 李娜 陈静 小明 同学 学生A 58 五十八 1 分 第三名 倒数 垫底 最高 最差 全对 成绩 名次 考了 是 "
    "学号 2023010203 13912345678 的 ： ， 、 名 同 全 最 一 \u0663 \uff15"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=8).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_the_quick_look_lets_pass_no_pattern_would_have_caught(text: str) -> None:
    found = guard.inspect(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "_CLUE", re.compile(""))
        assert guard.inspect(text) == found
