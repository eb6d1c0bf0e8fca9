"""Signing up, waiting, clashing, publishing: dialogues."""


async def test_a_teacher_signs_up_and_takes_it_back(chat):
    reply = await chat.王老师("/报名 1")
    assert reply.startswith("✅ 已报名 1")
    assert "还剩 3 座" in reply
    assert (await chat.王老师("/撤销")).startswith("↩️ 已撤销")
    assert "听课 0/4" in await chat.王老师("/公开课")


async def test_a_full_lesson_offers_the_wait_list(chat):
    for name in ("王老师", "张老师", "赵老师", "刘老师"):
        assert (await chat.say(name, "/报名 1")).status == "ok"
    reply = await chat.周老师("/报名 1")
    assert reply.startswith("❌ 1 陈老师《峨日朵雪峰之侧》听课座位已满\uff084/4\uff09")
    assert "@备课助手 /候补 1" in reply
    assert "@备课助手 /报名 2" in reply
