"""The docs say what the program does: generated parts are fresh, examples run, links lead somewhere."""

import json
import re
import shlex
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from aiohttp.test_utils import TestServer
from aiohttp.web import RouteDef

import bot
from bot.app import Playhouse, registry
from bot.cli.parser import main
from bot.simulator.server import make_app, routes
from tools import docs, punctuation

ROOT = docs.ROOT
PAGES = {path.relative_to(ROOT).as_posix(): path for path in docs.files()}
CHINESE = {name: path for name, path in PAGES.items() if name != "README.en.md"}
CODE = re.compile(r"```.*?```|`[^`\n]+`|<!--.*?-->|\]\([^)]*\)", re.DOTALL)
RECIPE = re.compile(r"^`(?P<path>[\w/]+\.py)`\n\n```python\n(?P<text>.*?)```", re.MULTILINE | re.DOTALL)
CURL = re.compile(r"```sh\n(?P<words>curl .*?)```\n\n```json\n(?P<answer>.*?)```", re.DOTALL)
# Selectors, joiners, skin tones, flags, keycaps: what makes one emoji out of several code points.
JOINED = re.compile("[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff]")


def page(name: str) -> str:
    return PAGES[name].read_text(encoding="utf-8")


def test_the_generated_parts_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_part_is_seen_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = page("README.md").replace("| `/报名` | 组员 |", "| `/报名` | 所有人 |")
    assert stale != page("README.md")
    (tmp_path / "README.md").write_text(stale, encoding="utf-8")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    assert docs.main(["--check"]) == 1
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == stale
    assert docs.main([]) == 0
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == page("README.md")


@pytest.mark.parametrize(
    "text",
    [
        "<!-- docs:commands -->\n",
        "<!-- docs:commands -->\n<!-- /docs:schedule -->",
        "<!-- docs:nobody -->\n<!-- /docs:nobody -->",
    ],
)
def test_a_mark_without_its_half_or_its_maker_is_an_error(text: str) -> None:
    with pytest.raises(LookupError):
        docs.current(text)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_files_of_the_project(name: str) -> None:
    text = re.sub(r"```.*?```", "", page(name), flags=re.DOTALL)
    places = [place for place in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in place]
    missing = [place for place in places if not (PAGES[name].parent / place.partition("#")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize("name", PAGES)
def test_files_named_in_the_text_exist(name: str) -> None:
    places = re.findall(r"`((?:bot|handlers|schedules|tools|tests|docs)/[\w/.*]*)`", page(name))
    missing = {place for place in places if not any(ROOT.glob(place.rstrip("/")))}
    assert missing - set(recipes()) == set()


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set[str](), ["README.md"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        places = re.findall(r"\]\(([^)\s]+\.md)\)", page(name))
        found = {
            str((PAGES[name].parent / place).resolve().relative_to(ROOT)) for place in places if "://" not in place
        }
        waiting += sorted(found - reached)
    assert reached == set(PAGES)


@pytest.mark.parametrize("name", CHINESE)
def test_chinese_takes_full_width_punctuation(name: str) -> None:
    lines = CODE.sub("`", page(name)).splitlines()
    wrong = [line for line in lines if punctuation.findings(f"x = {line!r}")]
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_an_emoji_is_one_code_point(name: str) -> None:
    assert JOINED.findall(page(name)) == []


def test_every_command_that_is_written_down_is_one() -> None:
    known = registry()
    written = {text for name in PAGES for text in re.findall(r"`(/[\u4e00-\u9fff][^`]*)`", page(name))}
    assert len(written) > 30
    assert [text for text in sorted(written) if known.understand(_without_brackets(text), "").command is None] == []


def _without_brackets(usage: str) -> str:
    return usage.replace("[", "").replace("]", "")


def test_the_ways_to_write_one_command_all_mean_it() -> None:
    [block] = re.findall(r"```text\n(.*?)```", page("docs/commands.md"), re.DOTALL)
    understood = [registry().understand(line, "备课助手") for line in block.splitlines()]
    assert [(found.command, found.argument) for found in understood] == [("报名", "3")] * 7


def test_every_verb_of_the_command_line_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    verbs = {*re.findall(r"^    (\w+)\s", capsys.readouterr().out, re.MULTILINE), "test"}
    described = set(re.findall(r"^\| `python3 start\.py (\w+)", page("docs/command-line.md"), re.MULTILINE))
    mentioned = {verb for name in PAGES for verb in re.findall(r"start\.py (\w+)", page(name))}
    assert described == verbs
    assert mentioned <= verbs


def test_every_path_of_the_simulator_is_described() -> None:
    paths = {route.path.partition("{")[0] for route in routes if isinstance(route, RouteDef) and "/api/" in route.path}
    assert len(paths) == 11
    assert [path for path in sorted(paths) if path not in page("docs/simulator.md")] == []


async def test_the_examples_of_the_simulator_answer_as_written(tmp_path: Path) -> None:
    (tmp_path / "计划.txt").write_text("每月第一周：召开备课组例会\n", encoding="utf-8")
    examples = list(CURL.finditer(page("docs/simulator.md")))
    assert len(examples) == page("docs/simulator.md").count("curl http") + page("docs/simulator.md").count("curl 'http")
    async with Playhouse(tmp_path / "data", None) as playground, TestServer(make_app(playground)) as server:
        for example in examples:
            words = shlex.split(example["words"].replace("\\\n", " "))
            answer = await curl(words[1:], str(server.port), tmp_path)
            assert differs(json.loads(example["answer"]), answer) is None, example["words"]


async def curl(words: list[str], port: str, folder: Path) -> Any:
    """What curl would get; of its options those that the docs use."""
    address, options = words[0].replace("8300", port), words[1:]
    data: str | FormData | None = None
    headers: dict[str, str] = {}
    method = "GET"
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option == "-X":
            method = value
        elif option == "-H":
            key, _, meant = value.partition(": ")
            headers[key] = meant
        elif option == "-d":
            method, data = "POST", value
        else:
            assert option == "-F"
            name, _, file = value.partition("=@")
            method, data = "POST", FormData()
            data.add_field(name, (folder / file).read_bytes(), filename=file)
    async with ClientSession() as session, session.request(method, address, data=data, headers=headers) as response:
        assert response.status == 200, await response.text()
        return await response.json()


def differs(shown: Any, real: Any, where: str = "") -> str | None:
    """Where the real answer is not as shown: what is shown must be there, … stands for the rest of a text."""
    if isinstance(shown, dict) and isinstance(real, dict):
        pairs = [(shown[key], real.get(key), f"{where}.{key}") for key in shown]
    elif isinstance(shown, list) and isinstance(real, list):
        if len(shown) > len(real) or (not shown and real):
            return f"{where}: {real}"
        pairs = [(one, other, f"{where}[{n}]") for n, (one, other) in enumerate(zip(shown, real, strict=False))]
    elif isinstance(shown, str) and shown.endswith("…"):
        return None if str(real).startswith(shown[:-1]) else f"{where}: {real}"
    else:
        return None if shown == real else f"{where}: {real}"
    return next((found for pair in pairs if (found := differs(*pair))), None)


@pytest.mark.parametrize(
    ("shown", "real", "where"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, None),
        ({"a": 1}, {"a": 2}, ".a: 2"),
        ({"a": [{"b": "x…"}]}, {"a": [{"b": "xyz"}]}, None),
        ({"a": [{"b": "x…"}]}, {"a": [{"b": "y"}]}, ".a[0].b: y"),
        ([], [1], ": [1]"),
        ([1, 2], [1], ": [1]"),
        ({"a": None}, {"a": None}, None),
    ],
)
def test_a_wrong_example_would_be_seen(shown: Any, real: Any, where: str | None) -> None:
    assert differs(shown, real) == where


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the recipes of CONTRIBUTING.md put where they say."""
    house = tmp_path_factory.mktemp("house")
    for name in ("bot", "handlers", "schedules"):
        shutil.copytree(ROOT / name, house / name)
    (house / "tests").mkdir()
    for name in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(ROOT / name, house / name)
    for recipe in RECIPE.finditer(page("CONTRIBUTING.md")):
        path = house / recipe["path"]
        assert not path.exists(), f"{recipe['path']} is taken: the recipe needs another example"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(recipe["text"], encoding="utf-8")
    return house


def recipes(start: str = "") -> list[str]:
    return [found["path"] for found in RECIPE.finditer(page("CONTRIBUTING.md")) if found["path"].startswith(start)]


def run(house: Path, *words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=house, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_recipes_work_when_copied(house: Path) -> None:
    """Their own tests speak to the command, move the clock to the post and find the subject in the digest."""
    tests = recipes("tests/")
    assert len(tests) == 3
    said = run(house, "-m", "pytest", "-p", "no:cacheprovider", "-vv", *tests)
    assert [path for path in tests if f"{path}::" not in said] == []
    assert "skipped" not in said


def test_the_recipes_keep_the_rules_of_the_house(house: Path) -> None:
    files = recipes()
    run(house, "-m", "ruff", "check", "--no-cache", *files)
    run(house, "-m", "ruff", "format", "--no-cache", "--check", *files)
    run(house, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache")
    for name in files:
        assert punctuation.findings((house / name).read_text(encoding="utf-8")) == []


def test_the_picture_is_a_small_screenshot() -> None:
    picture = (ROOT / "docs" / "images" / "simulator.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (1280, 800)
    assert len(picture) <= 200_000


def test_the_change_log_names_this_version() -> None:
    assert re.search(
        rf"^## {re.escape(bot.__version__)}（\d{{4}}-\d{{2}}-\d{{2}}）$", page("CHANGELOG.md"), re.MULTILINE
    )


def test_what_is_said_to_be_unused_is_unused() -> None:
    [sentence] = re.findall(r"。(`plan`.*?)现在只检查", page("docs/configuration.md"))
    keys = set(re.findall(r"`(\w+)`", sentence)) - {"plan"}  # too common a word to look for
    rooms = [path for path in (ROOT / "bot").rglob("*.py") if "config" not in path.parts]
    source = "\n".join(path.read_text(encoding="utf-8") for path in rooms)
    assert len(keys) == 4
    assert [key for key in sorted(keys) if re.search(rf"(?<!reading)\.{key}\b", source)] == []
