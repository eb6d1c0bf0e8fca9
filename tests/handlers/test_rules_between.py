"""What holds between commands: what /撤销 reaches, who is sent where, what comes again after a change."""


async def test_something_that_cannot_be_undone_leaves_nothing_older_to_undo(chat):
    await chat.李老师("/公开课 发布 9月24日第2节 赵老师《插秧歌》 4座")
    await chat.李老师("/成员 加 新老师")
    reply = await chat.李老师("/撤销")
    assert reply.startswith("ℹ️ 没有可以撤销的操作")
    assert "《插秧歌》" in await chat.王老师("/公开课")


async def test_looking_does_not_disturb_what_can_be_undone(chat):
    await chat.王老师("/报名 1")
    await chat.王老师("/公开课")
    await chat.王老师("/日程")
    await chat.王老师("/报名")
    assert (await chat.王老师("/撤销")).startswith("↩️ 已撤销")


async def test_a_known_teacher_of_another_group_hears_whom_to_ask(chat):
    reply = await chat.李老师("/我的", group="高一年级课题组")
    assert reply.startswith("🔒 李老师不在高一年级课题组。")
    assert "/成员 加 李老师" in reply


async def test_a_meeting_that_moved_is_announced_for_its_new_day(chat):
    await chat.until("2026-09-08T12:00")  # Tuesday's card has announced Wednesday
    await chat.李老师("/日程 改 4 周五第8节")
    posts = await chat.until("2026-09-10T12:00")
    assert any(p.to == "group" and "9月11日 周五第8节" in p.text and "集体备课" in p.text for p in posts)


async def test_who_is_not_confirmed_hears_it(chat):
    await chat.say("新面孔", "/我是 王老师")
    reply = await chat.李老师("/成员 拒绝 1")
    assert "组长没有确认" in reply.notes["王老师"]
    bubbles = await chat.playground.transcript("", "新面孔", 0)
    assert "组长没有确认您是王老师" in bubbles[-1].text
    assert await chat.playground.transcript("", "王老师", 0) == []


async def test_an_example_is_never_sent_by_a_tap(chat):
    await chat.王老师("/听课")
    bubbles = await chat.playground.transcript("高一语文备课组", None, 0)
    examples = [action for bubble in bubbles for action in bubble.actions if "/听课 " in action.send]
    assert examples
    assert all(action.fill for action in examples)


async def test_a_text_longer_than_the_platform_carries_is_refused(chat):
    reply = await chat.王老师.private("/反思 " + "好" * 10_000)
    assert reply.status == "ok"


async def test_a_note_to_somebody_without_an_account_waits_for_them(chat):
    await chat.李老师("/成员 加 新老师")
    await chat.李老师("/报名 1 新老师")
    assert await chat.playground.transcript("", "新老师", 0) == []
    await chat.say("新老师", "/我是 新老师")
    reply = await chat.say("新老师", "/我的", private=True)
    assert "给您的留言" in reply
    assert "李老师替您报了名" in reply
    assert "给您的留言" not in await chat.say("新老师", "/我的", private=True)
