"""The progress table pasted into the chat: looked at, imported, imported again, taken back."""

import pytest

from bot.app import Playhouse
from bot.calendar.progress_table import TableFile, read_table
from bot.domain import progress_drafts
from bot.domain.groups import load, space_of
from tests.conftest import Chat

RESEARCH = "高一年级课题组"
HEADER = "周次\t起止日期\t单元\t教学内容\t课时\t主备人\t备注"
TABLE = f"""高一语文教学进度表
{HEADER}
1\t8.31-9.4\t专题一\t《沁园春·长沙》\t4\t张老师\t
2\t9.7-9.11\t专题一\t《立在地球边上放号》\t4\t王老师\t
第\uff13、\uff14周\t9.14-9.25\t专题一\t《百合花》\t\uff17\t赵老师\t
5\t9.28-9.30\t专题二\t《插秧歌》\t3.0\t\t国庆调课
合计\t\t\t\t18\t\t
"""


async def test_a_table_is_looked_at_written_and_taken_back(chat):
    asked = await chat.张老师(f"/进度 导入\n{TABLE}", group=RESEARCH)
    assert asked.status == "question"
    assert asked.splitlines() == [
        "📊 《高一语文教学进度表》读到 5 周：新加 5，要改 0，不变 0",
        "第1周 专题一《沁园春·长沙》，4课时，张老师",
        "第2周 专题一《立在地球边上放号》，4课时，王老师",
        "第3周 专题一《百合花》（1/2），4课时，赵老师",
        "第4周 专题一《百合花》（2/2），3课时，赵老师",
        "第5周 专题二《插秧歌》，3课时",
        "⚠️ 表里没有第6–9、11–20周。",
        "回复前面的数字：1 导入   2 不要",
    ]
    assert "本周：进度表里还没有" in await chat.王老师("/进度", group=RESEARCH)
    await chat.张老师("/进度 导入 看", group=RESEARCH)
    done = await chat.张老师("1", group=RESEARCH)
    assert done.splitlines()[0] == "✅ 进度表导入了：新加 5 周，改了 0 周，0 周没有变。"
    assert "【改】" not in done
    seen = await chat.王老师("/进度", group=RESEARCH)
    assert "本周：专题一《立在地球边上放号》，4课时" in seen
    assert "备注：国庆调课" in await chat.王老师("/备课 第5周", group=RESEARCH)
    assert "第3周主备 专题一《百合花》（1/2）" in await chat.赵老师.private("/我的", group=RESEARCH)
    assert "已撤销：导入的 5 周进度恢复原样。" in await chat.张老师("/撤销", group=RESEARCH)
    assert "本周：进度表里还没有" in await chat.王老师("/进度", group=RESEARCH)


async def test_a_second_import_shows_the_difference_and_keeps_what_was_done(chat):
    await chat.李老师("/进度 改 第5周 《短歌行》")
    await chat.李老师("/备课 主备 第4周 王老师")
    table = (
        f"/进度 导入 {HEADER}\n1\t\t必修上 第一单元\t《红烛》\t4\t李老师\t\n"
        "2\t\t必修上 第一单元\t《立在地球边上放号》\t\t王老师\t\n"
        "3\t\t必修上 第一单元\t《哦，香雪》\t4\t张老师\t\n4\t\t必修上 第二单元\t《喜看稻菽千重浪》\t\t张老师\t\n"
        "5\t\t必修上 第二单元\t《插秧歌》\t\t陈老师\t"
    )
    asked = await chat.李老师(table)
    assert asked.splitlines()[:5] == [
        "📊 读到 5 周：新加 0，要改 1，不变 1",
        "第3周 改成 必修上 第一单元《哦，香雪》，课时 4",
        "⚠️ 第1周已经过去，照旧《沁园春·长沙》（表里课题、课时不同）。",
        "⚠️ 第4周的主备在群里定过，照旧王老师（表里张老师）。",
        "⚠️ 第5周在群里改过，照旧《短歌行》（表里《插秧歌》）。",
    ]
    assert asked.splitlines()[-1] == "回复前面的数字：1 导入   2 不要   3 照旧的也换成表里的"
    done = await chat.李老师("1")
    assert "新加 0 周，改了 1 周，1 周没有变" in done
    assert "【改】进度表第3周改了，看：/进度" in done
    assert "《短歌行》" in await chat.王老师("/备课 第5周")
    assert "主备：王老师" in await chat.王老师("/备课 第4周")
    await chat.李老师(table)
    assert "改了 3 周" in await chat.李老师("3")
    assert "《插秧歌》" in await chat.王老师("/备课 第5周")
    assert "主备：张老师" in await chat.王老师("/备课 第4周")
    assert "已撤销：导入的 3 周" in await chat.李老师("/撤销")
    assert "《短歌行》" in await chat.王老师("/备课 第5周")
    assert "主备：王老师" in await chat.王老师("/备课 第4周")
    assert "在群里改过" in await chat.李老师(table)


async def test_what_was_imported_is_on_mondays_card(chat):
    await chat.李老师(
        f"/进度 导入 {HEADER}\n3\t9.14-9.18\t必修上 第一单元\t《哦，香雪》\t4\t周老师\t\n4\t\t\t写作\t\t\t"
    )
    await chat.李老师("1")
    posts = await chat.until("2026-09-14T08:00")
    card = next(post.text for post in posts if post.kind == "card" and "第3周备课" in post.text)
    assert "《哦，香雪》，4课时" in card
    assert "主备：周老师" in card


async def test_the_question_outlives_a_restart(tmp_path):
    async with Playhouse(tmp_path / "data", None) as playground:
        await Chat(playground).张老师(f"/进度 导入\n{TABLE}", group=RESEARCH)
    async with Playhouse(tmp_path / "data", None) as playground:
        assert "新加 5 周" in await Chat(playground).张老师("1", group=RESEARCH)


async def test_a_draft_is_dropped_and_grows_old(chat):
    await chat.张老师(f"/进度 导入\n{TABLE}", group=RESEARCH)
    assert "没有导入" in await chat.张老师("2", group=RESEARCH)
    assert "没有等着导入的进度表" in await chat.张老师("/进度 导入 确认", group=RESEARCH)
    await chat.张老师(f"/进度 导入\n{TABLE}", group=RESEARCH)
    await chat.later(hours=25)
    assert "放了一天多" in await chat.张老师("/进度 导入 确认", group=RESEARCH)


async def test_a_lead_nobody_knows_is_asked(chat):
    asked = await chat.李老师(f"/进度 导入 {HEADER}\n6\t\t\t《短歌行》\t\t刘芳\t\n7\t\t\t《登高》\t\t钱多多、周老师\t")
    assert "⚠️ 第6周的主备“刘芳”不在组里，是不是刘老师？先空着。" in asked
    assert "⚠️ 第7周的主备“钱多多”不在组里，先空着。" in asked
    assert asked.endswith("1 导入   2 不要   3 刘芳就是刘老师")
    again = await chat.李老师("3")
    assert "刘芳" not in again
    assert again.endswith("1 导入   2 不要")
    assert "没有叫“刘芳芳”的主备" in await chat.李老师("/进度 导入 认人 刘芳芳 刘老师")
    assert "组里没有“钱老师”" in await chat.李老师("/进度 导入 认人 钱多多 钱老师")
    assert "要写两个名字" in await chat.李老师("/进度 导入 认人 钱多多")
    await chat.李老师("/进度 导入 确认")
    assert "主备：刘老师" in await chat.王老师("/备课 第6周")
    assert "主备：周老师" in await chat.王老师("/备课 第7周")


async def test_a_lead_on_leave_is_the_leaders_business_alone(chat):
    await chat.赵老师.private("/请假 9月21日到9月25日 外出学习")
    table = f"/进度 导入 {HEADER}\n4\t\t\t《登高》\t\t赵老师\t"
    assert "⚠️ 第4周主备赵老师请假（9月21日–9月25日）。" in await chat.李老师.private(table)
    in_group = await chat.李老师(table)
    assert "请假" not in in_group
    assert "第4周主备赵老师请假" in in_group.notes["李老师"]


async def test_every_clash_is_said_before_anything_is_written(chat):
    await chat.赵老师.private("/请假 9月21日到9月25日 外出学习")
    rows = [
        "4\t9.21-9.24\t\t《登高》\t\t赵老师\t",
        "5\t10月1日\t\t《蜀道难》\t\t\t",
        "7\t10月14日\t\t《将进酒》\t\t\t",
        "7\t10月14日\t\t《琵琶行》\t\t\t",
        "10\t\t\t《师说》\t\t\t",
    ]
    asked = await chat.李老师.private("/进度 导入 " + "\n".join([HEADER, *rows]))
    assert "⚠️ 第4周主备赵老师请假（9月21日–9月25日）。" in asked
    assert "看：/进度 导入 看 1" in asked
    every = await chat.李老师.private("/进度 导入 看 1")
    for clash in (
        "第4周主备赵老师请假（9月21日–9月25日）。",
        "第10周是期中考试周，还排了《师说》。",
        "第3行写的10月1日国庆节放假，还排了《蜀道难》。",
        "第4、5行都在10月14日：《将进酒》、《琵琶行》。",
        "第7周写了 2 行（第4、5行），合在一起。",
    ):
        assert clash in every
    assert "《登高》" not in await chat.王老师("/备课 第4周")


async def test_much_that_does_not_fit_is_paged(chat):
    rows = "\n".join(f"{week}\t\t\t第{week}周的内容\t\t钱{week}老师\t" for week in range(3, 21))
    asked = await chat.李老师(f"/进度 导入 {HEADER}\n{rows}")
    assert len(asked.splitlines()) <= 12
    assert "……还有 14 周" in asked
    first = await chat.李老师("/进度 导入 看 1")
    assert first.splitlines()[0] == "📊 进度表 38 条，第 1/7 页"
    assert "下一页：" in first
    last = await chat.李老师("/进度 导入 看 7")
    assert "第20周" in last
    assert "下一页" not in last
    assert "没有第 8 页" in await chat.李老师("/进度 导入 看 8")


async def test_of_a_file_with_several_tables_one_is_chosen(chat):
    one, other = (read_table(f"{HEADER}\n6\t\t\t{topic}\t\t\t") for topic in ("《短歌行》全文", "集合"))
    file = TableFile(name="上册", rows=one.rows, others=(other.model_copy(update={"name": "下册"}),))
    async with chat.playground.store.transaction(space_of("chinese")) as tx:
        group = await load(tx, "chinese", chat.playground.clock.now())
        await progress_drafts.receive(group, "李老师", file)
    asked = await chat.李老师("/进度 导入 看")
    assert asked.splitlines() == [
        "📊 文件里有 2 张进度表，用哪一张？回复前面的数字：",
        "1. 上册（1 行）",
        "2. 下册（1 行）",
    ]
    assert "还没有选用哪一张" in await chat.李老师("/进度 导入 确认")
    await chat.李老师("/进度 导入 看")
    assert "《下册》读到 1 周" in await chat.李老师("2")
    assert "改了 1 周" in await chat.李老师("1")


async def test_a_pupils_name_is_not_kept(chat):
    asked = await chat.李老师(f"/进度 导入 {HEADER}\n6\t\t\t讲评，张小明考了59分\t2\t刘老师\t\n7\t\t\t《登高》\t\t\t")
    assert asked.startswith("🛡️ 刚才那条没有保存")
    assert "第2行像有学生姓名" in asked.notes["李老师"]
    assert "没有等着导入的进度表" in await chat.李老师("/进度 导入 确认")
    await chat.李老师(f"/进度 导入 {HEADER}\n6\t\t\t讲评，张小明考了59分\t2\t刘老师\t\n7\t\t\t《登高》\t\t\t")
    coded = await chat.李老师("1")
    assert "讲评，学生A考了59分，课时 2" in coded


@pytest.mark.parametrize("glue", ["/进度 导入 ", "/进度导入\n", "进度 导入\n", "/教学进度 导入\n", "/jd 导入 "])
async def test_however_it_is_typed_the_lines_stay(chat, glue):
    assert "读到 5 周" in await chat.李老师(f"{glue}{TABLE}{'备注：' + '长' * 300}")


async def test_what_stands_there_already_changes_nothing(chat):
    await chat.李老师(f"/进度 导入 {HEADER}\n3\t\t必修上 第一单元\t《百合花》\t\t张老师\t")
    assert "没有要写的" in await chat.李老师("1")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/进度 导入", "连表头一起贴"),
        ("/进度 导入 请看附件", "没有找到进度表的表头"),
        (f"/进度 导入 {HEADER}", "表头下面没有内容"),
        ("/进度 导入 看", "没有等着导入的进度表"),
        ("/进度 导入 选 1", "没有等着导入的进度表"),
        ("/进度 导入 不要", "没有等着导入的进度表"),
        ("/进度 导入 确认 一半", "没看懂“一半”"),
    ],
)
async def test_what_is_missing_is_said(chat, text, says):
    assert says in await chat.李老师(text)


async def test_only_the_leader_imports(chat):
    for words in ("", " 看", " 确认", " 确认 全部", " 不要", f"\n{TABLE}"):
        assert (await chat.王老师(f"/进度 导入{words}")).startswith("🔒")
