"""config.toml: what is read from it, and the sentence for everything that can be wrong in it."""

from datetime import date
from pathlib import Path

import pytest

from bot.config import Config, DingTalkApp, WeComCallback, WeComRobot, load
from bot.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "config.example.toml"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

SCHOOL = '[[schools]]\nname = "示例中学"\n'
TERM = SCHOOL + '[[schools.terms]]\nname = "上"\nfirst_day = 2026-08-31\nweeks = 21\n'
CALLBACK = f'[[channels]]\nname = "w"\nkind = "wecom-callback"\ntoken = "t0ken"\nencoding_aes_key = "{AES_KEY}"\n'
APP = '[[channels]]\nname = "d"\nkind = "dingtalk-stream"\nclient_id = "c"\nclient_secret = "hush-hush"\n'
ROBOT = '[[channels]]\nname = "r"\nkind = "wecom-robot"\nwebhook = "https://qyapi.weixin.qq.com/x?key=hush-hush"\n'
GROUP = '[[groups]]\nname = "语文组"\n'


def read(folder: Path, text: str | bytes) -> Config:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


def sentences(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    title, *rows = str(caught.value).split("\n")
    assert title == f"config.toml 有 {len(rows)} 处要改\uff1a"
    assert [row.partition(". ")[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    return [row.partition(". ")[2] for row in rows]


# -- what is read ------------------------------------------------------------------------------------------------------


def test_an_empty_file_is_a_whole_config(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert (config.server.host, config.server.port, config.server.replay_window) == ("127.0.0.1", 8080, 600)
    assert config.store.path == tmp_path / "data"
    assert config.privacy.minimum_group == 10


def test_one_school_and_one_channel_need_not_be_named(tmp_path: Path) -> None:
    config = read(
        tmp_path, TERM + CALLBACK + GROUP + 'leader = "李老师"\nmembers = [{ name = "王老师", id = "007" }]\n'
    )
    (group,) = config.groups
    assert (group.school, group.channel) == ("", "w")
    assert group.leader
    assert (group.leader.name, group.leader.id) == ("李老师", "")
    assert [(person.name, person.id) for person in group.members] == [("王老师", "007")]


def test_the_middle_and_the_last_week_are_counted_when_left_out(tmp_path: Path) -> None:
    (term,) = read(tmp_path, TERM).schools[0].terms
    assert (term.first_day, term.weeks, term.midterm_week, term.final_week) == (date(2026, 8, 31), 21, 10, 21)


def test_outer_blanks_are_trimmed_and_empty_strings_are_left_out_keys(tmp_path: Path) -> None:
    text = '[server]\nhost = "  0.0.0.0\\t"\npublic_url = ""\n' + CALLBACK.replace('"t0ken"', '" t0ken\\n"')
    config = read(tmp_path, text)
    (channel,) = config.channels
    assert isinstance(channel, WeComCallback)
    assert (config.server.host, config.server.public_url) == ("0.0.0.0", None)  # noqa: S104
    assert channel.token.get_secret_value() == "t0ken"


def test_values_come_from_the_environment_and_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEIKE_PORT", " 9000 ")
    (tmp_path / "密 钥.txt").write_bytes("\ufeff  hush-hush \r\n".encode())
    text = '[server]\nport = "env:BEIKE_PORT"\n' + APP.replace('"hush-hush"', '"file:密 钥.txt"')
    config = read(tmp_path, text + f'[[groups]]\nname = "组"\nleader = "file:{tmp_path / "密 钥.txt"}"\n')
    (channel,) = config.channels
    assert isinstance(channel, DingTalkApp)
    assert config.server.port == 9000
    assert channel.client_secret.get_secret_value() == "hush-hush"
    assert config.groups[0].leader
    assert config.groups[0].leader.name == "hush-hush"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_notepad_can_save_it(tmp_path: Path, encoding: str, newline: str) -> None:
    config = read(tmp_path, TERM.replace("\n", newline).encode(encoding))
    assert config.schools[0].name == "示例中学"


def test_secrets_are_in_no_text_of_the_config(tmp_path: Path) -> None:
    text = '[store]\nurl = "postgresql://u:hush-hush@db/x"\n' + APP + ROBOT + CALLBACK.replace("t0ken", "hush-hush")
    config = read(tmp_path, text)
    shown = f"{config} {config!r} {config.model_dump()} {config.model_dump_json()}"
    assert "hush-hush" not in shown
    assert AES_KEY not in shown


def test_the_app_is_its_own_robot_unless_said_otherwise(tmp_path: Path) -> None:
    (app,) = read(tmp_path, APP).channels
    (other,) = read(tmp_path, APP + 'robot_code = "0r"\n').channels
    assert isinstance(app, DingTalkApp)
    assert isinstance(other, DingTalkApp)
    assert (app.robot, other.robot) == ("c", "0r")


@pytest.mark.parametrize("host", ["127.0.0.1:9", "127.1.2.3", "[::1]:9", "localhost:80"])
def test_a_channel_may_point_at_a_fake_on_the_own_machine(tmp_path: Path, host: str) -> None:
    (channel,) = read(tmp_path, ROBOT.replace("https://qyapi.weixin.qq.com", f"http://{host}")).channels
    assert isinstance(channel, WeComRobot)
    assert channel.webhook.get_secret_value().startswith(f"http://{host}/")
    assert read(tmp_path, APP + f'api_base = "http://{host}/"\n').channels[0].api_base == f"http://{host}"  # type: ignore[union-attr]


# -- what is wrong -----------------------------------------------------------------------------------------------------


def wrong_configs() -> list[tuple[str, str]]:
    """The table beside this file: config and sentence."""
    text = Path(__file__).with_name("wrong_configs.txt").read_text(encoding="utf-8")
    rows = [block.rpartition("\n=> ") for block in text.strip().split("\n\n")[1:]]
    return [(config, sentence) for config, _, sentence in rows]


@pytest.mark.parametrize(("text", "sentence"), wrong_configs())
def test_a_wrong_config_gets_its_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentences(tmp_path, text) == [sentence]


def test_a_mistyped_required_key_is_missing_and_unknown(tmp_path: Path) -> None:
    missing, unknown = sentences(tmp_path, APP.replace("client_secret", "client_secert"))
    assert missing.startswith("channels[1].client_secret\uff1a缺少这个键。")
    assert unknown == "channels[1].client_secert\uff1a没有这个键\uff0c是不是想写 client_secret\uff1f"


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    found = sentences(tmp_path, '[server]\nport = -1\nhots = "x"\n[store]\nurl = "env:GONE"\n' + GROUP + 'window = "7"')
    assert [sentence.partition("\uff1a")[0] for sentence in found] == [
        "store.url", "server.port", "server.hots", "groups[1].window",
    ]  # fmt: skip


def test_no_error_shows_a_secret(tmp_path: Path) -> None:
    text = (
        '[store]\nurl = "mysql://hush-hush"\n' + CALLBACK.replace(AES_KEY, "hush-hush") + "bot_name = 3\n"
        'tokne = "hush-hush"\n' + ROBOT.replace("https:", "http:") + APP + "per_minute = 0\n"
    )
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    chain = f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__
    assert "hush" not in chain
    assert str(caught.value).startswith("config.toml 有 6 处要改")


BROKEN = [
    ("[server]\nport == 1", "第 2 行写法不对。每行写成 键 = 值"),
    ("name = \u201cx\u201d", "第 1 行写法不对。这一行有中文的引号"),
    ("a = 1\nb \uff1d 2", "第 2 行写法不对。这一行有中文的引号"),
    ('[store]\npath = "D:\\数据"', "第 2 行写法不对。文字里的 \\ 要写成 \\\\"),
    ("听课 = 4", "第 1 行写法不对。中文的键要加双引号"),
    ("[store]\n[store]", "第 2 行写法不对。同一个键或同一段写了两次"),
    ("x = [1,", "第 1 行写法不对。"),
]


@pytest.mark.parametrize(("text", "sentence"), BROKEN)
def test_broken_toml_names_the_line(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"config.toml {sentence}")


def test_an_absent_config_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"python3 start\.py init") as caught:
        load(tmp_path / "没有.toml")
    assert "没有.toml" in str(caught.value)


@pytest.mark.parametrize("data", [b"\x81", b"\xff\xfe\x00"])
def test_bytes_that_are_no_text(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ConfigError, match="UTF-8"):
        read(tmp_path, data)


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="打不开"):
        load(tmp_path)
