"""What the bot says when asked what it can do: short, and only what the speaker may run."""

import re

import pytest

NAMES = ("李老师", "王老师", "访客")


@pytest.mark.parametrize("name", NAMES)
async def test_the_menu_fits_a_phone(chat, name):
    menu = await chat.say(name, "/帮助")
    assert len(menu.splitlines()) <= 12
    assert len(menu.replace("@备课助手 ", "")) <= 300
    assert menu.splitlines()[-1].startswith("看某一项怎么用\uff1a@备课助手 /帮助 ")


@pytest.mark.parametrize("name", NAMES)
async def test_every_command_the_menu_names_may_be_run(chat, name):
    menu = await chat.say(name, "/帮助")
    commands = set(re.findall(r"/([\u4e00-\u9fff]+)", menu))
    assert len(commands) >= 6
    for command in commands:
        reply = await chat.say(name, f"/{command}")
        assert reply.status in {"ok", "question", "refused"}
        assert not reply.startswith("🔒 /")


@pytest.mark.parametrize("name", NAMES)
async def test_every_example_of_every_page_is_understood(chat, name):
    commands = re.findall(r"/([\u4e00-\u9fff]+)", await chat.say(name, "/帮助"))
    for command in commands:
        page = await chat.say(name, f"/帮助 {command}")
        assert page.startswith(f"📖 /{command}"), command
        assert len(page.splitlines()) <= 12
        for example in re.findall(r"^(?:• |试试\uff1a@备课助手 )(/\S+(?: \S+)*)", page, re.MULTILINE):
            assert (await chat.say(name, example.split("  ")[0])).status not in {"menu", "error"}, example


@pytest.mark.parametrize("name", NAMES)
async def test_all_commands_are_named_on_one_page(chat, name):
    """The menu names as many as fit a phone; the page of names leaves none out that may be run."""
    page = await chat.say(name, "/帮助 全部")
    assert len(page.splitlines()) <= 12
    menu = set(re.findall(r"/([\u4e00-\u9fff]+)", await chat.say(name, "/帮助")))
    named = set(re.findall(r"/([\u4e00-\u9fff]+)", page))
    assert menu <= named
    for command in named:
        assert not (await chat.say(name, f"/帮助 {command}")).startswith(("🔒", "❌")), command


async def test_the_leader_sees_what_only_a_leader_may(chat):
    assert "/汇总" in await chat.李老师("/帮助")
    assert "/汇总" not in await chat.王老师("/帮助")
    assert "移出" in await chat.李老师("/帮助 成员")
    assert "移出" not in await chat.王老师("/帮助 成员")


@pytest.mark.parametrize(
    ("name", "topic", "first"),
    [
        ("王老师", "不存在", "❌ 没有“不存在”这一项。"),
        ("王老师", "汇总", "🔒 /汇总 由组长使用。"),
        ("访客", "报名", "🔒 /报名 由登记过的老师使用。"),
        ("王老师", "/bm", "📖 /报名  报名上公开课或去听课"),
        ("王老师", "反思 改", "📖 /反思  课后写两句\uff0c可私下发我"),
    ],
)
async def test_a_page_for_one_thing(chat, name, topic, first):
    assert (await chat.say(name, f"/帮助 {topic}")).splitlines()[0] == first


@pytest.mark.parametrize("text", ["", " ", "/", "\uff1f", "/help", "菜单", "/BZ", "@备课助手"])
async def test_asking_without_words_shows_the_menu(chat, text):
    assert (await chat.王老师(text)).startswith("📌 我能帮您")


@pytest.mark.parametrize("text", ["在吗", "/abc", "/报告 3", "收到", "明天的课换了吗", "\U0001f44d"])
async def test_what_is_not_understood_runs_nothing_and_shows_the_way(chat, text):
    reply = await chat.王老师(text)
    assert reply.status in {"menu", "ok"}
    assert "/帮助" in reply or reply.startswith("📌")
    assert "听课 0/4" in await chat.王老师("/公开课")
