"""Shared problems: raised during the week, on the next agenda, solved or not; and what must not be."""

import pytest

TEXT = "学生计算步骤跳步多"


def card(posts, words):
    return [post.text for post in posts if post.kind == "card" and words in post.text]


async def test_the_story_of_a_problem(chat):
    """Raised on Monday, talked about on Wednesday and at the next meeting, solved, back, solved again; counted."""
    assert "现在没有待研讨的问题" in await chat.王老师("/问题")
    assert "已记下问题 5" in await chat.王老师(f"/问题 {TEXT}")
    assert (await chat.张老师("/问题")).splitlines()[:2] == ["🧩 待研讨的问题 1 个：", f"5 {TEXT}（王老师）"]
    assert "要研讨的问题 1 个" in await chat.张老师("/本周备课")
    [tuesday] = card(await chat.until("2026-09-08T12:00"), "周三第8–9节 语文办公室 集体备课")
    assert f"要研讨的问题：5 {TEXT}" in tuesday
    assert "议过 1 次" in await chat.李老师("/问题 讨论 5")
    await chat.until("2026-09-14T06:00")
    [monday] = card(await chat.until("2026-09-14T08:00"), "第3周备课")
    assert "• 要研讨的问题 1 个，看：/问题" in monday
    await chat.李老师("/例会 定 周四第8节 语文办公室")
    assert f"问题 5 {TEXT}" in await chat.王老师("/例会")
    [before] = card(await chat.until("2026-09-16T08:00"), "备课组例会")
    assert f"问题 5 {TEXT}" in before
    solved = await chat.李老师("/问题 解决 5 每步写依据")
    assert f"✅ 问题 5 {TEXT} 解决了。" in solved
    assert "做法" not in solved
    assert solved.notes["王老师"] == f"✅ 您提的问题 5 {TEXT}解决了：每步写依据"
    assert "问题 5" not in await chat.王老师("/例会")
    await chat.until("2026-10-09T12:00")
    assert "上次的做法：每步写依据" in await chat.王老师("/问题 重开 5")
    assert "解决了" in await chat.王老师("/问题 解决 5 每步写依据，连练三天")
    assert "做法：每步写依据，连练三天" in await chat.张老师("/问题 5")
    assert "提出 1 个，解决 0 个，还开着 1 个" in await chat.李老师("/汇总 9月")
    assert "提出 0 个，解决 1 个，还开着 0 个" in await chat.李老师("/汇总 10月")
    assert "提出问题 1 个，解决 1 个" in await chat.王老师("/我的")


async def test_september_counted_by_hand(chat):
    for text in ("审题不细", "跳步多", "字迹乱", "不会圈画"):
        await chat.王老师(f"/问题 {text}")
    await chat.王老师("/问题 解决 5 圈关键词")
    await chat.王老师("/问题 解决 6")
    await chat.王老师("/问题 撤回 7")
    private = await chat.李老师.private("/汇总 9月 问题")
    assert "提出 3 个，解决 2 个，还开着 1 个" in private
    assert "5 审题不细" in private
    assert "字迹乱" not in private


async def test_a_problem_raised_privately_names_nobody(chat):
    done = await chat.王老师.private(f"/问题 {TEXT}")
    assert "群里不写您的名字" in done
    assert "王老师" not in await chat.李老师("/问题")
    assert "王老师" not in await chat.李老师("/问题 5")
    assert "王老师" not in await chat.李老师.private("/汇总 9月 问题")
    assert TEXT not in await chat.王老师("/我的")
    assert "提出问题 1 个" in await chat.王老师("/我的")
    assert "（王老师）" in await chat.王老师("/问题 署名 5")
    assert "不署名" in await chat.王老师("/撤销")
    assert "王老师" not in await chat.李老师("/问题 5")
    await chat.王老师("/问题 署名 5")
    await chat.王老师("/问题 匿名 5")
    assert "王老师" not in await chat.李老师("/问题")


async def test_every_step_is_taken_back(chat):
    await chat.王老师(f"/问题 {TEXT}")
    assert "问题 5 收回了" in await chat.王老师("/撤销")
    await chat.王老师(f"/问题 {TEXT}")
    await chat.王老师("/问题 改 6 列式后跳步多")
    assert "恢复到修改之前" in await chat.王老师("/撤销")
    assert TEXT in await chat.王老师("/问题")
    await chat.李老师("/问题 讨论 6")
    assert "这次没有议" in await chat.李老师("/撤销")
    await chat.李老师("/问题 解决 6 写依据")
    undone = await chat.李老师("/撤销")
    assert "还是待研讨" in undone
    assert "撤销了" in undone.notes["王老师"]
    await chat.李老师("/问题 解决 6")
    await chat.李老师("/问题 解决 6 写依据")
    assert "的做法恢复到修改之前" in await chat.李老师("/撤销")
    assert "写依据" not in await chat.李老师("/问题 6")
    await chat.王老师("/问题 重开 6")
    assert "还是已解决" in await chat.王老师("/撤销")
    await chat.王老师("/问题 重开 6")
    withdrawn = await chat.李老师("/问题 撤回 6")
    assert "撤下了您提的问题" in withdrawn.notes["王老师"]
    assert "还是待研讨" in await chat.李老师("/撤销")


async def test_what_others_have_gone_on_with_is_not_taken_back(chat):
    await chat.王老师(f"/问题 {TEXT}")
    await chat.李老师("/问题 讨论 5")
    reply = await chat.王老师("/撤销")
    assert (reply.status, "已经议过了" in reply) == ("refused", True)


@pytest.mark.parametrize("text", [f"/问题 {TEXT}", "/问题 改 5 乱写", "/问题 解决 5 乱写", "/问题 讨论 5"])
async def test_a_visitor_may_not(chat, text):
    await chat.王老师("/问题 审题不细")
    assert (await chat.访客(text)).status == "refused"
    assert "待研讨的问题 1 个" in await chat.王老师("/问题")


async def test_the_lead_of_the_week_may_close_others_may_not(chat):
    await chat.赵老师(f"/问题 {TEXT}")
    for text in ("/问题 解决 5 写依据", "/问题 讨论 5", "/问题 撤回 5", "/问题 改 5 别的", "/问题 匿名 5"):
        assert (await chat.张老师(text)).status == "refused", text
    assert "解决了" in await chat.王老师("/问题 解决 5 写依据")  # leads week 2
    assert (await chat.张老师("/问题 重开 5")).status == "refused"


@pytest.mark.parametrize(
    "text", ["/问题 张小明这次58分，计算跳步", "/问题 改 5 张小明这次58分", "/问题 解决 5 张小明这次58分，单独辅导"]
)
async def test_no_pupil_is_named(chat, text):
    """Nothing is kept; one tap sends the same thing with a code."""
    await chat.王老师("/问题 审题不细")
    reply = await chat.王老师(text)
    assert reply.status == "refused"
    shown = [await chat.李老师("/问题"), await chat.李老师("/问题 5"), await chat.李老师("/问题 6")]
    assert "张小明" not in "".join(shown)
    assert "58分" not in "".join(shown)
    assert (await chat.王老师("1")).status == "ok"
    shown = [await chat.李老师("/问题"), await chat.李老师("/问题 5"), await chat.李老师("/问题 6")]
    assert "学生A这次58分" in "".join(shown)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/问题 审题不细", "已经是这个问题了"),
        ("/问题 99", "没有编号 99 的问题"),
        ("/问题 解决", "还少编号"),
        ("/问题 解决 1 写依据", "没有编号 1 的问题"),
        ("/问题 改 5", "还少内容"),
        ("/问题 重开 5", "本来就待研讨"),
        ("/问题 署名 5", "本来就署名"),
        (f"/问题 {'长' * 501}", "最多 500 字"),
    ],
)
async def test_what_is_wrong_is_said(chat, text, says):
    await chat.王老师("/问题 审题不细")
    reply = await chat.王老师(text)
    assert reply.status == "refused"
    assert says in reply


async def test_many_problems_stay_short(chat):
    for number in range(12):
        await chat.王老师(f"/问题 第{number}种说法：{'步骤' * 20}")
    bare = await chat.王老师("/问题")
    assert len(bare.splitlines()) <= 12
    assert "……还有 5 个" in bare
    [tuesday] = card(await chat.until("2026-09-08T12:00"), "集体备课")
    assert "共 12 个，看：/问题" in tuesday


async def test_a_group_without_a_progress_table_has_problems_too(chat):
    group = "高一年级课题组"
    await chat.王老师("/问题 课题推进慢", group=group)
    assert (await chat.赵老师("/问题 解决 1 分工", group=group)).status == "refused"
    assert "解决了" in await chat.王老师("/问题 解决 1 分工", group=group)
    assert "提出 1 个，解决 1 个" in await chat.张老师("/汇总 9月", group=group)


async def test_the_agenda_names_three_and_counts_the_rest(chat):
    for text in ("审题不细", "跳步多", "字迹乱", "不会圈画", "不检查"):
        await chat.王老师(f"/问题 {text}")
    await chat.李老师("/例会 定 周四第8节 语文办公室")
    agenda = await chat.王老师("/例会")
    assert "3. 问题 7 字迹乱" in agenda
    assert "4. 另有 2 个问题" in agenda
