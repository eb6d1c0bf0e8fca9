"""Files over the Stream: what people send is fetched, kept and asked about; what the bot sends stands in the chat."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import MovableClock
from bot.delivery.flight import Patience
from bot.domain.groups import space_of
from bot.domain.resources import Resource
from bot.simulator import sample
from tests.platforms.dingtalk.fake import FakeDingTalk, Fault, says
from tests.platforms.dingtalk.fake_gateway import FakeGateway
from tests.platforms.dingtalk.samples import SECRET, body, headers, raw
from tests.platforms.dingtalk.stream_school import StreamSchool, stream_school
from tests.platforms.documents import JPG, OLD_OFFICE, PDF, PLAN, PNG, docx, xlsx
from tests.platforms.house import house, school_config, section

TABLE = (
    ("周次", "单元", "课题", "主备"),
    ("第5周", "必修上 第三单元", "《短歌行》", "张老师"),
    ("6", "", "《归园田居》", ""),
)


@pytest.fixture
async def school(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> AsyncIterator[StreamSchool]:
    async with stream_school(gateway, tmp_path, clock) as made:
        yield made


async def sends(school: StreamSchool, who: str, name: str, data: bytes | None, **more: object) -> str:
    """Send a file one-to-one and read the answer; ``data`` None = its code has expired."""
    code = f"code-{len(school.gateway.files)}"
    if data is not None:
        school.gateway.files[code] = data
    content = {"downloadCode": code, "fileName": name, "spaceId": "1"}
    before = len(school.gateway.posts)
    body = school.message(who, None, private=True, **{"msgtype": "file", "content": content, **more})
    assert (await school.hears(body)).code == 200
    return str((await school.gateway.posted(before + 1))[before]["text"])


async def kept(school: StreamSchool) -> list[Resource]:
    async with school.served.store.transaction(space_of(sample.CHINESE)) as tx:
        return await tx.scan(Resource)


def on_the_disk(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("files/*/*") if path.is_file())


async def test_a_plan_sent_by_the_leader_becomes_the_groups_plan(school: StreamSchool, tmp_path: Path) -> None:
    answer = await sends(school, "李老师", "工作计划.docx", docx(*PLAN))
    assert "收到 1《工作计划.docx》" in answer
    assert "1 当作工作计划（读出 3 项安排）" in answer.replace("\\", "")
    assert "已读进计划：" in await school.says("李老师", "1", private=True)
    assert "例会" in await school.says("李老师", "/计划", private=True)
    (path,) = on_the_disk(tmp_path)
    assert path.read_bytes() == school.gateway.files["code-0"]
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_progress_table_is_read_and_taken_back(school: StreamSchool) -> None:
    answer = await sends(school, "李老师", "进度表.xlsx", xlsx(*TABLE))
    assert "当作教学进度表（读出 2 行）" in answer
    assert "还没有写进去" in await school.says("李老师", "/资源 进度 1", private=True)
    assert "《短歌行》" in await school.says("李老师", "1", private=True)
    assert "进度表导入了" in await school.says("李老师", "1", private=True)
    assert "记下了" in await school.says("王老师", "/进度 到 短歌行", private=True)
    assert "导入的 2 周进度恢复原样" in await school.says("李老师", "/撤销", private=True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("学案.docx", docx("学案")), ("统计.xlsx", xlsx(("a", "b"))), ("旧.doc", OLD_OFFICE), ("旧表.XLS", OLD_OFFICE),
        ("讲义.pdf", PDF), ("板书.png", PNG), ("板书.jpeg", JPG), ("说明.txt", "说明".encode("gb18030")),
        ("说明.md", b"# a"), ("表.csv", b"a,b"),
    ],
)  # fmt: skip
async def test_each_kind_is_kept_and_handed_out(school: StreamSchool, name: str, data: bytes) -> None:
    assert f"收到 1《{name}》" in await sends(school, "王老师", name, data)
    assert "已存为备课资源" in await school.says("王老师", "1", private=True)
    assert f"1《{name}》（王老师，第2周）" in await school.says("张老师", "/资源")


async def test_a_file_is_handed_out_in_the_group_and_uploaded_once(school: StreamSchool) -> None:
    for name, data, key in (("学案.docx", docx("学案"), "sampleFile"), ("板书.png", PNG, "sampleImageMsg")):
        await sends(school, "王老师", name, data)
        number = len(await kept(school))
        await school.says("王老师", f"/资源 存 {number}", private=True)
        for _ in range(2):
            await asks_for(school, number)
            path, _, asked = school.gateway.requests[-1]
            assert (path.rsplit("/", 1)[-1], asked["msgKey"]) == ("send", key)
        assert list(school.gateway.media.values())[-1][1:] == (name, data)
    assert len(school.gateway.media) == 2


async def asks_for(school: StreamSchool, number: int, *, private: bool = False) -> None:
    """Ask for a file; its words come first, then the file, through the line."""
    before = len(school.gateway.posts)
    body = school.message("张老师", f" /资源 {number}", private=private)
    assert (await school.hears(body)).code == 200
    async with asyncio.timeout(5):
        while len(school.gateway.posts) < before + 2:
            await school.served.bot.sender.drain()
            await asyncio.sleep(0.01)
    assert f"📎 {number}《" in school.gateway.posts[before]["text"].replace("\\", "")


async def test_what_dingtalk_has_no_message_for_is_spelled_out(school: StreamSchool) -> None:
    await sends(school, "王老师", "讲稿.md", "# 讲稿".encode())
    await school.says("王老师", "/资源 存 1", private=True)
    await asks_for(school, 1, private=True)
    assert "《讲稿.md》在这里发不了文件" in school.gateway.posts[-1]["text"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("脚本.exe", b"MZ", "这种文件我不收"),
        ("计划.docx", PDF, "结尾对不上"),
        ("计划.docx", b"PK\x03\x04" + bytes(40), "结尾对不上"),
        ("表.xlsx", docx("a"), "结尾对不上"),
        ("板书.png", JPG, "结尾对不上"),
        ("说明.txt", PNG, "结尾对不上"),
        ("计划.docx", b"", "是空的"),
        ("计划.pdf", b"%PDF-" + bytes(21 * 2**20), "文件太大，最多 20 MB"),
        ("计划.docx", None, "取不到了"),
        ("没有结尾", b"\x00\x01", "看不出这是什么文件"),
        ("张小明 58分.docx", docx("a"), "文件名"),
    ],
    ids=["exe", "pdf", "zip", "docx", "jpg", "text", "empty", "21MB", "expired", "nameless", "pupil"],
)
async def test_what_is_not_taken_is_said_and_not_kept(
    school: StreamSchool, name: str, data: bytes | None, words: str
) -> None:
    answer = await sends(school, "王老师", name, data)
    assert words in answer
    assert await kept(school) == []
    assert "还没有备课资源" in await school.says("王老师", "/资源", private=True)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.docx", "passwd.docx"),
        ("C:\\用户\\计划.docx", "计划.docx"),
        ("计划\u202excod.docx", "计划xcod.docx"),
        ("计\u200b划\x00\n.docx", "计划.docx"),
        ("😀学案👩\u200d🏫.docx", "😀学案👩🏫.docx"),
        (f"{'长' * 300}.docx", f"{'长' * 75}.docx"),
        ('a"b<c>|d?.docx', "abcd.docx"),
        ("...docx", "docx.docx"),
    ],
)
async def test_names_are_made_safe(school: StreamSchool, tmp_path: Path, given: str, name: str) -> None:
    await sends(school, "王老师", given, docx("学案"))
    (found,) = await kept(school)
    assert found.name == name
    (path,) = on_the_disk(tmp_path)
    assert found.path == path.relative_to(path.parents[2]).as_posix()


async def test_the_same_file_twice_is_one_and_of_two_people_two_with_one_copy(
    school: StreamSchool, tmp_path: Path
) -> None:
    data = docx("学案")
    await sends(school, "王老师", "学案.docx", data)
    assert "（以前发过）" in await sends(school, "王老师", "学案 (1).docx", data)
    await sends(school, "张老师", "学案.docx", data)
    assert [each.member for each in await kept(school)] == ["王老师", "张老师"]
    assert len(on_the_disk(tmp_path)) == 1
    assert "没有编号 1" in await school.says("张老师", "/资源 1", private=True)
    assert "没有编号 1" in await school.says("张老师", "/资源 存 1", private=True)


async def test_two_at_once_are_both_kept(school: StreamSchool) -> None:
    await asyncio.gather(*(sends(school, who, f"{who}.docx", docx(who)) for who in ("王老师", "张老师")))
    assert sorted(each.member for each in await kept(school)) == ["张老师", "王老师"]


async def test_two_pictures_in_one_message_are_asked_about_one_by_one(school: StreamSchool) -> None:
    school.gateway.files |= {"a": PNG, "b": JPG}
    parts = [{"type": "picture", "downloadCode": code} for code in "ab"]
    body = school.message("王老师", None, private=True, msgtype="richText", content={"richText": parts})
    assert (await school.hears(body)).code == 200
    (post,) = await school.gateway.posted()
    assert "/资源 存 1" in post["text"]
    assert len(await kept(school)) == 2


async def test_a_slow_download_is_answered_late(school: StreamSchool) -> None:
    school.served.bot.dispatcher.patience = Patience(0.05)
    school.gateway.files["slow"] = docx("学案")
    body = school.message(
        "王老师", None, private=True, msgtype="file", content={"downloadCode": "slow", "fileName": "a.docx"}
    )
    school.gateway.spoil("slow", slowly(school.gateway, "slow"))
    assert (await school.hears(body)).code == 200
    await school.served.bot.dispatcher.settle()
    await school.served.bot.sender.drain()
    assert "收到 1《a.docx》" in (await school.gateway.posted())[0]["text"]


def slowly(gateway: FakeGateway, code: str) -> Fault:
    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.Response(body=gateway.files[code])

    return answer


async def test_an_outsider_and_a_group_get_a_sentence_and_nothing_is_fetched(school: StreamSchool) -> None:
    assert "我还不认识您" in await sends(school, "新老师", "a.docx", docx("a"), senderStaffId="new-one")
    assert "私下发给我" in await sends(school, "王老师", "a.docx", docx("a"), conversationType="2", conversationId="x")
    assert school.gateway.calls.count("download") == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (says({"code": "Forbidden.AccessDenied.AccessTokenPermissionDenied", "message": "no"}, 403), "管理员"),
        (says({"code": "ServiceUnavailable", "message": "no"}, 503), "没有取到"),
        (says({"code": "Forbidden.AccessDenied.QpsLimitForApi", "message": "no"}, 403), "钉钉现在忙"),
        (says({"downloadUrl": "http://10.0.0.1/x"}), "没有取到"),
        (says({"downloadUrl": 5}), "没有取到"),
    ],
)
async def test_what_dingtalk_says_is_told(school: StreamSchool, fault: Fault, words: str) -> None:
    school.gateway.spoil("download", fault)
    assert words in await sends(school, "王老师", "a.docx", docx("a"))


async def test_an_upload_that_fails_is_made_again(school: StreamSchool) -> None:
    await sends(school, "王老师", "a.docx", docx("a"))
    await school.says("王老师", "/资源 存 1", private=True)
    school.gateway.spoil("upload", says({"errcode": 40014, "errmsg": "bad token"}))
    await asks_for(school, 1)
    assert school.gateway.calls.count("upload") == 2


async def test_the_callback_answers_with_words_and_the_file_follows(
    fake: FakeDingTalk, tmp_path: Path, clock: MovableClock
) -> None:
    settings = {"client_id": "dingKEY", "client_secret": SECRET, "robot_code": "dingrobotcode", "corp_id": "dingcorp"}
    channel = section("dingtalk-callback", name="ding", api_base=fake.base, oapi_base=fake.base, **settings)
    fake.files["c"] = docx("学案")
    async with house(school_config(channel, channel="ding"), tmp_path, clock) as served:

        async def says(text: str | None, who: str = "王老师", **more: object) -> str:
            clock.set(clock.now() + timedelta(seconds=1))
            number = {"msgId": f"m{clock.now()}", "senderStaffId": sample.user_of(who), "conversationType": "1"}
            said, signed = body(text, without=("sessionWebhook",), **{**number, **more}), headers(clock.now())
            async with served.http.post(served.callback("ding"), data=raw(said), headers=signed) as answer:
                assert answer.status == 200
                return str((await answer.json())["markdown"]["text"])

        sent = await says(None, msgtype="file", content={"downloadCode": "c", "fileName": "学案.docx"})
        assert "收到 1《学案.docx》" in sent
        assert "已存" in await says("1")
        assert "1《学案.docx》（王老师" in await says(" /资源 1", "张老师", conversationType="2")
        await served.bot.sender.drain()
        (post,) = fake.posts
        assert (post["to"], post["fileName"], post["fileType"]) == (sample.chat_of("chinese"), "学案.docx", "docx")
        assert fake.media[post["mediaId"]] == ("file", "学案.docx", fake.files["c"])
