"""Writing, editing, sharing and guarding reflections: dialogues."""

import pytest

from bot.domain.reflections import heading

LONG = "今天的课\u2014\u2014" + "深\U0001f600读 \u3000\t、" * 1_666
EXACT = LONG[:9_999] + "。"


async def test_a_reflection_in_the_group_is_shared(chat):
    reply = await chat.王老师("/反思 导入太长\uff0c下次三分钟内进入文本")
    assert reply.startswith("✅ 反思 5 已保存\uff0c全组可见。")
    assert "反思 1 篇" in await chat.王老师("/我的")
    assert (await chat.王老师("/撤销")).startswith("↩️ 已撤销\uff1a反思 5 删掉了")
    assert "反思" not in (await chat.王老师("/我的"))


async def test_a_private_one_is_private_even_in_the_groups_lists(chat):
    reply = await chat.王老师.private("/反思 今天状态不好\uff0c没讲透")
    assert reply.startswith("✅ 反思 5 已保存\uff0c只有您自己看得到。")
    for text in ("/我的", "/反思"):
        shown = await chat.王老师(text)
        assert "状态不好" not in shown
        assert "只有本人可见" in shown
    assert "状态不好" in await chat.王老师.private("/反思")


@pytest.mark.parametrize(
    "text",
    [
        "课题\uff1a荷塘月色\n亮点\uff1a小组展示充分\n不足\uff1a超时5分钟\n改进\uff1a分两课时",
        "课题\uff1d荷塘月色 亮点\uff1d小组展示充分 不足\uff1d超时5分钟 改进\uff1d分两课时",
        "课题=荷塘月色\uff0c亮点=小组展示充分\uff0c不足=超时5分钟\uff0c改进=分两课时",
        "课题: 荷塘月色\uff1b亮点: 小组展示充分\uff1b不足: 超时5分钟\uff1b改进: 分两课时",  # ascii: typed so
    ],
)
async def test_four_headings_are_read_however_they_are_written(chat, text):
    values = [heading(text, name) for name in ("课题", "亮点", "不足", "改进")]
    assert values == ["荷塘月色", "小组展示充分", "超时5分钟", "分两课时"]
    await chat.王老师(f"/反思 {text}")
    assert "反思 5 荷塘月色" in await chat.王老师("/我的")


async def test_editing_keeps_the_old_text_for_undo(chat):
    await chat.王老师("/反思 导入太长\uff0c进入文本太慢")
    assert (await chat.王老师("/反思 改 5 导入压到三分钟")).startswith("✅ 反思 5 已修改")
    assert "导入压到三分钟" in (await chat.王老师.private("/反思 看 5"))
    assert "恢复到修改之前" in await chat.王老师("/撤销")
    assert "进入文本太慢" in (await chat.王老师.private("/反思 看 5"))


async def test_sharing_and_taking_it_back(chat):
    await chat.王老师.private("/反思 小组展示比我讲得好")
    assert "已分享给全组" in await chat.王老师.private("/反思 分享 5")
    assert (await chat.王老师.private("/反思 分享 5")).startswith("ℹ️ 反思 5 已经是分享的")
    assert "现在是私密的" in await chat.王老师.private("/撤销")
    assert "小组展示" not in await chat.王老师("/我的")


async def test_reading_is_for_the_author_and_goes_privately(chat):
    await chat.王老师("/反思 导入太长\uff0c进入文本太慢")
    reply = await chat.王老师("/反思 看 5")
    assert reply == "✉️ 私下回复您了。"
    assert "进入文本太慢" in reply.notes["王老师"]
    for text in ("/反思 看 5", "/反思 改 5 我来改", "/反思 分享 5", "/反思 私密 5"):
        assert (await chat.李老师(text)).startswith("🔒 反思 5 是别人写的")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("/反思 看 99", "❌ 没有编号 99 的反思。"),
        ("/反思 看 1", "❌ 没有编号 1 的反思。"),
        ("/反思 看", "❌ 还少编号。"),
        ("/反思 改 5", "❌ 还少内容。"),
        ("/反思 课题\uff1a", "❌ 反思还没有内容。"),
        ("/反思 课题\uff1a 亮点\uff1a\n不足\uff1a", "❌ 反思还没有内容。"),
        ("/反思 分享 这节课", "❌ 没看懂“这节课”。"),
    ],
)
async def test_what_is_wrong_is_named_with_an_example(chat, text, first):
    await chat.王老师("/反思 导入太长\uff0c进入文本太慢")
    reply = await chat.王老师(text)
    assert reply.splitlines()[0] == first
    assert "@备课助手 /" in reply.splitlines()[1]


async def test_ten_thousand_characters_are_kept_byte_for_byte(chat):
    assert len(EXACT) == 10_000
    assert (await chat.王老师.private(f"/反思 {EXACT}")).startswith("✅ 反思 5")
    assert "\n".join((await chat.王老师.private("/反思 看 5")).splitlines()[1:-1]) == EXACT
    refused = await chat.王老师.private(f"/反思 {EXACT}\u3002")
    assert refused.startswith("❌ 这条有 10001 字\uff0c最多 10000 字。")


@pytest.mark.parametrize("text", ["\U0001f600\U0001f600", "好", "0001", "\u200b讲得太快了\u200b", "改了导入之后好多了"])
async def test_short_and_odd_texts_are_kept(chat, text):
    assert (await chat.王老师(f"/反思 {text}")).startswith("✅ 反思 5")


@pytest.mark.parametrize("text", ["/反思", "/反思   ", "/反思 \u3000\u200b\t"])
async def test_nothing_visible_shows_the_state_and_stores_nothing(chat, text):
    assert (await chat.王老师(text)).startswith("📝 您这学期还没写反思")
    assert "反思" not in await chat.王老师("/我的")


async def test_the_guard_tells_the_writer_alone_and_one_tap_stores_the_code(chat):
    reply = await chat.王老师("/反思 默写普遍好\uff0c张伟只有58分\uff0c李娜62分")
    assert reply == "🛡️ 刚才那条没有保存\uff0c原因私下告诉您了。建议把原消息撤回。"
    assert reply.status == "refused"
    note = reply.notes["王老师"]
    assert "“张某58分”" in note
    assert "张伟" not in note
    assert (await chat.王老师("1")).startswith("✅ 反思 5 已保存")
    assert "默写普遍好\uff0c学生A只有58分\uff0c学生B62分" in await chat.王老师.private("/反思 看 5")


async def test_the_one_tap_answer_holds_for_one_message(chat):
    await chat.王老师.private("/反思 张伟58分")
    await chat.王老师.private("/我的")
    assert (await chat.王老师.private("1")).status == "menu"
    assert "反思" not in await chat.王老师.private("/我的")


async def test_an_edit_is_guarded_too(chat):
    await chat.王老师("/反思 导入太长\uff0c进入文本太慢")
    assert (await chat.王老师("/反思 改 5 张伟58分")).startswith("🛡️")
    assert "已修改" in await chat.王老师("1")
    assert "学生A58分" in await chat.王老师.private("/反思 看 5")


@pytest.mark.parametrize("text", ["改 3 处板书", "看 3", "分享 3", "写 写 看"])
async def test_written_down_whatever_it_begins_with(chat, text):
    assert (await chat.王老师.private(f"/反思 写 {text}")).startswith("✅ 反思 5 已保存")
    assert text in await chat.王老师.private("/反思 看 5")
    guarded = await chat.王老师.private(f"/反思 写 {text} 张小明58分")
    assert guarded.status == "refused"
    assert (await chat.王老师.private("1")).startswith("✅ 反思 6 已保存")
