"""The pages about connecting a platform: their config loads, their addresses, codes and limits are the program's."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.app import assemble
from bot.cli.channels import KINDS as CONNECTED
from bot.cli.channels import connect
from bot.cli.house import opened
from bot.clock import SystemClock
from bot.config import Config, load
from bot.delivery.logbook import Logbook
from bot.platforms.dingtalk import render as dingtalk
from bot.platforms.dingtalk import robot as dingtalk_robot
from bot.platforms.dingtalk.signing import LONGEST_WINDOW
from bot.platforms.dingtalk.verdicts import API_RULES, WEBHOOK_RULES
from bot.platforms.wecom import render as wecom
from bot.platforms.wecom import robot as wecom_robot
from bot.web.callbacks import Callbacks

ROOT = Path(__file__).resolve().parents[2]
PAGES = {name: ROOT / "docs" / f"connect-{name}.md" for name in ("dingtalk", "wecom")}
KINDS = {
    "dingtalk": [{"dingtalk-callback", "dingtalk-robot"}, {"dingtalk-robot"}],
    "wecom": [{"wecom-callback", "wecom-robot"}, {"wecom-robot"}],
}
SCHOOL = '[[schools]]\nname = "示例中学"\n[[schools.terms]]\nname = "上"\nfirst_day = 2026-08-31\nweeks = 21\n'
SECRETS = {"WECOM_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}
REASON = re.compile(r"^\| (?P<status>4\d\d)\uff0c(?P<reasons>`[^|]*?) \|", re.MULTILINE)


def page(name: str) -> str:
    return PAGES[name].read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page(name), re.DOTALL)


def secrets(text: str) -> list[str]:
    return re.findall(r'"env:(\w+)"', text)


def troubles(name: str) -> str:
    return page(name).partition("## 不行的时候")[2]


def loaded(folder: Path, block: str, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A block of a page beside a school; its secrets are those of nobody."""
    for secret in secrets(block):
        monkeypatch.setenv(secret, SECRETS.get(secret, "https://example.com/send?key=nobody"))
    path = folder / "config.toml"
    path.write_text(SCHOOL + block, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("name", PAGES)
def test_every_block_of_config_loads_and_can_be_connected(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = [loaded(tmp_path, block, monkeypatch) for block in blocks(name, "toml")]
    assert [{channel.kind for channel in config.channels} for config in configs] == KINDS[name]
    for config in configs:
        assert {channel.kind for channel in config.channels} <= CONNECTED.keys()
        assert config.schools[0].terms[0].first_day == date(2026, 8, 31)


@pytest.mark.parametrize("name", PAGES)
def test_a_group_that_hears_posts_through_the_robot_and_one_that_does_not_has_a_chat(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, posts = (loaded(tmp_path, block, monkeypatch) for block in blocks(name, "toml"))
    kinds = {channel.name: channel.kind for channel in both.channels}
    assert kinds[both.groups[0].channel] == f"{name}-callback"
    assert kinds[both.groups[0].posts_through] == f"{name}-robot"
    assert both.groups[0].chat == ""  # /建组 binds it
    assert posts.groups[0].chat


@pytest.mark.parametrize("name", PAGES)
def test_no_secret_is_written_down_and_every_variable_is_explained(name: str) -> None:
    prose = re.sub(r"```.*?```", "", page(name), flags=re.DOTALL)
    for block in blocks(name, "toml"):
        for channel in tomllib.loads(block)["channels"]:
            guarded = {"client_secret", "secret", "webhook", "token", "encoding_aes_key"} & channel.keys()
            assert all(channel[key].startswith("env:") for key in guarded)
        assert [secret for secret in secrets(block) if f"`{secret}`" not in prose] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_addresses_are_those_of_the_channel(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = loaded(tmp_path, blocks(name, "toml")[0], monkeypatch)
    addresses = set(re.findall(r"https://[\w.]+/callback/[\w/-]*", page(name)))
    assert addresses == {f"https://beike.example.edu.cn/callback/{config.groups[0].channel}"}


@pytest.mark.parametrize("name", PAGES)
async def test_the_address_answers_a_curl_as_the_page_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [good] = re.findall(r"curl -i https://[^`]*`\uff1a回 (\d+) 就是通了", page(name))
    config, clock = loaded(tmp_path, blocks(name, "toml")[0], monkeypatch), SystemClock()
    async with opened(config) as store, ClientSession() as session:
        connected = connect(config, store, session, clock, Logbook(clock))
        app = web.Application()
        Callbacks(connected.receivers(assemble(store, clock, connected.transports).dispatcher)).add_to(app)
        async with TestServer(app) as server:
            for path, status in ((name, int(good)), ("another", 404), (f"{name}/", 404)):
                async with session.get(server.make_url(f"/callback/{path}")) as response:
                    assert response.status == status


@pytest.mark.parametrize("name", PAGES)
def test_the_proxy_passes_the_callbacks_on_unchanged(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = loaded(tmp_path, blocks(name, "toml")[0], monkeypatch).server
    [proxy] = blocks(name, "nginx")
    assert re.findall(r"location (\S+)", proxy) == ["/callback/"]
    assert re.findall(r"proxy_pass (\S+);", proxy) == [
        f"http://{server.host}:{server.port}"
    ]  # a path would replace ours
    assert "X-Forwarded-For $proxy_add_x_forwarded_for;" in proxy
    assert f"不写是 {server.replay_window}" in page(name)


@pytest.mark.parametrize("name", PAGES)
def test_the_reasons_in_the_table_are_those_in_the_log(name: str) -> None:
    folders = (ROOT / "bot" / "platforms" / name, ROOT / "bot" / "web")
    source = "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py"))
    rows = REASON.findall(troubles(name))
    reasons = [reason for _, written in rows for reason in re.findall(r"`([a-z ]+|not base64)`", written)]
    assert len(rows) >= 6
    assert [reason for reason in reasons if f'"{reason}"' not in source] == []


def test_the_codes_in_the_tables_are_those_the_program_knows() -> None:
    written = {int(code) for code in re.findall(r"`(\d{5,6})`", troubles("dingtalk"))}
    assert {300001, 310000, 410100} <= written <= WEBHOOK_RULES.keys()
    first_cells = "\n".join(row.split("|")[1] for row in troubles("dingtalk").splitlines() if row.startswith("|"))
    words = set(re.findall(r"`(contain\.\w+|[A-Z]\w+|invalid[A-Z]\w+)`", first_cells))
    assert len(words) >= 4
    assert sorted(words - {word for word, _ in API_RULES}) == []
    post = (ROOT / "bot" / "platforms" / "wecom" / "codes.py").read_text(encoding="utf-8")
    codes = set(re.findall(r"`(\d{5,6})`", troubles("wecom")))
    assert {"45009", "93000"} <= codes
    assert [code for code in sorted(codes) if code not in post] == []


def test_the_limits_are_those_the_program_keeps() -> None:
    [length] = re.findall(r"^\| 一条多长 \|(.*)$", page("dingtalk"), re.MULTILINE)
    assert re.findall(r"\d+", length) == [str(dingtalk.PARAM_BYTES), str(dingtalk.WEBHOOK_BYTES)]
    [speed] = re.findall(r"^\| 发多快 \|(.*)$", page("dingtalk"), re.MULTILINE)
    assert f"每分钟 {dingtalk_robot.PER_MINUTE} 条\uff0c超了停 {dingtalk_robot.PENALTY / 60:.0f} 分钟" in speed
    assert f"一次最多 {dingtalk_robot.MOST_MENTIONS} 人" in page("dingtalk")
    assert f"最多算到 {LONGEST_WINDOW}" in page("dingtalk")
    [length] = re.findall(r"^\| 一条多长 \|(.*)$", page("wecom"), re.MULTILINE)
    assert re.findall(r"\d+", length) == [
        str(n) for n in (wecom.ROBOT_BYTES, wecom.WEBHOOK_BYTES, wecom_robot.TEXT_BYTES)
    ]
    assert f"歇 {wecom_robot.PENALTY:.0f} 秒" in troubles("wecom")
