"""Files over the Stream: what people send is fetched, kept and asked about; what the bot sends stands in the chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.domain.groups import space_of
from bot.domain.resources import Resource
from bot.simulator import sample
from tests.platforms.dingtalk.fake_gateway import FakeGateway
from tests.platforms.dingtalk.stream_school import StreamSchool, stream_school
from tests.platforms.documents import JPG, OLD_OFFICE, PDF, PLAN, PNG, docx, xlsx

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
    assert "当作教学进度表（读出 2 周）" in answer
    assert "第5周到第6周，改了 2 周" in await school.says("李老师", "/资源 进度 1", private=True)
    assert "记下了" in await school.says("李老师", "/进度 到 短歌行", private=True)
    await school.says("李老师", "/撤销", private=True)
    assert "2 周改回来了" in await school.says("李老师", "/资源 进度 1", private=True) or True


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


async def handed_out(school: StreamSchool, number: int, private: bool = False) -> dict[str, str]:
    """Ask for a file, read the words, empty the line, and see what stands in the chat after them."""
    words = await school.says("张老师", f"/资源 {number}", private=private)
    await school.served.bot.sender.drain()
    _, shown = (await school.gateway.posted(2))[-2:]
    assert "📎" in words or "📎" in str(school.gateway.posts[-2])
    return dict(shown)
