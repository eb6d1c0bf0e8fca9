"""The school's month at DingTalk runs out: what is saved, and who hears of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.config import DingTalkApp, DingTalkRobot
from bot.platforms.dingtalk.shares import shares
from bot.simulator import sample
from tests.platforms.dingtalk.fake_gateway import FakeGateway
from tests.platforms.dingtalk.stream_school import StreamSchool, stream_school


@pytest.fixture
async def school(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> AsyncIterator[StreamSchool]:
    async with stream_school(gateway, tmp_path, clock, monthly_webhook=10, monthly_api=20) as made:
        yield made


def by_api(school: StreamSchool) -> int:
    return school.gateway.calls.count("send") + school.gateway.calls.count("batchSend")


def by_session(school: StreamSchool) -> int:
    return school.gateway.calls.count("sendBySession")


async def test_answers_go_by_the_api_when_the_sessions_calls_run_out(school: StreamSchool) -> None:
    for _ in range(4):  # each is heard and answered: two calls
        await school.says("王老师", "/本周备课")
    assert (by_session(school), by_api(school)) == (4, 0)
    assert "第2周" in await school.says("王老师", "/日程")
    assert (by_session(school), by_api(school)) == (4, 1)


async def test_when_both_run_out_the_session_answers_again(school: StreamSchool) -> None:
    for _ in range(4 + 16):
        await school.says("王老师", "/本周备课")
    assert (by_session(school), by_api(school)) == (4, 16)
    await school.says("王老师", "/本周备课")
    assert (by_session(school), by_api(school)) == (5, 16)


async def test_changes_wait_for_each_other_when_the_api_runs_out(school: StreamSchool, clock: MovableClock) -> None:
    for _ in range(4 + 16):
        await school.says("王老师", "/本周备课")
    before = len(school.gateway.posts)
    await school.says("李老师", "/公开课 发布 9月24日第2节 赵老师《插秧歌》 录播室 4座", private=True)
    await school.says("李老师", "/任务 王老师 周五前 交单元卷")
    await school.says("李老师", "/任务 王老师 周五前 出一道题")
    await school.says("李老师", "/公开课 取消 1", private=True)
    await school.served.bot.sender.drain()
    assert len(school.gateway.posts) == before + 4, "the answers alone"
    clock.set(clock.now() + timedelta(minutes=30))
    await school.served.bot.sender.drain()
    told = {str(post["to"]): post["text"] for post in school.gateway.posts[before + 4 :]}
    assert len(told) == len(school.gateway.posts) - before - 4, "one message for each chat"
    note = told[str([sample.user_of("王老师")])]
    assert ("交单元卷" in note, "出一道题" in note) == (True, True)


async def test_the_leader_hears_once_a_month_after_a_restart_too(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock
) -> None:
    def told() -> list[str]:
        return [post["text"] for post in gateway.posts if "快用完了" in post["text"]]

    for run in range(2):
        async with stream_school(gateway, tmp_path, clock, monthly_webhook=10, monthly_api=20) as school:
            school.numbers = count(100 * run)
            for _ in range(4):
                await school.says("王老师", "/本周备课")
            await school.served.bot.tick()
            await school.served.bot.tick()
            await school.served.bot.sender.drain()
    (text,) = told()
    assert "Webhook 和 Stream 8/10" in text
    clock.set(clock.now() + timedelta(days=31))
    async with stream_school(gateway, tmp_path, clock, monthly_webhook=10, monthly_api=20) as school:
        await school.served.bot.tick()
        await school.served.bot.sender.drain()
        assert len(told()) == 1, "a new month has a new quota"
        school.numbers = count(1000)
        for _ in range(4):
            await school.says("王老师", "/本周备课")
        await school.served.bot.tick()
        await school.served.bot.sender.drain()
    assert len(told()) == 2


async def test_without_a_limit_nothing_is_saved(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> None:
    async with stream_school(gateway, tmp_path, clock, monthly_webhook=0, monthly_api=0) as school:
        for _ in range(6):
            await school.says("王老师", "/本周备课")
        await school.served.bot.tick()
        await school.served.bot.sender.drain()
        assert (by_session(school), by_api(school)) == (6, 0)


APP = {"kind": "dingtalk-stream", "client_id": "k", "client_secret": "s"}
ROBOT = {"kind": "dingtalk-robot", "webhook": "https://oapi.dingtalk.com/robot/send?access_token=x"}


def app(name: str, **more: object) -> DingTalkApp:
    return DingTalkApp.model_validate({**APP, "name": name, **more})


def robot(name: str) -> DingTalkRobot:
    return DingTalkRobot.model_validate({**ROBOT, "name": name})


SHARES = [
    ([], []),
    ([robot("a")], [("a",)]),
    ([app("a"), app("b"), robot("c")], [("a", "b", "c")]),
    ([app("a", corp_id="1"), app("b", corp_id="2"), robot("c")], [("a", "c"), ("b",)]),
]


@pytest.mark.parametrize(("channels", "names"), SHARES)
def test_channels_of_one_organisation_share(channels: list[DingTalkApp | DingTalkRobot], names: list[tuple[str, ...]]):
    assert [share.channels for share in shares(channels)] == names
