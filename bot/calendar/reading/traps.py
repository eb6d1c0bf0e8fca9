"""What looks like a time and is none: names in quotation marks, rules, footnotes, headers, titles, signatures.

The tests work on folded text. They describe the shape of such lines, not single sentences.
"""

import re

_QUOTES = re.compile(r"“[^”]{0,80}”|「[^」]{0,80}」|《[^》]{0,80}》|\"[^\"]{0,80}\"|‘[^’]{0,80}’")

_HEADER_WORD = (
    r"(?:(?:备课组?|教研组?|学科组?|年级组?|集体备课|教研)(?:活动|工作|研讨|教研)?(?:内容|安排|主题)?|序号|周次|周|日期|起止日期|日期范围|时间|具体时间|月份|星期|节次|地点|场地|学科|组别"
    r"|年级|班级|对象|参加人员|参加对象|要求|备注"
    r"|(?:研讨|活动|工作|教学|主要|教研|备课|具体|学习)?(?:内容|课题|主题|项目|事项|安排|进度"
    r"|形式|专题)|课题|主讲人?|主备人?|(?:中心|主要|主)?发言人?|(?:执教|开课|授课|主讲|主备|备课|上课|承办|指导)?(?:教师|老师)|执教者?"
    r"|(?:完成|截止|开始|结束)(?:时间|日期)|参与人员|主持人?|执笔人?|授课人?|备课人|班次|进度"
    r"|负责人?|责任人|承办人?|(?:负责|责任|承办)(?:部门|处室|科室)|部门|课时数?|项目|单元|工作|活动|执行人?)"
)
_HEADER = re.compile(
    rf"\|?\s*{_HEADER_WORD}(?:[\s|/]+{_HEADER_WORD}){{2,}}\s*\|?"
    rf"|{_HEADER_WORD}(?:\s*\|\s*{_HEADER_WORD})+\|?"
)

_TIME_COLUMN = re.compile(r"(?:序号|周次|周别|周|日期|起止(?:日期|时间)|日期范围|时间|具体时间|月份|星期|节次)")
_DEPARTMENT = re.compile(
    r"(?:教务|教导|教研|教科|教科研|科研|德育|政教|学生|总务|后勤|团队|安全|行政|党政|党务|课程|信息|体卫艺|学校)(?:处|室|科|部|中心|办公室|工作|线)?"
    r"|校办|党办|团委|少先队|大队部|工会|党支部|年级组|各年级"
)

_SLOT = (
    r"(?:(?:周|星期|礼拜)[一二三四五六日天]|第?[一二三四五六]周|[上中下]旬|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?"
    r"|上午|下午|第[\d一二三四五六七八九]节课?)"
)
_GRID_HEADER = re.compile(
    rf"\|?\s*(?:{_HEADER_WORD}|[^|]{{0,6}}[\\/][^|]{{0,6}})?\s*(?:\|\s*{_HEADER_WORD}\s*)*(?:\|\s*{_SLOT}\s*){{3,}}"
    rf"(?:\|\s*(?:{_HEADER_WORD})?\s*)*\|?"
)
_FOOTNOTE = re.compile(r"\(?(?:注|备注|附注|说明|附|注意|注意事项|温馨提示|特别说明)\d?\s*[::]|[★☆※]|以上|如有|如遇")
_TITLE = re.compile(
    r"(?=.*(?:学年|学期|\d{4}年)).{0,40}(?:计划|安排表?|总结|方案|进度表?|一览表?|行事历"
    r"|日程表?|配档表|打算)(?:\(.{0,10}\))?$"
)
#: With one of these the line says when the plan is made: "学期初制订工作计划".
_TITLE_TIME = re.compile(
    r"学期(?:初(?![一二三])|中(?!学)|末)|开学|期[初中末]|[:;,]|每|[第\d]周|\d月|前|后|完成|[提上]交|报送|撰写|周(?!期)|制[定订]"
)
_TERM_NAME = re.compile(
    r"\(?\s*(?:\d{4}\s*(?:[-/]\s*\d{4})?\s*(?:学?年(?:度)?)?)?\s*(?:第[一二]学期|[上下]学期"
    r"|春季?|秋季?)(?:学期)?\s*\)?"
)
_FULL_DATE = (
    r"(?:\d{4}"
    r"|二[零〇○]{1}[一二三四五六七八九零〇○]{2})\s*[年.\-/]\s*[\d一二三四五六七八九十]{1,2}\s*[月.\-/]\s*[\d一二三四五六七八九十]{1,3}\s*[日号]?"
)
#: A name and a day at the end of the text (丙组 2026.8.30), or a page's own notes (上一篇 2025年10月13日).
_SIGNATURE = re.compile(rf"(?:[^,。;:|]{{0,24}}[\s)])?(?:{_FULL_DATE}|\d{{4}}年\d{{1,2}}月)\s*。?")
#: Only the name of those who sign: 五年级数学组.
_GROUP_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:备课组|教研组|[语数英理化生史地政文音体美]文?学?组|数学组|英语组|语文组|办公室|中学|小学)"
)
_ABOUT = re.compile(
    r"(?:联系)?(?:电话|邮箱|网址|地址|微信号?|QQ群?|联系人)\s*:|(?:制[定订]|编制|修订|发布|印发|公布|更新|落款|打印)(?:日期|时间|人)\s*:"
    r"|[\u4e00-\u9fff]{0,8}(?:组长|执笔人?|制定人|撰写人|负责人|成员|组员)\s*:\s*[^,。;:\d]{2,40}(?:\d{4}[年.]\d{1,2}[月.]?(?:\d{1,2}日?)?)?$"
    r"|\([^()]*(?:共\s*\d{1,2}\s*周|修订|修改|印发)\)$"
    r"|(?:本|以上|此)(?:计划|方案|安排|制度)[^,;。]{0,20}(?:执行|实施|施行|生效)"
)
_MAKEUP_RULE = re.compile(
    r"(?:按|上|补|执行)(?:[^,。;|]{0,6})(?:周|星期)[一二三四五](?:的)?(?:课表|课|课程|功课)"
    r"|调休|补班|补课日|补[^,。;|]{2,14}的课"
    r"|(?:上|补|按|执行|调上)\s*\d{1,2}[月.]\d{1,2}[日号]?(?:\([^()]{0,6}\))?(?:(?:周|星期)[一二三四五六日])?的?(?:课|课程|课表|教学)"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_DAY_LETTERS = re.compile(r"[\d月日号周星期礼拜一二三四五六天上下午\s,、。.:-]")
_RULE = re.compile(
    r"周[前初][^,。]{1,8}[、,]周中|请假|病假|事假|须提前|应提前|需提前|必须提前|迟到|早退|缺席|旷课|不得(?:超过|迟于)|(?:须|应|要)(?:按时|准时|及时)|浮动"
)
_POLICY = re.compile("无(?:书面)?作业|不安排|不组织|不另行|不布置|不再|不加量|停备")
_DAILY = re.compile(r"每天|天天|每日|每节课|每堂课|每次|无作业日|作业量?不超过|累计")
_PAST = re.compile(r"去年|前年|上学期|上学年|上年度|往年|历年|历届|曾(?:经)?|已(?:于|经)|荣获|获得|回顾")
_HONOUR = re.compile(r"[获得评][^,。;]{0,24}(?:称号|奖|名|先进|优秀|示范)|被评|荣")
#: 每日一题、每周一练: the name of one exercise beside others that have their week.
_DAILY_NAME = re.compile(r"每[日天]一[\u4e00-\u9fff]、")
_LOAD = re.compile(
    r"共\s*\d{1,3}\s*周|周课时|每周\s*(?:\d+|[一二三四五六七八九十]+)\s*(?:课时|节课)(?=[,。;|]|$)|课时(?!间)"
)
_PERSONAL = re.compile(
    r"每人|每位|每名|每生|人均|各位教师|每个(?:教师|老师|组员|成员)|每(?:教师|老师)|(?:教师"
    r"|老师|组员|组长)(?:们)?(?:个人)?每(?:人|学期)"
)


def quotations(folded: str) -> list[tuple[int, int]]:
    """The stretches in quotation marks: names, in which 每周 or 第八 is no time."""
    return [match.span() for match in _QUOTES.finditer(folded)]


def is_header(folded: str) -> bool:
    """A table's header row, written with bars or blanks."""
    folded = folded.strip()
    if len(folded) > 120:
        return False
    return bool(_HEADER.fullmatch(folded) or _GRID_HEADER.fullmatch(folded)) or _heads_columns(folded)


def _heads_columns(folded: str) -> bool:
    """A row of short names that begins with a word of time, half of them words of a header: 日期 | 星期 | 评课主持."""
    names = [name.strip() for name in folded.strip("|").split("|")]
    if len(names) < 3 or not _TIME_COLUMN.fullmatch(names[0]) or not all(0 < len(name) <= 8 for name in names):
        return False
    known = [name for name in names if re.fullmatch(_HEADER_WORD, name)]
    return 2 * len(known) >= len(names) or all(name in known or is_department(name) for name in names)


def is_department(name: str) -> bool:
    """The name of a department, as heads of columns say it: 教务处, 德育处, 总务, 团委."""
    return bool(_DEPARTMENT.fullmatch(name))


def is_slot(name: str) -> bool:
    """A column of a grid: 周三, 第二周, 上旬, 十月."""
    return bool(re.fullmatch(_SLOT, name.strip()))


def is_footnote(folded: str) -> bool:
    """A remark under a table."""
    return bool(_FOOTNOTE.match(folded))


def footnote_body(folded: str) -> int:
    """Where the text behind the word 注 begins."""
    match = _FOOTNOTE.match(folded)
    return match.end() if match else 0


def is_title(folded: str) -> bool:
    """The name of the document or of its term, which holds a year or a term and is no time."""
    if len(folded) > 60:
        return False
    return bool(_TERM_NAME.fullmatch(folded) or (_TITLE.fullmatch(folded) and not _TITLE_TIME.search(folded)))


def is_signature(folded: str) -> bool:
    """A full date alone or behind a name: when the plan was written."""
    return len(folded) <= 60 and bool(_SIGNATURE.fullmatch(folded) or _GROUP_NAME.fullmatch(folded))


def is_about_plan(folded: str) -> bool:
    """A line about the document itself: when it was made, from when it holds."""
    return bool(_ABOUT.match(folded))


def is_policy(clause: str) -> bool:
    """Named so by the schools: a day without homework is not held by the group."""
    return bool(_POLICY.search(clause))


def is_makeup_rule(folded: str) -> bool:
    """A day on which another day's timetable runs: data of the calendar."""
    return bool(_MAKEUP_RULE.search(folded))


def is_makeup_line(folded: str) -> bool:
    """A line that says nothing but which day runs another day's timetable; in brackets it is a remark on a day."""
    outside = _BRACKETS.sub("", folded)
    remark = _DAY_LETTERS.sub("", outside) and not is_makeup_rule(outside)
    return len(folded) <= 40 and is_makeup_rule(folded) and not remark and not re.search(r"[;。].*\S", folded)


def is_rule(sentence: str) -> bool:
    """A rule of conduct or of every day: nothing happens on a day of its own."""
    sentence = _QUOTES.sub("", _DAILY_NAME.sub("", sentence))
    return bool(_RULE.search(sentence) or _DAILY.search(sentence) or _LOAD.search(sentence))


def is_past(words: str) -> bool:
    """Words before a time that put it into the past."""
    return bool(_PAST.search(words))


def is_honour(words: str) -> bool:
    """Words that tell of a prize or a title."""
    return bool(_HONOUR.search(words))


def is_personal(clause: str) -> bool:
    """A number asked of each person: a quota, not a common activity."""
    return bool(_PERSONAL.search(clause))
