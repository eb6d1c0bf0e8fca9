"""Somebody in two groups writes privately: asked once which one is meant, and then the message goes on there."""

from bot.chat.transport import Incoming
from bot.simulator import sample


async def say(chat, text: str, msgid: str, name: str = "王老师"):
    playground = chat.playground
    user = sample.user_of(name)
    return await playground.dispatcher.receive(
        Incoming(
            channel=sample.CHANNEL,
            msgid=msgid,
            chat=user,
            private=True,
            sender=user,
            text=text,
            bot_name="备课助手",
            at=playground.clock.now(),
        )
    )


async def test_it_is_asked_once_and_the_message_goes_on(chat):
    asked = await say(chat, "/反思 导入压到三分钟", "1")
    assert asked.said[0].status == "question"
    assert "1 高一语文备课组" in asked.answer.plain()
    assert "2 高一年级课题组" in asked.answer.plain()
    done = await say(chat, "2", "2")
    assert done.answer.plain().startswith("✅ 反思")
    assert "还没写反思" in await chat.王老师("/反思", group="高一语文备课组")
    again = await say(chat, "/反思 第二篇也在这里", "3")  # not asked again
    assert again.answer.plain().startswith("✅ 反思")
    assert "2 篇" in await chat.王老师("/反思", group="高一年级课题组")


async def test_the_answer_delivered_again_changes_nothing(chat):
    await say(chat, "/反思 只写一次", "1")
    first = await say(chat, "1", "2")
    assert await say(chat, "1", "2") == first
    assert "1 篇" in await chat.王老师("/反思", group="高一语文备课组")


async def test_help_needs_no_group_and_another_number_is_no_answer(chat):
    assert (await say(chat, "/帮助", "1")).said[0].status == "ok"
    await say(chat, "/我的", "2")
    other = await say(chat, "7", "3")
    assert other.said[0].status == "menu"


async def test_who_is_in_one_group_is_not_asked(chat):
    assert (await say(chat, "/我的", "1", "孙老师")).said[0].status == "ok"
