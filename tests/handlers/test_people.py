"""Saying who one is, the roster, claiming a group, choosing between groups: dialogues."""

from pathlib import Path

import pytest

from bot.app import Playhouse
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM, Identity
from tests.conftest import Chat

CHINESE, RESEARCH = "高一语文备课组", "高一年级课题组"


async def code_of(chat: Chat) -> str:
    async with chat.playground.store.transaction(SYSTEM) as tx:
        return next(record.invitation for record in await tx.scan(GroupRecord) if record.invitation)


async def test_a_free_name_is_bound_at_once_and_the_leader_is_told(chat):
    await chat.李老师("/成员 加 新老师")
    assert "新老师\uff08还没登记\uff09" in await chat.李老师("/成员")
    reply = await chat.新老师("/我是 新老师。")
    assert reply.startswith(f"✅ 认识了\uff0c您是{CHINESE}的新老师。")
    assert reply.notes["李老师"].startswith("ℹ️ 新老师刚登记了账号")
    assert (await chat.新老师("/报名 1")).status == "ok"
    assert (await chat.新老师("/我是 新老师")).startswith("ℹ️ 您已经登记为新老师")


async def test_a_taken_name_is_a_claim_that_the_leader_confirms(chat):
    asked = await chat.新手机("/我是 王老师")
    assert asked.startswith("📝 已告诉李老师\uff0c确认后就能用")
    assert "/成员 同意 1" in asked.notes["李老师"]
    assert (await chat.新手机("/我的")).startswith("🔒")
    confirmed = await chat.李老师("/成员 同意 1")
    assert confirmed.notes["王老师"].startswith("✅ 李老师确认了\uff0c您是")
    assert (await chat.新手机("/我的")).startswith("📒 王老师")
    assert (await chat.李老师("/成员 同意 1")).startswith("❌ 没有第 1 个申请")


async def test_a_declined_claim_binds_nothing(chat):
    await chat.新手机("/我是 李老师")
    assert "📝 申请 1\uff1a李老师" in await chat.李老师("/成员")
    assert (await chat.李老师("/成员 拒绝 1")).startswith("✅ 已退回申请 1")
    assert (await chat.新手机("/汇总")).startswith("🔒")
    assert "申请" not in await chat.李老师("/成员")


async def test_a_new_name_becomes_a_member_when_confirmed(chat):
    await chat.新老师("/我是 新老师")
    await chat.新老师("/我是 新老师")  # asked twice, one claim
    assert (await chat.李老师("/成员")).count("申请") == 1
    await chat.李老师("/成员 同意 2")
    assert "9 人" in await chat.李老师("/成员")
    assert (await chat.新老师("/报名 1")).status == "ok"


async def test_only_the_leader_decides_and_sees_claims(chat):
    await chat.新手机("/我是 王老师")
    assert "申请" not in await chat.王老师("/成员")
    for text in ("/成员 同意 1", "/成员 拒绝 1", "/成员 加 新老师", "/成员 移出 周老师", "/成员 码 王老师"):
        assert "由组长使用\uff08组长\uff1a李老师\uff09" in await chat.王老师(text)


async def test_a_one_time_code_works_once(chat):
    handed = await chat.李老师("/成员 码 周老师")
    assert handed == "✉️ 私下回复您了。"
    code = handed.notes["李老师"].split("验证码\uff1a")[1][:6]
    assert (await chat.新手机(f"/我是 周老师 {code.lower()}")).startswith("✅ 认识了")
    assert (await chat.别的手机(f"/我是 周老师 {code}")).startswith("❌ 验证码不对\uff0c或已经用过")
    assert (await chat.别的手机("/我是 周老师 验证码")).startswith("❌ 验证码不对")
    assert (await chat.别的手机(f"/我是 王老师 {code}")).startswith("❌ 验证码不对")


async def test_a_new_code_makes_the_old_one_void(chat):
    first, second = [
        (await chat.李老师("/成员 码 周老师")).notes["李老师"].split("验证码\uff1a")[1][:6] for _ in range(2)
    ]
    assert (await chat.新手机(f"/我是 周老师 {first}")).startswith("❌ 验证码不对")
    assert (await chat.新手机(f"/我是 周老师 {second}")).startswith("✅ 认识了")


@pytest.mark.parametrize("text", ["/我是新老师", "/我是\uff1a新老师", "/我叫 新老师", "/我是 新老师\uff01"])
async def test_a_name_is_read_however_it_is_typed(chat, text):
    await chat.李老师("/成员 加 新老师")
    assert (await chat.新老师(text)).startswith("✅ 认识了")


@pytest.mark.parametrize("words", ["<b>", "名" * 21, "王老师、张老师", "王老师 张老师", "@王老师", "/帮助"])
async def test_what_is_no_name_is_refused(chat, words):
    assert (await chat.访客(f"/我是 {words}")).status == "refused"
    assert (await chat.李老师(f"/成员 加 {words}")).status == "refused"


async def test_who_is_known_does_not_become_somebody_else(chat):
    assert (await chat.王老师("/我是 李老师")).startswith("❌ 您登记的是王老师")
    assert (await chat.王老师("/我是")).startswith("👋 您是王老师。")
    assert (await chat.访客("/我是")).startswith("👋 我还不认识您。")


async def test_who_was_removed_starts_anew(chat):
    assert (await chat.李老师("/成员 移出 周老师")).startswith("✅ 周老师已移出名单")
    assert (await chat.周老师("/报名 1")).startswith("🔒")
    assert (await chat.李老师("/成员 移出 周老师")).startswith("❌ 组里没有“周老师”")
    assert (await chat.李老师("/成员 移出 李老师")).startswith("❌ 组长不能移出名单")
    await chat.李老师("/成员 加 周老师")
    assert (await chat.另一个人("/我是 周老师")).startswith("✅ 认识了")


async def test_a_teacher_of_the_school_may_ask_to_join_another_group(chat):
    asked = await chat.刘老师("/我是 刘老师", group=RESEARCH)
    assert asked.startswith("📝 已告诉张老师")
    await chat.张老师("/成员 同意 1", group=RESEARCH)
    assert "刘老师" in await chat.张老师("/成员", group=RESEARCH)
    assert (await chat.刘老师("/我的")).startswith("📒 刘老师")


async def test_a_stranger_in_private_is_found_by_name_or_sent_to_the_group(chat):
    await chat.李老师("/成员 加 新老师")
    reply = await chat.新老师.private("/我是 新老师")
    assert reply.startswith(f"✅ 认识了\uff0c您是{CHINESE}的新老师")
    assert (await chat.谁.private("/我是 郑老师")).startswith("🔒 名单里没有“郑老师”")


async def test_accounts_are_strings(chat):
    await chat.李老师("/成员 加 新老师")
    await chat.say("0017", "/我是 新老师")
    async with chat.playground.store.transaction(SYSTEM) as tx:
        assert "user-0017" in [identity.user for identity in await tx.scan(Identity)]
    assert (await chat.say("17", "/我的")).startswith("🔒")


async def test_one_chooses_the_group_meant_in_private(chat):
    asked = await chat.王老师.private("/切换", group=CHINESE)
    assert asked.splitlines()[1:3] == [f"1 {CHINESE}", f"2 {RESEARCH}"]
    assert await chat.王老师.private("2") == f"✅ 私下说的现在是{RESEARCH}。\n换回来\uff1a/切换"
    assert RESEARCH in await chat.王老师.private("/成员")
    assert (await chat.王老师.private("/切换 语文")).startswith(f"✅ 私下说的现在是{CHINESE}")
    assert (await chat.王老师.private("/切换 高一")).startswith("❌ 像的组不止一个")
    assert (await chat.王老师.private("/切换 数学")).startswith("❌ 您不在“数学”。")
    assert (await chat.李老师("/切换")).startswith(f"ℹ️ 您只在{CHINESE}")
    assert (await chat.访客("/切换")).startswith("🔒")


async def test_a_group_is_claimed_with_its_code(tmp_path: Path):
    async with Playhouse(tmp_path / "data", None, empty=True) as playground:
        chat = Chat(playground)
        assert "/建组" in await chat.李老师("你好")
        assert "/建组" in await chat.李老师("/本周备课")
        code = await code_of(chat)
        assert (await chat.李老师("/建组 高一语文备课组")).startswith("❌ 还少组名或邀请码")
        assert (await chat.李老师("/建组 高一语文备课组 ABCDEFGH")).startswith("❌ 邀请码不对")
        assert (await chat.李老师.private(f"/建组 高一语文备课组 {code}")).startswith("🔒 请在备课组的群里发")
        done = await chat.李老师(f"/建组 高一语文备课组 {code.lower()}")
        assert done.startswith("✅ 高一语文备课组建好了\uff0c您是组长。")
        assert (await chat.say("李老师", "/成员", group="高一语文备课组")).startswith(
            "👥 高一语文备课组 1 人\n李老师\uff08组长\uff09"
        )
        again = await chat.say("王老师", f"/建组 又一个组 {code}", group="高一语文备课组")
        assert again.startswith("❌ 邀请码不对\uff0c或已经用过")
