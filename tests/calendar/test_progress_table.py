"""Progress tables in the shapes schools keep them: headers in any order and wording, weeks, merged cells, notes."""

import pytest

from bot.calendar.progress_table import MOST_ROWS, TableRow, as_text, read_table
from bot.calendar.progress_table.cells import leads_of, lessons_of, weeks_of
from bot.errors import UserError

HEADER = "周次\t单元\t教学内容\t课时\t主备\t备注"


def brief(row: TableRow) -> tuple[tuple[int, ...], str, str, int | None, str]:
    return row.weeks, row.unit, row.topic, row.lessons, "、".join(row.leads)


@pytest.mark.parametrize(
    ("cell", "weeks"),
    [
        ("3", (3,)),
        ("\uff13", (3,)),
        ("03", (3,)),
        ("3.0", (3,)),
        ("第3周", (3,)),
        ("第 三 周", (3,)),
        ("第二十一周", (21,)),
        ("3-4", (3, 4)),
        ("3\uff5e5", (3, 4, 5)),
        ("3\u20144周", (3, 4)),
        ("第3周至第5周", (3, 4, 5)),
        ("第3、4周", (3, 4)),
        ("3、4", (3, 4)),
        ("第3周、第4周", (3, 4)),
        ("1-3、5", (1, 2, 3, 5)),
        ("十一、十二", (11, 12)),
        ("第10周\uff08期中考试\uff09", (10,)),
        ("第3教学周", (3,)),
        ("预备周", (0,)),
        ("2026年3月4日", (3, 4)),  # what Excel makes of "3-4"
        ("第 3 \u2014 4 周", (3, 4)),
        ("5-3", ()),
        ("期中", ()),
        ("9.1-9.5", ()),
        ("9月1日", ()),
        ("", ()),
    ],
)
def test_the_weeks_of_a_cell(cell: str, weeks: tuple[int, ...]) -> None:
    assert weeks_of(cell).weeks == weeks


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("第1周\uff088.31-9.4\uff09", "8.31-9.4"),
        ("1\n8.31-9.4", "8.31-9.4"),
        ("第1周8.31-9.4", "8.31-9.4"),
        ("9.1-9.5", "9.1-9.5"),
        ("第10周\uff08期中\uff09", ""),
    ],
)
def test_a_cell_of_weeks_may_hold_its_days(cell: str, days: str) -> None:
    assert weeks_of(cell).days == days


@pytest.mark.parametrize(
    ("cell", "lessons"),
    [
        ("4", 4), ("\uff14", 4), ("4.0", 4), ("4课时", 4), ("四节", 4), ("3+1", 4), ("共12课时", 12), ("04", 4),
        ("若干", None), ("", None), ("2-3", None), ("一百", None),
    ],
)  # fmt: skip
def test_the_lessons_of_a_cell(cell: str, lessons: int | None) -> None:
    assert lessons_of(cell) == lessons


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("王老师", ("王老师",)),
        ("王 芳", ("王芳",)),
        ("王\u3000芳", ("王芳",)),
        ("王老师、张老师", ("王老师", "张老师")),
        ("王老师 张老师", ("王老师", "张老师")),
        ("王老师/张老师", ("王老师", "张老师")),
        ("王芳\n张敏", ("王芳", "张敏")),
        ("欧阳文  张敏", ("欧阳文", "张敏")),
        ("主备\uff1a王老师", ("王老师",)),
        ("王老师\uff08主\uff09 张老师\uff08辅\uff09", ("王老师", "张老师")),
        ("全组", ()),
        ("\u2014\u2014", ()),
        ("", ()),
    ],
)
def test_the_names_of_a_cell(cell: str, names: tuple[str, ...]) -> None:
    assert leads_of(cell) == names


@pytest.mark.parametrize(
    "header",
    [
        "周次\t单元\t教学内容\t课时\t主备\t备注",
        "教学周\t章节\t课题\t节数\t主备人\t说明",
        "周\t模块\t篇目\t计划课时\t主讲\t备注",
        "周 次\t单 元\t教 学 内 容\t课 时\t主 备 人\t备 注",
        "周数\t单元名称\t授课内容\t课时数\t主备教师\t备\u3000注",
        "第几周\t教材章节\t教学课题\t课时安排\t中心发言人\t备注\uff08调整\uff09",
    ],
)
def test_columns_are_found_by_their_headers(header: str) -> None:
    (row,) = read_table(f"{header}\n3\t第一单元\t《百合花》\t4\t王老师\t公开课").rows
    assert brief(row) == ((3,), "第一单元", "《百合花》", 4, "王老师")
    assert row.remark == "公开课"


def test_columns_stand_in_any_order_among_others() -> None:
    table = read_table(
        "序号\t主备人\t教学目标\t教学内容\t教学重难点\t课时\t课后作业\t周次\t班级\n"
        "1\t王老师\t会背\t《登高》\t炼字\t2\t默写第1段\t8\t1、2班"
    )
    assert [brief(row) for row in table.rows] == [((8,), "", "《登高》", 2, "王老师")]


@pytest.mark.parametrize(
    "text",
    [
        "周次\t内容\t主备\n1\t《沁园春》\t李老师\n2\t《百合花》\t张老师",
        "| 周次 | 内容 | 主备 |\n| --- | :---: | --- |\n| 1 | 《沁园春》 | 李老师 |\n| 2 | 《百合花》 | 张老师 |",
        "周次|内容|主备\n1|《沁园春》|李老师\n2|《百合花》|张老师",
        "周次,内容,主备\n1,《沁园春》,李老师\n2,《百合花》,张老师",
        "周次\uff0c内容\uff0c主备\n1\uff0c《沁园春》\uff0c李老师\n2\uff0c《百合花》\uff0c张老师",
        "周次  内容    主备\n1     《沁园春》  李老师\n2     《百合花》  张老师",
        "周次\u3000内容\u3000主备\n1\u3000《沁园春》\u3000李老师\n2\u3000《百合花》\u3000张老师",
        "周次 内容 主备\r\n1 《沁园春》 李老师\r\n2 《百合花》 张老师\r\n",
    ],
)
def test_pasted_text_is_parted_in_every_usual_way(text: str) -> None:
    assert [brief(row) for row in read_table(text).rows] == [
        ((1,), "", "《沁园春》", None, "李老师"),
        ((2,), "", "《百合花》", None, "张老师"),
    ]


def test_rows_that_may_have_slipped_are_said() -> None:
    table = read_table("周次,内容,课时,主备\n1,《沁园春》,《红烛》,4,李老师\n2,《百合花》")
    assert table.problems == ("第2行的课时“《红烛》”没看懂，先空着。", "第2行比表头多了格，可能串了列，请看一眼。")
    table = read_table("| 周次 | 单元 | 内容 |\n|---|---|---|\n| 1 | 一 | 甲 | 乙 |")
    assert table.problems == ("第3行比表头多了格，可能串了列，请看一眼。",)
    table = read_table("周次  单元  内容\n1  一  甲\n2  乙\n\n合计")
    assert table.problems == ("第3行比表头少了格，可能串了列，请看一眼。",)


def test_quoted_cells_hold_commas_and_line_breaks() -> None:
    table = read_table('周次,内容,备注\n1,"《沁园春》,\n《百合花》","带好""语文书"""\n2,《登高》,')
    assert [row.topic for row in table.rows] == ["《沁园春》, 《百合花》", "《登高》"]
    assert table.rows[0].remark == '带好"语文书"'


def test_a_quotation_mark_that_is_never_closed_swallows_no_row() -> None:
    table = read_table('周次\t内容\n1\t"乡土中国\n2\t《登高》')
    assert [row.topic for row in table.rows] == ['"乡土中国', "《登高》"]


def test_a_cell_without_end_is_cut() -> None:
    (row,) = read_table('周次\t内容\n1\t"' + "长" * 200_000).rows
    assert len(row.topic) == 1000


def test_titles_above_and_notes_below_are_no_rows() -> None:
    table = read_table(
        f"示例中学高一语文教学进度表\n2026学年第一学期\n\n{HEADER}\n"
        "1\t第一单元\t《沁园春》\t4\t李老师\t\n"
        "九月\n"
        f"{HEADER}\n"
        "2\t\t《百合花》\t4\t张老师\t\n"
        "\t\t\t\t\t\n"
        "合  计\t\t\t8\t\t\n"
        "备注\uff1a国庆期间调课另行通知\t\t\t\t\t\n"
        "备课组长签字\uff1a\t\t\t教研组长\uff1a\t\t"
    )
    assert [(row.line, row.weeks, row.topic) for row in table.rows] == [
        (5, (1,), "《沁园春》"),
        (8, (2,), "《百合花》"),
    ]
    assert table.name == "示例中学高一语文教学进度表 2026学年第一学期"
    assert table.problems == ()


def test_what_is_merged_goes_on_below() -> None:
    rows = read_table(
        f"{HEADER}\n1\t第一单元\t《沁园春》\t2\t李老师\t\n\t\t《红烛》\t2\t\t\n2\t\t《百合花》\t4\t\t\n"
        "10\t\t期中考试\t\t\t\n11\t第二单元\t《插秧歌》\t4\t\t"
    ).rows
    assert [brief(row)[:3] for row in rows] == [
        ((1,), "第一单元", "《沁园春》"),
        ((1,), "第一单元", "《红烛》"),
        ((2,), "第一单元", "《百合花》"),
        ((10,), "", "期中考试"),
        ((11,), "第二单元", "《插秧歌》"),
    ]


@pytest.mark.parametrize("topic", ["说明文阅读", "*《登泰山记》", "注释体的读法", "合计数的初步认识", "校长妈妈"])
def test_a_further_row_of_a_week_is_no_note_because_of_its_first_word(topic: str) -> None:
    rows = read_table(f"{HEADER}\n3\t第一单元\t《百合花》\t4\t\t\n\t\t{topic}\t\t\t").rows
    assert [(row.weeks, row.topic) for row in rows] == [((3,), "《百合花》"), ((3,), topic)]


@pytest.mark.parametrize(
    "note",
    ["合计\uff1a16", "总课时16", "共计课时 16", "注\uff1a机动", "说明\uff1a略", "审核\uff1a", "制表人\uff1a", "注1 略"],
)
def test_notes_and_signatures_are_no_rows(note: str) -> None:
    table = read_table(f"{HEADER}\n3\t第一单元\t《百合花》\t4\t\t\n\t\t{note}\t16\t\t\n{note}\t\t\t16\t\t")
    assert ([row.line for row in table.rows], table.problems) == ([2], ())


def test_a_header_of_two_lines() -> None:
    (row,) = read_table("周次\t教学安排\t\t\t主备人\n\t单元\t课题\t课时\t\n3\t第一单元\t《百合花》\t4\t王老师").rows
    assert brief(row) == ((3,), "第一单元", "《百合花》", 4, "王老师")


def test_a_second_line_that_would_hide_the_days_does_not() -> None:
    (row,) = read_table("时间\t内容\n课时\t课题\n9.1-9.5\t《登高》").rows
    assert (row.dates, row.topic) == ("9.1-9.5", "《登高》")


def test_two_halves_side_by_side() -> None:
    table = read_table(
        "周次\t内容\t主备\t周次\t内容\t主备\n1\t《沁园春》\t李老师\t3\t《登高》\t刘老师\n2\t《百合花》\t\t\t\t"
    )
    assert [(row.weeks, row.topic) for row in table.rows] == [
        ((1,), "《沁园春》"),
        ((2,), "《百合花》"),
        ((3,), "《登高》"),
    ]


def test_a_second_column_of_weeks_makes_no_halves() -> None:
    (row,) = read_table("周次\t周数\t教学内容\t主备\n3\t1\t《百合花》\t王老师").rows
    assert brief(row) == ((3,), "", "《百合花》", None, "王老师")


def test_numbers_written_as_text_stay_as_they_are() -> None:
    (row,) = read_table("周次\t单元\t课题\n3\t01\t007 号课文").rows
    assert (row.unit, row.topic) == ("01", "007 号课文")


def test_what_cannot_be_read_is_said_with_its_row() -> None:
    table = read_table(
        f"{HEADER}\n5-3\t\t《登高》\t\t\t\n某周\t\t《百合花》\t\t\t\n6\t\t《师说》\t若干\t\t\n7\t第三单元\t\t\t\t\n8\t\t\t2\t\t\n9\t\t\t\t\t\n第19周起\t\t复习\t\t\t"
    )
    assert [(row.weeks, row.topic) for row in table.rows] == [((6,), "《师说》"), ((7,), "第三单元"), ((19,), "复习")]
    assert table.problems == (
        "第2行的周次“5-3”次序不对。",
        "第2行没有周次，没有读。",
        "第3行的周次“某周”没看懂，这一行没有读。",
        "第4行的课时“若干”没看懂，先空着。",
        "第8行的周次“第19周起”没有写到哪一周，只按第19周读。",
        "第6、7行没有内容，没有读。",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有找到进度表的表头"),
        ("请看附件", "没有找到进度表的表头"),
        ("姓名\t分数\n甲\t90", "没有找到进度表的表头"),
        ("课题\t主备\n《登高》\t王老师", "没有找到进度表的表头"),
        (HEADER, "表头下面没有内容"),
        (f"{HEADER}\n合计\t\t\t8\t\t", "表头下面没有内容"),
        ("\n".join([HEADER, *["3\t\t《登高》\t\t\t"] * (MOST_ROWS + 1)]), "表里有 201 行，最多 200 行"),
    ],
)
def test_what_is_no_table_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read_table(text)


def test_the_most_rows_are_read() -> None:
    assert len(read_table("\n".join([HEADER, *["3\t\t《登高》\t\t\t"] * MOST_ROWS])).rows) == MOST_ROWS


def test_a_table_written_as_text_is_read_the_same() -> None:
    table = read_table(f"{HEADER}\n3-4\t第一单元\t《百合花》\t7\t王老师、张老师\t公开课\n5\t\t《登高》\t\t\t")
    again = read_table(as_text(table))
    assert [brief(row) for row in again.rows] == [brief(row) for row in table.rows]
