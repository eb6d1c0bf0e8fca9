"""Where the classes stand: said, changed, counted for the group, told to the leader; and the table edited."""

import pytest


async def test_the_story_of_a_term(chat):
    bare = await chat.王老师("/进度")
    assert bare.splitlines()[:4] == [
        "📈 教学进度 第2周/共21周",
        "本周：必修上 第一单元《立在地球边上放号》",
        "下周：必修上 第一单元《百合花》",
        "还没有人报过自己班的进度。",
    ]
    said = await chat.王老师.private("/进度 到 第2周")
    assert said.splitlines()[:2] == [
        "✅ 记下了，您班讲到第2周：必修上 第一单元《立在地球边上放号》",
        "正好按进度表。",
    ]
    await chat.until("2026-09-21T12:00")
    late = await chat.王老师.private("/进度 到第2周")
    assert "比进度表落后 2 周" in late
    ahead = await chat.张老师.private("/进度 已讲到《插秧歌》")
    assert "比进度表超前 1 周" in ahead
    await chat.赵老师.private("/进度 讲完了《喜看稻菽千重浪》")
    assert "报了 3 个班：按计划 1，超前 1，落后 1" in await chat.陈老师("/进度")
    month = await chat.李老师("/汇总 9月")
    assert "教学进度报了 3 个班：按计划 1，超前 1，落后 1" in month
    assert "王老师" not in "".join(line for line in month.splitlines() if "进度" in line)
    assert "需要帮一把：王老师 落后 2 周（9月21日报到第2周）" in month.notes["李老师"]
    assert "进度报到第2周，比进度表落后 2 周" in await chat.王老师.private("/我的")
    await chat.until("2026-09-28T12:00")
    assert "正好按进度表" in await chat.王老师.private("/进度 到 第5周")
    assert "落后 0" in await chat.陈老师("/进度")


async def test_whose_class_is_behind_is_the_leaders_business_alone(chat):
    await chat.until("2026-09-21T12:00")
    said = await chat.王老师("/进度 到 第2周")
    assert said.startswith("✅ 进度记下了")
    assert "落后" not in said
    assert "比进度表落后 2 周" in said.notes["王老师"]
    assert "王老师" not in await chat.赵老师.private("/进度")
    seen = await chat.李老师("/进度")
    assert "王老师" not in seen
    assert "王老师 落后 2 周" in seen.notes["李老师"]
    assert "王老师 落后 2 周" in await chat.李老师.private("/进度")


async def test_which_lesson_is_asked_with_numbers(chat):
    asked = await chat.王老师.private("/进度 讲到《乡土中国》")
    assert asked.splitlines()[1:] == [
        "1. 第12周 必修上 第五单元《乡土中国》导读",
        "2. 第13周 必修上 第五单元《乡土中国》专题",
    ]
    assert "讲到第13周" in await chat.王老师.private("2")


async def test_what_was_said_is_taken_back(chat):
    await chat.王老师("/进度 到 第1周")
    await chat.王老师("/进度 到 第3周")
    assert "已撤销：进度到第3周不算了" in await chat.王老师("/撤销")
    assert "按计划 0，超前 0，落后 1" in await chat.王老师("/进度")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("/进度 改 第5周 必修上 第三单元 《短歌行》", "必修上 第三单元《短歌行》"),
        ("/进度 改 第5周：必修上 第三单元《短歌行》", "必修上 第三单元《短歌行》"),
        ("/进度 改 第五周 《短歌行》", "必修上 第二单元《短歌行》"),
        ("/进度 改 第5周 必修上 写作训练", "必修上 写作训练"),
    ],
)
async def test_the_table_is_edited_and_edited_back(chat, text, title):
    assert (await chat.李老师(text)).startswith(f"✅ 进度表第5周：{title}")
    assert f"课题：{title}" in await chat.王老师("/备课 第5周")
    assert "第5周改回必修上 第二单元《插秧歌》" in await chat.李老师("/撤销")
    assert "《插秧歌》" in await chat.王老师("/备课 第5周")


async def test_an_edit_changed_since_is_not_taken_back(chat):
    await chat.李老师("/进度 改 第5周 《短歌行》")
    await chat.李老师.private("/进度 改 第5周 《登高》")
    assert "已撤销" in await chat.李老师("/撤销")
    assert "《短歌行》" in await chat.李老师("/备课 第5周")


async def test_a_group_without_a_table(chat):
    empty = await chat.王老师("/进度 到 第2周", group="高一年级课题组")
    assert (empty.status, "进度表还是空的" in empty) == ("refused", True)
    assert "进度表里还没有" in await chat.王老师("/进度", group="高一年级课题组")
    made = await chat.张老师("/进度 改 第2周 专题 文献阅读", group="高一年级课题组")
    assert made.startswith("✅ 进度表第2周：专题 文献阅读")
    assert "本周：专题 文献阅读" in await chat.王老师("/进度", group="高一年级课题组")
    assert "没有第3周" in await chat.王老师("/进度 到 第3周", group="高一年级课题组")
    assert "拿掉了" in await chat.张老师("/撤销", group="高一年级课题组")


@pytest.mark.parametrize(
    ("speaker", "text", "says"),
    [
        ("王老师", "/进度 乱七八糟", "没看懂"),
        ("王老师", "/进度 到", "还少内容"),
        ("王老师", "/进度 到 第22周", "只有第1周到第21周"),
        ("王老师", "/进度 到 第3周吧", "没看懂“吧”"),
        ("王老师", "/进度 讲到《出师表》", "没找到"),
        ("王老师", "/进度 改 第5周 《短歌行》", "组长"),
        ("访客", "/进度 到 第2周", "我还不认识您"),
        ("李老师", "/进度 改 第5周", "改哪一周"),
        ("李老师", "/进度 改 《短歌行》", "改哪一周"),
        ("李老师", "/进度 改 第30周 《短歌行》", "只有第1周到第21周"),
        ("李老师", "/进度 改 第5周 《" + "长" * 61, "1 到 60 个字"),
        ("李老师", "/进度 改 第5周 《插秧歌》", "本来就是这样"),
        ("李老师", "/进度 改 第5周 讲评，张小明考了59分", "学生"),
    ],
)
async def test_what_is_wrong_is_said(chat, speaker, text, says):
    reply = await chat.say(speaker, text)
    assert reply.status == "refused"
    assert says in reply + "".join(reply.notes.values())


async def test_the_same_twice_is_said(chat):
    await chat.王老师("/进度 到 第2周")
    assert "这周已经记过" in await chat.王老师("/进度 到 第2周")
