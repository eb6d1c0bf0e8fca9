"""Patterns for the landmarks of a term and for what has no date: 学期初, 期中考试前一周, 放假前, 贯穿学年, 不定期."""

import re
from datetime import timedelta

from bot.calendar.reading.atoms import Found, Rule, rule
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.numerals import NUMBER, TO, number

_EXAM = r"(?:考试|考查|测试|测评|检测|考核|考)"
_SIDE = r"(?P<side>结束后|结束前|结束(?=[一二三两\d])|之前|以前|之后|以后|前后|前夕|期间|左右|前|后)"
_STEP = rf"(?:的?第?(?P<n>{NUMBER}|半)个?(?P<unit>周|星期|天|日|月)(?P<tail>之?内|以内|起|开始|左右)?)?"

_BEFORE = {"前", "之前", "以前", "前夕", "结束前"}
_POINTS = {
    "期初": "start",
    "学期初": "start",
    "开学": "start",
    "期中": "mid",
    "学期中": "mid",
    "期末": "end",
    "学期末": "end",
}


def _exam(match: re.Match[str], _context: PlanContext) -> Found:
    point = "mid" if match["exam"].startswith(("期中", "半期")) else "end"
    anchor = match["exam"] if len(match["exam"]) > 2 else f"{match['exam']}考试"
    return {"point": point, "anchor": anchor} | _offset(match)


def _after_exam(match: re.Match[str], _context: PlanContext) -> Found:
    return {"point": "exam", "anchor": "考试"} | _offset(match)


def _offset(match: re.Match[str]) -> Found:
    """The findings of 前, 后, 前一周, 后三天内, 前后."""
    side, amount = match["side"], number(match["n"]) if match["n"] else None
    if side in ("前后", "期间", "左右"):
        return {"approx": True}
    step = -1 if side in _BEFORE else 1
    if amount is None:
        return {"offset": "before" if step < 0 else "after"}
    tail, weeks = match["tail"] or "", match["unit"] in ("周", "星期")
    if tail.endswith("内") and step > 0:
        return {"offset": "after", "within_days": amount * (7 if weeks else 1), "deadline": True}
    return {"offset_weeks" if weeks else "offset_days": step * amount}


def _edge(match: re.Match[str], _context: PlanContext) -> Found:
    """开学前, 寒假前一周, 放假前: counted from an edge of the term."""
    name, offset = match["edge"], _offset(match)
    if match["side"] in ("期间", "前后", "左右"):
        return {"point": "start" if name.endswith(("开学", "行课")) else "end", "doubt": "unread"}
    start = name.endswith(("开学", "行课"))
    found: Found = {"point": "start" if start else "end"}
    if offset.get("offset") == "before":
        return found | {"before": "开学" if start else name, "deadline": True}
    if match["side"] in _BEFORE:
        found["before"] = "开学" if start else name
    return found | offset


def _first_week(match: re.Match[str], _context: PlanContext) -> Found | None:
    weeks = number(match["n"]) if match["n"] else 1
    if weeks is None or not match["nth"]:
        return None
    found: Found = {"point": "start", "weeks": [weeks, weeks]} if weeks == 1 else {"nth": [weeks]}
    return found | ({"deadline": True} if match["within"] else {})


def _first_weeks(match: re.Match[str], _context: PlanContext) -> Found | None:
    weeks = number(match["n"])
    return {"point": "start", "weeks": [1, weeks], "deadline": True} if weeks else None


def _several(match: re.Match[str], _context: PlanContext) -> Found | None:
    """期中、期末各一次: one entry each."""
    points = [_POINTS[name] for name in re.findall("学期[初中末]|期[初中末]|开学", match[0])]
    found: Found = {"points": points}
    if re.search("前$|前各", match[0]):
        found["offset"] = "before"
    return found | ({"offset": "after"} if re.search("后$|后各", match[0]) else {})


def _all_term(match: re.Match[str], _context: PlanContext) -> Found:
    text = match[0]
    if "年" in text:
        return {"all_term": True, "span": "year"}
    return {"all_term": True, "span": "term"} if "学期" in text else {"all_term": True}


def _after_it(match: re.Match[str], _context: PlanContext) -> Found:
    """集体备课后三天内: after something that has no day here."""
    return {"irregular": True, "offset": "after", "within_days": number(match["n"])}


def _to_the_end(match: re.Match[str], context: PlanContext) -> Found | None:
    """第17周—期末: until the last teaching week."""
    first = number(match["n"])
    return {"nth": list(range(first, context.term.weeks + 1))} if first and first <= context.term.weeks else None


def _told_day(match: re.Match[str], context: PlanContext) -> Found:
    """今天, 明天: counted from the day on which it was written, where that is known."""
    ahead = {"今": 0, "明": 1, "后": 2}.get((match["day"] or " ")[0])
    if ahead is None or context.posted is None:
        return {"irregular": True, "doubt": "relative"}
    return {"date": context.posted + timedelta(days=ahead), "relative_day": True}


_NAME = rf"(?:期初|期中|期末|学期初|学期中|学期末|开学初?){_EXAM}?"

#: 第一学期初一语文 is of grade 初一, 下学期中学部 of the secondary school: no edge of a term.
_START = r"初(?![一二三](?!周|个|次|天|节|月|轮))期?"
_MID = r"中(?!心|学(?!情|习)|考|高|职|国|华)"

ANCHOR_RULES: tuple[Rule, ...] = (
    rule(rf"(?:自|从)?第?(?P<n>{NUMBER})周起?{TO}(?:本学期|学期|期)(?:期?末|结束)", _to_the_end),
    rule(r"(?<![隔每第])一(?:周|星期)一(?!次)(?![\u4e00-\u9fff]*[周月日])(?=[\u4e00-\u9fff])", {"every": "week"}),
    rule(r"(?<![十元年])一月一(?=[\u4e00-\u9fff](?:$|[\s,;。)])|次|节|讲|评|测)", {"every": "month"}),
    rule(rf"(?:每学期)?{_NAME}(?:[、和及与,]{_NAME})+(?:(?:前|后)(?!后)|(?=\s*(?:各|都|分别|:|均|\||$)))", _several),
    rule(rf"期中{_EXAM}?周(?!{_SIDE}|末)", {"point": "mid", "anchor": "期中考试"}),
    rule(rf"期末{_EXAM}?周(?!{_SIDE}|末)", {"point": "end", "anchor": "期末考试"}),
    rule(rf"(?:每(?:个)?学期)?(?P<exam>(?:期中|期末|半期){_EXAM}?)周?{_SIDE}{_STEP}", _exam),
    rule(rf"(?<![思参])考试?{_SIDE}{_STEP}", _after_exam),
    rule(rf"(?:新学期)?开学(?:后)?(?P<n>{NUMBER})个?(?:周|星期)(?:之?内|以内)", _first_weeks),
    rule(
        r"(?P<edge>寒假|暑假|放假|学期结束|放寒假|放暑假)前(?:的)?最后[一1]?个?周",
        lambda match, _context: {"point": "end", "before": match["edge"], "offset_weeks": -1},
    ),
    rule(
        rf"(?P<edge>新学期开学|(?:正式)?行课|开学|寒假|暑假|寒暑假|(?<![庆节秋明午旦一])放假|学期结束|期末结束|放寒假|放暑假)(?!典礼){_SIDE}{_STEP}",
        _edge,
    ),
    rule(
        rf"(?P<exam>(?:期中|期末){_EXAM})(?:结束)?(?:的)?(?:当天|当日)",
        lambda match, _context: {
            "point": "mid" if match["exam"].startswith("期中") else "end",
            "anchor": match["exam"],
            "offset": "after",
        },
    ),
    rule(
        rf"(?:从|自)?(?:{NUMBER}月份?|开学)(?:初)?起?(?:一直)?(?:至|到)(?:本学期|学期|期)(?:期?末|结束)",
        {"all_term": True, "span": "term"},
    ),
    rule(r"(?:一直|直)?(?:坚持|持续|延续)?(?:到|至)(?:本学期|学期)(?:结束|期?末)", {"all_term": True, "span": "term"}),
    rule(r"(?:新学期)?开学(?:的)?(?:第[一1]天|当[天日]|首日)", {"point": "start"}),
    rule(rf"(?:新学期)?开学(?:的)?(?P<nth>第(?P<n>{NUMBER})个?|首)周(?P<within>之?内|以内)?", _first_week),
    rule(
        rf"(?:每(?:个)?|新|本)?学期(?:之初|{_START}|伊始|开始|开学初?)(?:时)?|(?:新学期)?开学(?:之初"
        r"|初期?|伊始|时)|(?<!入学)(?<!学)期初"
        r"|^(?:新学期)?开学(?=\s*[:|]|$)",
        {"point": "start"},
    ),
    rule(
        rf"(?:每(?:个)?|本)?(?<!上)学期(?:中期|中段|中旬|{_MID})|学期过半(?:时)?"
        r"|(?:每(?:个)?学期)?期中(?:时|阶段)?(?=\s*[:|]|$)|(?:每(?:个)?学期)?期中阶段|半期(?=\s*[:"
        r"|]|$)",
        {"point": "mid"},
    ),
    rule(
        r"(?:每(?:个)?|本)?(?<!上)学期(?:期末|末期?|末尾|终了?|结束时?|临近结束)|(?:每(?:个)?学期)?期末(?:时"
        r"|阶段)?(?=\s*[:|]|$)|(?:每(?:个)?学期)?期末阶段",
        {"point": "end"},
    ),
    # The lunar calendar is not computed; outside the term's weeks or without a clear end: the leader is asked.
    rule(
        r"(?:(?:农历|阴历)[一二三四五六七八九十冬正腊]{1,2}|正|腊)月(?:初[一二三四五六七八九十]"
        r"|[十廿][一二三四五六七八九十]?|[二三]十)?",
        {"irregular": True, "doubt": "unread"},
    ),
    rule(rf"(?:寒假|暑假|寒暑假|暑期|假期)的?第{NUMBER}周", {"irregular": True, "doubt": "unread"}),
    rule(r"[上下前后]半个?(?:学期|学年|年)(?=\s*[:|,])", {"irregular": True, "doubt": "unread"}),
    rule(
        r"(?:^|(?<=[,;。]))(?:本月(?:[底初末内]前?|[上中下]旬)|[本下]周(?:之?内|末前?|(?=\s*:))|(?P<day>今天|今日|明天|明日|后天))",
        _told_day,
    ),
    rule(r"本学期(?=每人|每位|人均)", {"every": "term"}),
    rule(rf"(?:本)?学期的?最后{NUMBER}个?(?:周|星期)", {"point": "end", "doubt": "unread"}),
    rule(rf"第{NUMBER}个周末", {"irregular": True, "doubt": "unread"}),
    rule(r"^本学期(?=\s*[:|]|坚持|持续|继续)", {"all_term": True, "span": "term"}),
    rule(r"年[末终底](?=[:\s])", {"months": [12], "xun": "底"}),
    rule(
        r"贯穿(?:整个|全|于)?(?:学年|学期|年|始终|全程)?|(?:整个|全)(?:学年|学期)(?:中|内|全程)?|(?:^"
        r"|(?<=[,;。\s|]))(?:长期|常年|全年|持续)(?=[\s:,|]|开展|进行|坚持|推进|组织|建设)"
        r"|学期全程|全程(?=\s*[:|])|(?:^|(?<=[,;。\s|]))(?:平时|日常)(?=\s*[:|])",
        _all_term,
    ),
    rule(
        r"(?<=[会课动讲训])后(?P<n>" + NUMBER + r")[天日]之?内",
        _after_it,
    ),
    rule(
        r"[\u4e00-\u9fff]{2,6}(?:允许|合适|具备|成熟)时|自定时间|时间自定|自行(?:安排|确定)时间?|每(?:讲|学|上|教)完一(?:章|课|册)"
        r"|(?:具体)?(?:时间|日期)?(?:(?<!地点)(?<!名单)另行通知|另行安排|另定|未定|待排)|(?:具体)?时间待定|视[^,。;]{1,8}?(?:情况|安排|需要|而定)|视(?:学情|实际|进度|条件|天气|需)|时间待[\u4e00-\u9fff]{0,8}(?:通知|确定|安排|定)|待定|不定期(?:地)?|不定时|适时|择期|择日|择机|择时|(?:^|(?<=[,;]))经常(?:性)?(?:地)?(?=开展|组织|进行|举行|举办)|视情况|随时(?=\s*[:|])|待通知|按(?:学校|上级|教务处)(?:统一)?安排|视需要"
        r"|根据需要|按需|必要时|随机|机动|定期(?:地)?",
        {"irregular": True},
    ),
)
