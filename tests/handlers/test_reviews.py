"""Reviewing lessons: who may, what the teacher reads, what the group does not, and the leader's scale."""

import pytest

MARKS = "目标5 环节4 参与3 效果4 导入好"


async def heard(chat, *names):
    for name in names:
        await chat.say(name, "/听课 张老师 今天第1节 高一3班")


async def test_the_story_of_a_lesson_reviewed_by_two(chat):
    await heard(chat, "王老师", "赵老师")
    assert "5 张老师 9月7日 周一第1节" in await chat.王老师("/评课")
    first = await chat.王老师.private(f"/评课 5 {MARKS}")
    assert first.startswith("✅ 评课记下了（这节课共 1 份），全文已私下给上课老师。")
    assert first.notes["张老师"].splitlines()[1:] == [
        "目标达成 5 · 环节设计 4 · 学生参与 3 · 效果 4",
        "导入好",
        "最弱一项：学生参与",
    ]
    second = await chat.赵老师("/评课 张老师 板书清楚 效果：2分，环节设计5 学生参与4 达成3")
    assert "共 2 份" in second
    assert "最弱" not in second
    note = second.notes["张老师"]
    assert "2 份平均：目标达成 4.0 · 环节设计 4.5 · 学生参与 3.5 · 效果 3.0；最弱：效果" in note
    assert "板书清楚" in note
    mine = await chat.张老师("/评课 看")
    assert "4.0" not in mine
    assert "目标达成 4.0" in mine.notes["张老师"]
    digest = await chat.李老师("/汇总 9月")
    assert "评课 1 节（2 份）" in digest
    assert "平均" not in digest + digest.notes["李老师"]
    assert "评课 1 节" in await chat.王老师("/我的")


async def test_once_more_changes_it_and_each_is_taken_back(chat):
    await heard(chat, "王老师")
    await chat.王老师(f"/评课 5 {MARKS}")
    again = await chat.王老师("/评课 5 目标5 环节5 参与5 效果5")
    assert "共 1 份" in again
    assert "最弱" not in again.notes["张老师"]
    back = await chat.王老师("/撤销")
    assert "改回上一份" in back
    assert "改回了上一份" in back.notes["张老师"]
    assert "学生参与 3.0" in (await chat.张老师.private("/评课 看"))
    await chat.王老师(f"/评课 5 {MARKS} 收束稍急")
    await chat.王老师("/撤销")
    await heard(chat, "赵老师")
    await chat.赵老师(f"/评课 张老师 {MARKS}")
    assert "删掉了" in await chat.赵老师("/撤销")
    assert "评课 1 节（1 份）" in await chat.李老师("/汇总 9月")


async def test_several_lessons_of_a_teacher_are_asked_about(chat):
    await heard(chat, "王老师")
    await chat.王老师("/听课 张老师 今天第2节")
    asked = await chat.王老师(f"/评课 张老师 {MARKS}")
    assert asked.status == "question"
    assert "1. 张老师 9月7日 周一第2节" in asked
    assert "周一第1节" in (await chat.王老师("2")).notes["张老师"]
    guarded = await chat.王老师("/评课 5 目标5 环节4 很稳 参与3 效果4 张伟考了58分")
    assert guarded.startswith("🛡️")
    assert "张伟" not in (await chat.王老师("1")).notes["张老师"]


async def test_the_leader_alone_reads_the_groups_mean_and_only_of_several(chat):
    for n, teacher in enumerate(("张老师", "赵老师", "陈老师"), start=1):
        await chat.王老师(f"/听课 {teacher} 今天第{n}节")
        await chat.王老师(f"/评课 {teacher} {MARKS}")
        full = await chat.李老师.private("/汇总 9月")
        assert ("3 份平均：目标达成 5.0" in full) is (n == 3)
    assert "平均" not in await chat.李老师("/汇总 9月")


async def test_the_leaders_own_scale_and_old_reviews_keep_theirs(chat):
    await heard(chat, "王老师", "赵老师")
    assert "目标达成、环节设计、学生参与、效果" in await chat.王老师("/量表")
    await chat.王老师(f"/评课 张老师 {MARKS}")
    await chat.李老师("/量表 改 导入 提问 板书")
    assert "还少" in await chat.赵老师(f"/评课 张老师 {MARKS}")
    reply = await chat.赵老师("/评课 张老师 提问2 导入5 板书4 用了5分钟导入，提问8人")
    assert "导入 5 · 提问 2 · 板书 4" in reply.notes["张老师"]
    assert "用了5分钟导入，提问8人" in reply.notes["张老师"]
    assert "1 份平均：导入 5.0" in reply.notes["张老师"]
    await chat.李老师("/量表 改 导入、提问")
    assert "量表还是导入、提问、板书" in await chat.李老师("/撤销")
    assert "目标达成、环节设计、学生参与、效果" in await chat.李老师("/量表 改 默认")


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("王老师", "/评课 5 目标5 环节4", "还少 学生参与、效果 的分"),
        ("王老师", "/评课 5 目标6 环节4 参与3 效果4", "要 1 到 5 的整数"),
        ("王老师", "/评课 5 目标4.5 环节4 参与3 效果4", "要 1 到 5 的整数"),
        ("王老师", "/评课 5 目标5 达成4 环节4 参与3 效果4", "写了两个分数"),
        ("王老师", "/评课 99 目标5", "没有编号 99"),
        ("陈老师", f"/评课 5 {MARKS}", "不是您记的"),
        ("陈老师", f"/评课 张老师 {MARKS}", "还没记听过张老师的课"),
        ("王老师", f"/评课 王老师 {MARKS}", "自己的课不评"),
        ("王老师", "/评课 很好", "评哪节课"),
        ("王老师", f"/评课 5 {MARKS}" + "长" * 1000, "最多 1000 字"),
        ("访客", f"/评课 5 {MARKS}", "我还不认识您"),
        ("王老师", "/量表 改 导入 提问", "由组长使用"),
        ("李老师", "/量表 改 导入", "2 到 8 项"),
        ("李老师", "/量表 改 导入 提问 提问", "写了两遍"),
        ("李老师", "/量表 改 导入 a", "不能作项目名"),
        ("李老师", "/量表 改 默认", "现在就是这个量表"),
    ],
)
async def test_what_is_wrong_is_said(chat, speaker, text, says):
    await heard(chat, "王老师")
    reply = await chat.say(speaker, text)
    assert reply.status == "refused"
    assert says in reply
    assert reply.notes == {}
