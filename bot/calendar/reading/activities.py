"""The words of an activity: cleaned of what belongs to the time, several of them parted, their number read."""

import re
from collections.abc import Callable
from itertools import pairwise

from bot.calendar.reading.atoms import TAKEN, Found
from bot.calendar.reading.normalise import Text, without_number
from bot.calendar.reading.numerals import NUMBER, number

_LEAD = re.compile(
    r"^(?:[\s,、:;.|)\]…\-]+|本学期|共|分别|(?:主要|重点)?(?:工作|活动)(?:内容|安排|重点)?(?=:)|(?:活动|研讨|教研)?(?:内容|主题|课题|议题)(?=:)|原则上|切实|保证|确保|坚持|我们|约定|一般|固定|统一(?=安排)|应当?"
    r"|须|需要?|都?要|将|把|的|为(?!了)|于|在(?=每|第)|可|均|各(?=一次|开|进行|开展|组织|举行"
    r"|召开)"
    r"|安排(?!在)|举行的|召开的|进行的|开展的|至少|不少于|不低于|不得[少低]于|最少|达到?|≥|>=|大约|约)+"
)
_TRAIL = re.compile(
    r"(?:[\s,、:;.。|(\[…\-]+|原则上|(?:原定|原计划|原为)(?:于|在)?|一般|安排在|(?:(?:初步|暂|拟|初|固)定(?:在|于|为)?"
    r"|定(?:在|于|为))|固定(?:在|于)?|集中在|放在|利用|预计|时间为?|时段|截止(?:日期|时间)?"
    r"|期限|(?:推迟|延期|取消|暂停|改期|顺延)(?:到|至|为|在|于)?|(?:改|调整)(?:到|至|为|在|于)"
    r"|(?<=[\u4e00-\u9fff”》])在|(?:请|须|应|务必)(?:于|在)|于|为|自|从|由(?<!理由)|每)+$"
)
_COUNT_WORDS = (
    rf"(?:至少|不少于|不低于|不得[少低]于|最少|达到?|≥|>=)?\s*"
    rf"{NUMBER}(?:(?:至|到|-|~){NUMBER})?(?:次|节|场|轮|回)(?:以上)?"
)
_TRAIL_COUNT = re.compile(rf"(?<!第)(?<!第.)(?:各)?{_COUNT_WORDS}$")
_LEAD_COUNT = re.compile(
    rf"^(?:进行|开展|组织|安排|举行|召开|做|上|开)?{_COUNT_WORDS}(?=[^课])|^{NUMBER}(?:个|次|篇|节"
    r"|题|道|份)$"
)
_FILLER = re.compile(
    r"(?:第[一二三四五]阶段|开始)?(?:活动|(?:主要|重点|具体)?(?:工作|活动)(?:重点|要点|内容|计划)?|重点|要点|[和与及现]|(?:因|由于)[^,;。]{1,12}|(?:根据|按照?|依据|结合)[^,。;]{0,10}?(?:安排|要求|部署|通知|情况|需要|实际)|以[^,。;]{1,14}为准|分别|或|举行|召开|进行|推送|开展|执行|实施|时间|时段|日期|课时|课|期间|左右|开始|起"
    rf"|时|日|内|完成|安排|各|都|(?:召开)?{_COUNT_WORDS}|(?:至少|不少于"
    rf"|不低于)?{NUMBER}\s*(?:题|道|天|个|次|课时|篇|份)|两天|集中|在|原(?:计划|定)?|拟|暂|初"
    r"|固定(?:时间|时段|日期|时候)?|具体|轮流)*"
)
_COUNT = re.compile(
    r"(?!(?<![各共行展织办开期月年周])二次[\u4e00-\u9fff])"  # 二次备课 is the second time
    rf"(?<!第)(?<![\d第零一二三四五六七八九十])(?P<n>{NUMBER})(?:(?:至|到|-"
    rf"|~)(?P<n2>{NUMBER}))?\s*(?P<unit>[次场轮回节篇题道份套本户]|个"
    r"(?!小?组|单元|班|半天|周|月|星期|学期|学年|备课组|年级))"
)
_LEAST = re.compile(r"至少|不少于|不低于|不得[少低]于|最少|以上|≥|>=")
_REACH = re.compile(r"达到?\s*(?=[\d一二两三四五六七八九十])")

#: A clause that starts so tells more about the activity before it; it is none of its own.
_MORE = re.compile(
    r"(?:各(?=班|组|位|人)|排定|统一|明确|形成|落实|确保|围绕|总结|布置|研讨下|促进|加强|填写|推广|提高|提升|努力"
    r"|力求|如|例如|包括|其中|要求|由|请|互相|相互|找出|提出|交流|时间|地点|具体|课题|不|每"
    r"|做好记录|并|以)"
)
#: A clause in running text that starts so is a second activity.
_START = re.compile(
    r"(?:进行|组织|召开|开展|举办|举行|完成|上交|分发|启动|参加|检查|抽查|公布|签订|推选|选派|选拔|发放|分发|领取|核对|归还|清点)"
)
#: So is one with these, unless it tells what a meeting before it is about: "召开例会，学习课标".
_START_ALONE = re.compile(r"(?:制[定订]|拟定|学习|申报|征集|编制|编写|撰写|收集|汇总|评选|命制)")
_MEETING = re.compile(r"(?:会议?|例会|培训|研讨|活动)$")
#: And one that begins with a day of its own.
_DAY_START = re.compile(
    r"\d{1,2}[日号](?![游常报内])|(?:周|星期)[一二三四五六日天](?!次)|第[\d一二三四五六]+周|[上中下]旬|\d{1,2}月\d"
)
_ACTION_END = re.compile(
    r"(?:清点|入库|检测|讲评|会|评比|展示|上交|归档|总结|分析|汇总|竞赛|比赛|研讨|考查|考试"
    r"|检查|抽查|报送|观课|说课|评课|培训|讲座|整理|反馈|调研|交流|评选|归类|归还|过关|验收|命题|审题"
    r"|观摩|复习|公示|表彰|评议|核对|更新|录制|发布|上报|推送|抽测|测评|测试|诊断|摸底|评审|编印|考核"
    r"|交接|冲刺|诵读|述职|朗诵|打卡|报名|签到|互评|批改|订正|反思|启动|动员|答辩|结题|开题|申报|立项|备课|辅导|听课|展评|展示|布置)$"
)
_NUMBERED = re.compile(r"(?<=\S)\s*(?:(?<![\d第.])[1-9]\d?\s*[、.](?=\s*[^\d\s]|\d{1,2}月\d|\s+\d{1,2}[日号])|[①-⑳])")

#: A clause that only says until when, or on which day, is not cut off: "视频征集，截止5月28日".
_TIMED = re.compile(r"^\s*(?:截止|截至|于|在|定于)?[^,\u4e00-\u9fff]*\d{1,2}月\d{1,2}[日号]?(?:前|截止|\(.*\))?\s*$")
#: With a comma behind it such a time waits for what follows: "下旬，期中复习".
_TIME_ALONE = re.compile(
    r"(?:[上中下]旬|月[初中底末]|\d{1,2}(?:[-~]\d{1,2})?[日号](?:\([^()]*\))?(?:[\u4e00-\u9fff]{2,3}节)?|[上下]午|(?:周|星期)[一二三四五六日](?:[上下]午)?"
    r"|第?[\d一二三四五六七八九十]{1,3}周(?:的?(?:周|星期)[一二三四五六日])?(?:[上下]午)?)"
)
_REMARK = re.compile(r"\([^()]*\)\s*$")

SEMICOLON = ";。!"


def cleaned(piece: Text) -> str:
    """An activity without connecting words, punctuation and the number of times at its ends."""
    piece = without_number(piece.cut(0))
    for _ in range(3):
        if match := _LEAD.match(piece.folded):
            piece = piece.cut(match.end())
        if match := _TRAIL.search(piece.folded):
            piece = piece.cut(0, match.start())
        if (match := _TRAIL_COUNT.search(piece.folded)) and match.start() > 1:
            piece = piece.cut(0, match.start())
        if match := _LEAD_COUNT.match(piece.folded):
            piece = piece.cut(match.end())
    return _balanced(piece.raw.replace(TAKEN, "").strip())


def is_filler(words: str) -> bool:
    """Whether these words say nothing about what is done ("开始活动", "各一次")."""
    return not re.search(r"[^\W\d_]", words) or bool(_FILLER.fullmatch(words))


def counts(folded: str) -> tuple[Found, str, bool]:
    """How many are asked for (``count``, ``at_least``), of what, and whether 达 asks for it; times must be masked."""
    match = _COUNT.search(folded)
    if not match:
        return {}, "", False
    low, high = number(match["n"]), number(match["n2"]) if match["n2"] else None
    if low is None:
        return {}, "", False
    found: Found = {"count": [low, high] if high else low}
    if _LEAST.search(folded):
        found["at_least"] = True
    return found, match["unit"], bool(_REACH.search(folded))


def split_cell(text: Text) -> list[Text]:
    """The activities of a table cell or of the text behind a time label followed by a bar."""
    parts = [part for piece in _cut_all(text, _NUMBERED) for part in _split_at(piece, SEMICOLON)]
    items = [item for part in parts for item in _split_commas(part, lambda words: not _MORE.match(words))]
    return [action for item in items for action in _split_actions(item)]


def split_prose(text: Text) -> list[Text]:
    """The activities of running text behind a label: a comma parts only before a new verb of organising."""
    parts = [part for piece in _cut_all(text, _NUMBERED) for part in _split_at(piece, SEMICOLON)]
    return [
        item for part in parts for clause in _split_commas(part, _starts_in(part)) for item in _split_actions(clause)
    ]


def _starts_in(part: Text) -> Callable[[str], bool]:
    """What begins a second activity in this part."""
    meeting = bool(_MEETING.search(re.split("[,:]", part.folded)[0].strip()))
    marks = (_START, _DAY_START) if meeting else (_START, _DAY_START, _START_ALONE)
    return lambda words: any(mark.match(words) for mark in marks)


def _split_commas(text: Text, starts_new: Callable[[str], bool]) -> list[Text]:
    items: list[Text] = []
    clauses = _split_at(text, ",")
    whole = len(clauses) > 1 and _are_whole(clauses, 4) and not _MORE.match(clauses[-1].folded.strip())
    for clause in clauses:
        if items and _TIMED.search(clause.folded):
            items[-1] = items[-1].joined(clause)
        elif not items or whole or _TIME_ALONE.fullmatch(items[-1].folded.strip()) or starts_new(clause.folded.strip()):
            items.append(clause)
    return [piece for item in items for piece in _cut_all(item, re.compile(r"(?<=\))\s+(?=[\u4e00-\u9fff])"))]


def _split_actions(text: Text) -> list[Text]:
    for mark in "、 ":
        parts = _split_at(text, mark)
        if len(parts) > 1 and _are_whole(parts, 3 if mark == "、" else 6):
            return parts
    return [text]


def _are_whole(parts: list[Text], least: int) -> bool:
    """Whether each part, of ``least`` characters or more, is an activity by itself: 期中复习, 核对名册."""
    bare = [_REMARK.sub("", part.folded).strip("。 ") for part in parts]
    return all(len(words) >= least and (_ACTION_END.search(words) or _START.match(words)) for words in bare)


def _split_at(text: Text, marks: str) -> list[Text]:
    """Parts between the marks, brackets and quotation marks kept whole, empty parts dropped."""
    depth, start, parts = 0, 0, []
    for place, char in enumerate(text.folded):
        depth += (char in "([“《「") - (char in ")]”》」")
        if char in marks and depth <= 0:
            parts.append(text.cut(start, place))
            start = place + 1
    parts.append(text.cut(start))
    return [part for part in parts if part.folded.strip()]


def _cut_all(text: Text, pattern: re.Pattern[str]) -> list[Text]:
    edges = [0, *(match.start() for match in pattern.finditer(text.folded)), len(text.folded)]
    return [text.cut(start, end) for start, end in pairwise(edges) if text.folded[start:end].strip()]


def _balanced(words: str) -> str:
    """Without a bracket that lost its partner at either end."""
    for opening, closing in ("()", "\uff08\uff09"):
        if words.count(opening) > words.count(closing):
            words = words.rstrip(opening)
        if words.count(closing) > words.count(opening):
            words = words.removesuffix(closing).removeprefix(closing)
    lost = re.match(r"[^()\uff08\uff09]{0,6}[)\uff09]", words)
    words = words[lost.end() :] if lost else words
    return words.strip().strip("。\uff1b;\uff0c,")
