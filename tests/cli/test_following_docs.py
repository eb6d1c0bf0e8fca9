"""Somebody who knows nothing follows docs/connect-*.md, from an empty folder to the first post in the group.

The page itself is the script: its commands, its block of config.toml, its words to say in the chat are done in the
order of the text. Only what cannot be so on one machine is put in its place: the platforms are fakes on loopback, the
school's own address is the bot's, today lies in the term. ``pytest -s`` prints the transcript.

``run`` is a process of its own; the other commands run in this one unless FOLLOWING_DOCS=processes.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.cli.patient import SECRETS, Platforms
from tests.cli.reader import PAGES, Reader
from tests.platforms.dingtalk import samples
from tests.platforms.dingtalk.fake import ACCESS, SEC, says
from tests.platforms.wecom.connection_rules import SECRET as LINE_SECRET
from tests.platforms.wecom.fake import KEY as ROBOT_KEY
from tests.platforms.wecom.peer import KEY, TOKEN


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Callable[[Platforms], None]:
    """The variables that the page has its reader set."""

    def set_them(platforms: Platforms) -> None:
        wecom = str(platforms.wecom.make_url("/cgi-bin/webhook/send").with_query(key=ROBOT_KEY))
        values = {
            "DINGTALK_SECRET": samples.SECRET,
            "DINGTALK_WEBHOOK": f"{platforms.ding.base}/robot/send?access_token={ACCESS}",
            "DINGTALK_SIGN": SEC,
            "WECOM_TOKEN": TOKEN,
            "WECOM_AES_KEY": KEY,
            "WECOM_WEBHOOK": wecom,
            "WECOM_SECRET": LINE_SECRET,
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_them


@pytest.fixture(params=PAGES)
async def reader(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    secrets: Callable[[Platforms], None],
) -> AsyncIterator[Reader]:
    monkeypatch.chdir(tmp_path)
    async with Platforms() as platforms, ClientSession() as session:
        secrets(platforms)
        taken = says(
            {"processQueryKey": "key"}
        )  # the fake knows other people; who gets a private note is not the matter
        platforms.ding.spoil("batchSend", *[taken] * 5)
        reader = Reader(request.param, tmp_path, platforms, session)
        yield reader
        if reader.process:
            await reader.stop()


def posts(reader: Reader) -> Iterator[str]:
    """What stands in the group without anybody having asked."""
    yield from (post["text"] for post in reader.platforms.ding.posts if post["to"] in ("group", "cid-1"))
    yield from reader.platforms.line.in_chat("wr-1")
    yield from (json.loads(post)["markdown"]["content"] for post in reader.platforms.posted)


async def test_the_page_leads_to_a_group_that_answers_and_is_posted_to(reader):
    try:
        await reader.follow()
    finally:
        print("\n".join(reader.transcript))
    everything = "\n".join(reader.transcript)
    done = re.findall(r"^\$ python3 start\.py (\w+)", everything, re.MULTILINE)
    assert done == ["init", "check", "invite", "run", "check", "rehearse"]
    said = reader.answers
    assert "您是组长" in said["/建组"]
    assert "您是高一语文备课组的王老师" in said["/我是"]  # on the roster, so nobody has to confirm it
    assert "第6周备课" in said["/本周备课"]
    assert "王老师" in said["/我的"]
    assert [post for post in posts(reader) if "【改】集体备课" in post]
    assert "集体备课" in said["rehearse 1"]
    _the_page_is_right_about_check(reader)
    everything += (reader.folder / "log").read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in everything] == []


def _the_page_is_right_about_check(reader: Reader) -> None:
    before, beside = reader.answers["check 1"], reader.answers["check 2"]
    assert "机器人没在运行" in before or "-" in reader.page
    channel, way = (*reader.page.split("-"), "")[:2]
    ways = (f"连接 {channel}",) if way else (f"回调 {channel}", f"公网 {channel}")
    assert [way for way in ways if f"✅ {way}\uff1a" not in beside] == []
    assert "不在名单里" not in beside
    assert "❌" not in before + beside
