"""Who does it: ``by`` is an office or a head that arranges, ``who`` the people that act; and where it takes place."""

import re

from bot.calendar.reading.atoms import Found

_GROUP = r"第?[一二三四五六七八九十\d甲乙丙丁]+(?:小组|组)"
_WHO_WORD = (
    r"(?:主备人|主讲人|执笔人|(?:各组)?资料员|骨干教师|青年教师|新教师|新入职教师|实验员|学科带头人|联络员|课代表|轮值教师|师徒"
    rf"|{_GROUP}(?:[、,和]{_GROUP})*|全组|全体(?:组员|教师|成员)?|组员|各?任课教师)"
)
_BY_WORD = (
    r"(?:(?:学校|校|区|市|县|省|年级|学科)?(?:教务处|教导处|年级部|教科院|教研院|研修院|研训中心|进修学校|教科室|教科研室|教研室|教研处"
    r"|科研处|德育处|学生处|政教处|总务处|办公室|课程处|教师发展处|电教组|文印室|备课组长"
    r"|教研组长"
    r"|年级组长|年级组|教研组|年级主任|(?<![备小])组长|学科组长|校长室"
    r"|[\u4e00-\u9fff]{2,8}领导小组|信息中心|图书馆|实验室)(?:教研室|办公室)?)"
)

_LABELLED = re.compile(
    r"(?:主讲人?|主备人?|执笔人?|授课人?|主持人?|承担人?|承办|中心发言人?|执教)\s*[::]\s*(?P<who>[^\s,。;:|()]{1,20})"
    r"|(?:负责人?|责任人|负责部门|承办部门)\s*[::]\s*(?P<by>[^\s,。;:|()]{1,20})"
)
_TEACHERS = r"[\u4e00-\u9fff]老师(?:[、,和][\u4e00-\u9fff]老师)*"
_SPEAKS = re.compile(rf"(?P<who>{_TEACHERS})(?:主讲|主备|执教|上课|主持|执笔|中心发言|承担)")
_NAMES_FIRST = re.compile(rf"(?P<who>{_TEACHERS})\s+(?=\S)")
_TEACHES = re.compile(rf"(?:^|(?<=[\s,(]))(?P<who>{_TEACHERS})(?=《)")
_ARRANGER = re.compile(
    r"由(?P<by>(?!学校)[\u4e00-\u9fff]{1,8}?(?:组|处|室|科|部|中心|年级|办))(?=[\u4e00-\u9fff]{2})(?!组|长|主任|老师)"
)
_EACH_GROUP = re.compile(
    r"(?P<by>各(?:备课组|教研组|学科组|年级组?|组))(?=(?:要|应|须)?(?:完成|上报|上交|提交|确[定立]|组织|制[定订]|拟[定订]|推[选荐]|开展|召开|进行|申报"
    r"|收集|整理|总结|自查|检查|报送|撰写|准备|汇总|落实))"
)
_GIVEN = re.compile(rf"由(?:学校)?(?:(?P<who>{_WHO_WORD})|(?P<by>{_BY_WORD}))(?=[\u4e00-\u9fff])")
_LEADING = re.compile(
    rf"(?:(?P<who>{_WHO_WORD})|(?P<by>{_BY_WORD}))(?P<modal>要|将|应|须|需|负责|统一|召集"
    r"|组织)?(?=[\u4e00-\u9fff])(?!例会|会议|办公会|培训|研修|沙龙|活动|碰头|扩大|工作|会|课"
    r"|赛|汇报课|亮相|说课|基本功|结对|命题)"
)
_AUDIENCE = re.compile(r"(?:各|其余|其他|全体)?[\u4e00-\u9fff、]{0,12}(?:备课组|学科组|年级)$")
_BRACKETED = re.compile(rf"\((?P<who>{_WHO_WORD})\)")
_OFFICE_CELL = re.compile(
    rf"(?:{_BY_WORD}|{_WHO_WORD})(?:[、,/\s]*(?:{_BY_WORD}|{_WHO_WORD}))*"
    rf"|[\u4e00-\u9fff]{{1,6}}(?:处|科|部|室|组|组长|主任|老师|教师|员|中心)"
)

_ROOM_BEHIND = re.compile(r"(?P<rest>.*\S)(?: |\s*[(\uff08])(?P<room>[^\s()\uff08\uff09]+)[)\uff09]?")
_ROOM_BEFORE = re.compile(r"(?P<room>\S+)[\s,\uff0c]+(?P<rest>\S.*)")
_CLASS = re.compile(r"[\u4e00-\u9fff]{1,3}\(?\d{1,2}\)?班")
_PLACE_WORD = r"(?:室|楼|厅|馆|教室|操场|会场|校区)"
#: 开放实验室 is done to a room, not done in it.
_DONE_TO_ROOM = r"(?:开放|参观|走进|布置|检查|整理|清理|清点|打扫|使用|建设|打造|美化|维护|更新|完善|值守|值班|轮流)"
_PLACE_CELL = re.compile(
    rf"(?!.{{0,2}}{_DONE_TO_ROOM})(?!.*(?:文印室|教研室|教科室|校长室))[\w\u4e00-\u9fff()\uff08\uff09]{{0,14}}{_PLACE_WORD}(?:\d{{1,4}}|[一二三四五])?"
)
_PLACE_LABEL = re.compile(
    r"(?:活动|研讨|教研|具体|上课)?(?:地点|场地)\s*(?:[均都]?(?:定?在|设在|就在|为)|是|[::])?\s*(?!不变|照旧|同|另)(?P<place>[^\s,。;:|()]{2,20})"
)
_PLACE_IN = re.compile(
    r"[在到](?P<place>[\u4e00-\u9fff\w]{0,10}(?:室|报告厅|会议厅|阶梯教室|图书馆"
    r"|教室)(?:\d{1,4}|[一二三四五六七八九\d]+楼)?)(?=[,。;、]|举行|召开|进行|开展|集中|集体|参加|看课|听课|观课|研讨|开(?=[\u4e00-\u9fff])|$|[\s(])"
)


def people_in(folded: str) -> Found:
    """Who is named as acting or arranging anywhere in the text: 主讲：甲组, 由组长负责, (轮值教师)."""
    found: Found = {}
    for pattern in (_LABELLED, _SPEAKS, _TEACHES, _GIVEN, _ARRANGER, _EACH_GROUP, _BRACKETED):
        for match in pattern.finditer(folded):
            found |= {key: value for key, value in match.groupdict().items() if value and key not in found}
    return found


_LABELLED_END = re.compile(
    r"\s*(?:主讲|主备|执笔|授课|主持|承办|负责|责任|(?:活动|研讨|教研|具体|上课)?地点|场地)人?\s*[:\uff1a]\s*\S{1,20}\s*$"
)


def names_first(words: str) -> tuple[str, Found]:
    """The words without the teachers that stand apart before them: "赵老师、钱老师 培优辅导"."""
    match = _NAMES_FIRST.match(words)
    return (words[match.end() :], {"who": match["who"]}) if match else (words, {})


def without_labels(text: str) -> str:
    """The text without its 主讲：… part."""
    return _LABELLED_END.sub("", text)


def without_room(words: str) -> tuple[str, Found]:
    """The words without the room that stands apart: "听评课活动 录播室", "录播室 听评课", "听评课（录播室）"."""
    if (match := _ROOM_BEHIND.fullmatch(words)) and is_place(room := match["room"]):
        return match["rest"].strip(), {"place": room}
    if (match := _ROOM_BEFORE.fullmatch(words)) and is_place(room := match["room"]):
        return match["rest"].strip(), {"place": room}
    return words, {}


def leading(folded: str) -> tuple[Found, int]:
    """Who stands at the beginning of a clause, and where the rest begins (0 when it reads on with the name)."""
    match = _LEADING.match(folded)
    if not match:
        return {}, 0
    found: Found = {key: match[key] for key in ("who", "by") if match[key]}
    return found, match.end() if match["by"] else 0


def audience(folded: str) -> Found:
    """The groups or grades before a time, when the text before it is nothing else: "其余学科备课组隔周…"."""
    match = _AUDIENCE.fullmatch(folded.strip())
    return {"who": match[0]} if match else {}


def is_office(cell: str) -> bool:
    """Whether a table cell names an office or person."""
    return len(cell) <= 14 and bool(_OFFICE_CELL.fullmatch(cell))


def is_people(words: str) -> bool:
    """Whether words say nothing but who acts: 青年教师, 全体教师."""
    return bool(re.fullmatch(_WHO_WORD, words))


def is_teacher(cell: str) -> bool:
    """Whether a table cell names teachers: 孙老师, 李老师、王老师."""
    return bool(re.fullmatch(_TEACHERS, cell))


def is_class(cell: str) -> bool:
    """Whether a table cell names a class, where a lesson is taught: 八(3)班."""
    return bool(_CLASS.fullmatch(cell))


def is_place(cell: str) -> bool:
    """Whether a table cell names a room."""
    return bool(_PLACE_CELL.fullmatch(cell))


def names_place(words: str) -> bool:
    """Whether words say nothing but where: 地点五楼教研室."""
    return bool(_PLACE_LABEL.fullmatch(words))


def without_place(words: str) -> str:
    """The words without the room that they name: "在图书馆二楼召开" → 召开."""
    match = _PLACE_IN.match(words)
    return words[match.end() :] if match else words


def place_in(folded: str) -> str | None:
    """The room named in running text, if any."""
    match = _PLACE_LABEL.search(folded) or _PLACE_IN.search(folded)
    return match["place"] if match else None
