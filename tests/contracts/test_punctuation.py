"""The tool that keeps Chinese sentences in full-width punctuation."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("punctuation_tool", ROOT / "tools" / "punctuation.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


FOUND = [
    ('x = "周三,第8节"', ","),
    ('x = "报名 3, 已满"', ","),
    ('x = "为什么?"', "?"),
    ('x = "主题: 论语"', ":"),
    ('x = "3 人(共 8 人)"', "()"),
    ('x = "课(abc)"', "()"),
    ('x = "《论语》:主题"', ":"),
    ('x = f"第{n}周(共{m}周)"', "()"),
    ('x = f"{n}周,{m:>3,}节"', ","),
    ("x = f\"{'满,了' if full else ''}\"", ","),
    ('x = f"{{不是字段}},真的"', ","),
    ('x = ("一,"\n     "二;")', ",;"),
    ('x = """第一行\n第二行!"""', "!"),
    ('甲 = "乙"; x = re.sub("甲,", "", "乙,")\ny = "丙,"', ","),
    ('@command("报名")\ndef f():\n    """报名(公开课)"""', "()"),
    ('@chat.command("报名")\nasync def f():\n    """报名,或候补"""', ","),
]

FINE = [
    'x = "周三\\uff0c第8节"',
    'x = "07:40, 08:20"',
    'x = "/报名 3"',
    'x = r"第(\\d+)周"',
    'x = re.compile("第([一二三])周")',
    'def f():\n    """Takes 周三, gives 3 (公开课)."""',
    'class C:\n    """公开课(C5)"""',
    'x = "周三,"  # ascii: what a keyboard in ASCII mode types',
    '# 注释,不管\nx = 1',
    'x = f"{d[\'a\']:>3}{n}"',
    'x = "(?:周|星期)"',
    '# ascii: pieces of patterns\nx = "(底|末)?"\ny = (\n  "周,",\n)\n',
]  # fmt: skip


@pytest.mark.parametrize(("source", "marks"), FOUND)
def test_ascii_beside_han_is_found_and_mended(tool: ModuleType, source: str, marks: str) -> None:
    assert "".join(finding.mark for finding in tool.findings(source)) == marks
    mended = tool.fixed(source)
    assert tool.findings(mended) == []
    assert mended.count("\\uff") + mended.count("\uff0c") == len(marks)
    compile(mended, "mended", "exec")


@pytest.mark.parametrize("source", FINE)
def test_everything_else_is_left_alone(tool: ModuleType, source: str) -> None:
    assert tool.findings(source) == []
    assert tool.fixed(source) == source


def test_a_remark_on_its_own_line_ends_at_the_next_empty_line(tool: ModuleType) -> None:
    source = '# ascii: pieces of patterns\nx = "(底|末)?"\n\ny = "周,"\n'
    assert [finding.line for finding in tool.findings(source)] == [4]


def test_a_reason_is_needed_for_an_exemption(tool: ModuleType) -> None:
    assert tool.findings('x = "周三,"  # ascii:')


def test_a_file_is_mended_in_place_and_then_passes(tool: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "有 空格.py"
    path.write_bytes('x = "周三,第8节"\r\ny = "好!"\r\n'.encode())
    assert tool.main([str(path)]) == 1
    assert tool.main(["--fix", str(path)]) == 0
    assert tool.main([str(path)]) == 0
    assert (
        path.read_bytes()
        == b'x = "\xe5\x91\xa8\xe4\xb8\x89\\uff0c\xe7\xac\xac8\xe8\x8a\x82"\r\ny = "\xe5\xa5\xbd\\uff01"\r\n'
    )
