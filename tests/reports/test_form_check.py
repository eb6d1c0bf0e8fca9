"""A Word file as a template: which placeholders are right, what is named, what is refused, what is filled in."""

import io
import zipfile
from datetime import datetime

import docx
import pytest
from docx.oxml import OxmlElement

from bot.clock import SCHOOL_ZONE
from bot.errors import BadArgument, StoreError, UserError
from bot.reports.form_files import form_called, forms
from bot.reports.forms.check import _DOT, Checked, check, nearest, tried
from bot.reports.forms.fill import _environment, fill, must_be_harmless
from bot.reports.forms.layout import built_in
from bot.reports.forms.shapes import COMMON, Filled, Form
from tests.made_files import text_of

LESSON = form_called("听课记录")
PREPARATION = form_called("备课记录")
NOW = datetime(2026, 9, 16, 12, tzinfo=SCHOOL_ZONE)
VALUES = {each.name: f"{each.name}的值" for each in COMMON}


def word(*lines: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    document, held = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.save(held)
    return held.getvalue()


def checked(data: bytes, form: Form = LESSON) -> Checked:
    return check(data, [form])[0]


def nothing(path: str) -> bytes:
    raise StoreError("gone")


def filled(form: Form, *, things: int = 2, text: str = "的值") -> Filled:
    """Every placeholder with its own name in it."""
    values = {each.name: f"{each.name}{text}" for each in form.fields}
    rows = {
        name: [{column: f"{name}{n}{column}" for column in columns} for n in range(things)]
        for name, columns in form.columns.items()
    }
    return Filled(form, form.title, values, rows)


@pytest.mark.parametrize("form", forms(), ids=[form.key for form in forms()])
def test_the_built_in_form_is_a_template_of_itself_and_takes_everything(form):
    data = built_in(form, "高一语文备课组", NOW)
    assert checked(data, form).problems == ()
    made = text_of(fill(data, filled(form), VALUES, nothing)[0])
    assert "{{" not in made
    assert "{%" not in made
    for name in checked(data, form).known:
        first, dot, second = name.partition(".")
        wanted = f"{first}1{second}" if dot else f"{name}的值"
        assert wanted in made or any(name == each.name for each in form.pictures), name


@pytest.mark.parametrize("form", forms(), ids=[form.key for form in forms()])
def test_a_school_form_with_every_placeholder(form):
    lists = [(name, column) for name, columns in form.columns.items() for column in columns]
    rows = tuple((f"{{{{ {name}.{column} }}}}", "") for name, column in lists)
    data = word(*[f"{name}：{{{{{name}}}}}" for name in form.names], rows=rows)
    found = checked(data, form)
    assert found.problems == ()
    assert set(found.known) == {name for name, _ in form.every()}
    made = text_of(fill(data, filled(form), VALUES, nothing)[0])
    for name in form.names:
        assert f"{name}：" in made
    for name, column in lists:
        assert f"{name}0{column}" in made
        assert f"{name}1{column}" in made


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("授课人", "授课教师"),
        ("听课时间", "日期"),
        ("授课教师姓名", "授课教师"),
        ("课 题", "课题"),
        ("听课纪录", "听课记录"),
        ("评分.分数", "评分.得分"),
        ("完全无关的词语", ""),
    ],
)
def test_an_unknown_placeholder_is_named_with_the_nearest(written, meant):
    assert nearest(LESSON, written) == meant
    (problem,) = checked(word(f"这一段有：{{{{{written}}}}}")).problems
    assert f"{{{{{written}}}}} 不认识" in problem
    assert "在“这一段有" in problem
    assert (f"是不是 {{{{{meant}}}}}？" in problem) == bool(meant)


CODE = (
    "{{ ''.__class__.__mro__ }}",
    "{{ 课题|upper }}",
    "{{ 课题.__class__ }}",
    "{{ 课题['x'] }}",
    "{{ 课题() }}",
    "{{ 1+1 }}",
    "{{ 课题 if 日期 else 1 }}",
    "{% set x = 1 %}",
    "{% for x in range(9) %}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{%p if 课题 %}",
    "{%tr for x in 日期 %}",
    "{%tr endfor %}",
    "{# 说明 #}",
    "{{}}",
    "{{r 课题}}",
)

HARMLESS = ("{# 说明 #}", "{%tr endfor %}", "{%tr for x in 日期 %}", "{{r 课题}}")
"""What is refused when it is looked at and could do nothing: a note, half a loop."""


@pytest.mark.parametrize("code", CODE)
def test_code_is_refused_with_a_sentence(code):
    found = checked(word("课题：{{课题}}", f"前 {code} 后"))
    assert len(found.problems) >= 1
    assert "在“前 " in found.problems[0]


@pytest.mark.parametrize("code", [code for code in CODE if code not in HARMLESS])
def test_code_that_no_look_has_found_does_not_run_either(code):
    """A file that was changed after its check, or hides its code where nobody looks for words."""
    with pytest.raises(BadArgument):
        fill(word(code), filled(LESSON), VALUES, nothing)


@pytest.mark.parametrize(
    "code",
    [
        "{% for x in y if z %}{% endfor %}",
        "{% for x in y() %}{% endfor %}",
        "{% for x, y in z %}{% endfor %}",
        "{% for x in y recursive %}{% endfor %}",
        "{% for x in y %}{% else %}1{% endfor %}",
    ],
)
def test_a_loop_is_one_over_a_list_and_nothing_more(code):
    with pytest.raises(BadArgument):
        must_be_harmless(code, _environment())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("｛｛课题｝｝", "大括号要用半角"),
        ("{{课题", "没有成对"),
        ("课题}}", "没有成对"),
        ("{{评分}}", "是一列"),
        ("{{评分.得分}}", "要写在表格的一行里"),
    ],
)
def test_slips_are_said(line, said):
    assert said in checked(word(line)).problems[0]


def test_two_lists_do_not_share_a_row():
    found = checked(word(rows=(("{{初案.教师}}", "{{二备.教师}}"),)), PREPARATION)
    assert "一行里只能有一个列表" in found.problems[0]


def test_a_loop_that_somebody_wrote_out_is_taken():
    rows = (("{%tr for 行 in 初案 %}", ""), ("{{行.教师}}", "{{行.位置}}"), ("{%tr endfor %}", ""))
    data = word(rows=rows)
    assert checked(data, PREPARATION).problems == ()
    made = text_of(fill(data, filled(PREPARATION), VALUES, nothing)[0])
    assert "初案0教师\n初案0位置\n初案1教师\n初案1位置" in made
    assert "后面少了" in checked(word(rows=rows[:2]), PREPARATION).problems[0]


def test_a_placeholder_in_several_runs_of_word_is_one():
    document, held = docx.Document(), io.BytesIO()
    paragraph = document.add_paragraph()
    for piece in ("课题：", "{", "{课", "题", "}", "}。"):
        paragraph.add_run(piece).bold = piece == "题"
    paragraph._p.insert(3, OxmlElement("w:proofErr"))
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0].paragraphs[0]
    for piece in ("{{评分", ".", "项目}", "}"):
        cell.add_run(piece).italic = piece == "."
    document.save(held)
    found = checked(held.getvalue())
    assert (found.problems, found.known) == ((), ("课题", "评分.项目"))
    made = text_of(fill(held.getvalue(), filled(LESSON), VALUES, nothing)[0])
    assert "课题：课题的值。" in made
    assert "评分0项目\n评分1项目" in made


def test_heads_and_feet_are_filled_and_looked_at_too():
    document, held = docx.Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "{{学校}} {{不知道}}"
    document.sections[0].footer.paragraphs[0].text = "{{制表日期}}"
    document.core_properties.title = "{{ 7*7 }}"
    document.save(held)
    assert len(checked(held.getvalue()).problems) == 1
    document.sections[0].header.paragraphs[0].text = "{{学校}}"
    held = io.BytesIO()
    document.save(held)
    made = docx.Document(io.BytesIO(fill(held.getvalue(), filled(LESSON), VALUES, nothing)[0]))
    assert made.sections[0].header.paragraphs[0].text == "学校的值"
    assert made.sections[0].footer.paragraphs[0].text == "制表日期的值"
    assert made.core_properties.title == "{{ 7*7 }}"  # no template


def test_a_list_without_things_leaves_one_row_to_write_on():
    data = word(rows=(("项目", "得分"), ("{{评分.项目}}", "{{评分.得分}}")))
    made = docx.Document(io.BytesIO(fill(data, filled(LESSON, things=0), VALUES, nothing)[0]))
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [["项目", "得分"], ["", ""]]


def test_what_is_filled_in_is_never_read_as_a_template():
    text = "{{学校}} {% for x in y %} {_{x}_} <w:p> &lt; ]]> “”"
    made = text_of(fill(word("{{课题}}"), filled(LESSON, text=text), VALUES, nothing)[0])
    assert made == f"课题{text}"


def _changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            content = before.read(part)
            after.writestr(part.filename, content.replace(old, new) if part.filename == name else content)
    return whole.getvalue()


def _with_alt_text(text: str) -> bytes:
    document, held = docx.Document(), io.BytesIO()
    document.add_paragraph("{{课题}} {{周次}}")
    document.add_picture(io.BytesIO(_DOT))
    document.inline_shapes[0]._inline.docPr.set("descr", text)
    document.save(held)
    return held.getvalue()


def test_code_hidden_in_the_words_of_a_picture_does_not_run():
    with pytest.raises(BadArgument):
        tried(_with_alt_text("{{ ''.__class__ }}"), PREPARATION)
    with pytest.raises(BadArgument) as raised:
        tried(_with_alt_text("{{照片}}"), PREPARATION)
    assert "填不出来" in raised.value.problem
    tried(_with_alt_text("校徽"), PREPARATION)


def _bomb() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b" " * (61 * 1024 * 1024))
    return whole.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "打不开"),
        (b"PK\x03\x04 broken", "打不开"),
        (word("没有占位符"), "没有占位符"),
        (word(*["{{课题}}"] * 501), "占位符有 501 个"),
        (b"PK" + bytes(6 * 2**20), "模板太大"),
        (_changed(word("{{课题}}"), "word/document.xml", b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>'), "不允许的内容"),
        (
            _changed(
                word("{{课题}}"),
                "word/_rels/document.xml.rels",
                b"</Relationships>",
                b'<Relationship Id="rId99" Type="http://x/attachedTemplate" Target="http://x/y" TargetMode="External"/>'
                b"</Relationships>",
            ),
            "指向别处",
        ),
    ],
    ids=["empty", "broken", "none", "many", "large", "entity", "external"],
)
def test_what_is_no_template_is_refused(data, said):
    with pytest.raises(UserError) as raised:
        check(data, forms())
    assert said in raised.value.problem


def test_a_bomb_is_not_unpacked():
    with pytest.raises(UserError) as raised:
        check(_bomb(), forms())
    assert "解开后太大" in raised.value.problem


def test_no_placeholder_is_named_twice():
    for form in forms():
        names = [name for name, _ in form.every()]
        assert len(set(names)) == len(names), form.key
