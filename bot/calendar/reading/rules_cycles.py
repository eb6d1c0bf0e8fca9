"""Patterns for what repeats and for times of the week: 每周三, 隔周, 单周四, 每月最后一周, 第2-3周, 第六七节."""

import re

from bot.calendar.reading.atoms import TAKEN, Found, Rule, rule
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.numerals import AND, NUMBER, TO, number, numbers, weekdays
from bot.calendar.reading.rules_hours import HALF_RULES

_WEEK = r"(?:周|星期|礼拜)"
#: 每周一次, 每周二节, 每周一练: the number counts, it is no weekday.
_COUNTS = (
    r"(?:人各|次|题|练|套|篇|份|张|道|个|本|轮|场|堂|节|课时|小时|句|首|段|条"
    r"|(?:学|讲|课|测|考|评|议|谈|记|查|研|思|磨|读|写|报|训|辩|歌|赛|展|问|画|字|诗|文|结|清|得|词|背|案|星)"
    r"(?=$|[\s,。;:!?、)”’》|]))"
)
_ONE = rf"[一二三四五六日天](?!{_COUNTS}|常)"
_DAYS = rf"(?P<w>{_ONE}(?:(?:{AND}|/|{TO}){_WEEK}?[一二三四五六日天](?!{_COUNTS}|年级|年组|班|单元|组|章|[.]))*)"
#: 前 as a deadline; not that of 前后 and 前三天.
_BEFORE = r"(?P<by>(?:结束|末)?(?:之前|以前|前(?!后|[一二三四五六两\d])))?"
#: 每周一三五
_DAYS_RUN = rf"(?P<w>[一二三四五]{{2,4}})(?!{_COUNTS}|[、,和至到年级组班])"
_FIXED = r"(?:的?固定(?:的?(?:时间|时段|日期|时候))?)?"


def _weekday(match: re.Match[str], _context: PlanContext) -> Found | None:
    day = weekdays(match["w"])
    if day is None:
        return None
    return {"weekday": day} | ({"deadline": True} if match.groupdict().get("by") else {})


def _every_weekday(match: re.Match[str], context: PlanContext) -> Found | None:
    found = _weekday(match, context)
    return None if found is None else {"every": "week", **found}


def _fortnight_day(match: re.Match[str], context: PlanContext) -> Found | None:
    found = _weekday(match, context)
    return None if found is None else {"every": "fortnight", **found}


def _parity(match: re.Match[str], _context: PlanContext) -> Found:
    found: Found = {"every": "fortnight", "parity": "odd" if match["p"] in ("单", "奇数") else "even"}
    if match["w"]:
        found["weekday"] = weekdays(match["w"])
    if match["by"]:
        found["deadline"] = True
    return found


def _teaching_weeks(match: re.Match[str], _context: PlanContext) -> Found | None:
    """第2-3周, 第1、3、5周, 第11周, 第一周三; times decides whether of the term or of a month."""
    parts = match.groupdict()
    weeks = numbers(parts["n"].replace("周", "").replace("第", ""))
    if not weeks or max(weeks) > 40:
        return None
    found: Found = {"nth": weeks}
    if set(parts["n"].strip()) == {"0"} and len(parts["n"].strip()) == 2:
        found["nth"] = [-1]
    if parts.get("list"):
        found["nth_list"] = True
    for key, detail in (("w", "weekday"), ("by", "deadline"), ("approx", "approx"), ("since", "since")):
        if parts.get(key):
            found[detail] = weekdays(parts[key]) if key == "w" else True
    return found


def _from_end(match: re.Match[str], _context: PlanContext) -> Found:
    parts = match.groupdict()
    back = number(parts["n"]) if parts.get("n") else 1
    found: Found = {"nth": [-(back or 1)]}
    if day := parts.get("w") or parts.get("w2"):
        found["weekday"] = weekdays(day)
    return found


def _except(match: re.Match[str], _context: PlanContext) -> Found | None:
    weeks = numbers(match["n"].replace("周", "").replace("第", ""))
    return {"except_weeks": weeks} if weeks else None


def _month_days(match: re.Match[str], _context: PlanContext) -> Found | None:
    days = numbers(re.sub("[日号]", "、", match["d"]).rstrip("、"))
    if not days or not all(1 <= day <= 31 for day in days):
        return None
    if "逢" in match[0] and len(days) == 1 and days[0] < 10:
        days = [days[0], days[0] + 10, days[0] + 20]  # 逢8日 is the 8th, 18th and 28th
    found: Found = {"every": "month", "month_day": days if len(days) > 1 else days[0]}
    found |= {"approx": True} if match["approx"] else {}
    return found | ({"deadline": True} if match["by"] else {})


def _month_part(match: re.Match[str], _context: PlanContext) -> Found:
    part, found = match["part"], {"every": "month"}
    if part in ("初", "月初"):
        found["month_pos"] = "start"
    elif part in ("底", "末", "月底", "月末", "末尾"):
        found["month_pos"] = "end"
    else:
        found["xun"] = part.replace("旬", "")
    return found | ({"deadline": True} if match["by"] else {})


_WEEK_TAIL = rf"{_BEFORE}(?P<approx>前后|左右)?(?P<since>起|开始|始)?"
_OF_TERM = r"(?:自|从)?(?:(?<!上)(?:本|新)?学期)?"
_NTH_DAY = rf"(?P<w>{_ONE})?"
_NTH_DAY2 = rf"(?P<w2>{_ONE})"

CYCLE_RULES: tuple[Rule, ...] = (
    rule(rf"除(?:了)?第?(?P<n>{NUMBER}(?:周?(?:{AND}|{TO})第?{NUMBER})*)周(?:以|之)?外", _except, head=False),
    rule(rf"第?(?P<n>{NUMBER}(?:周?(?:{AND}|{TO})第?{NUMBER})*)周(?:除外|不安排|暂停|停)", _except, head=False),
    rule(
        r"每(?:隔)?(?:三|四|五|3|4|5)个?(?:周|星期)|每隔(?:两|二|2)个?(?:周|星期)|隔月|每(?:两|2"
        r"|二|隔一)个?月|每旬|半月|每半个?学[期年]",
        {"every": "other"},
    ),
    rule(rf"(?:每(?:隔一|两|2|二)个?|每隔|隔)(?:周|星期){_DAYS}", _fortnight_day),
    rule(
        r"每(?:两|2|二|隔一|隔1|隔)个?(?:周|星期|礼拜)|隔[一1]?周|两周(?=(?:开展|举行|安排|组织"
        r"|进行|集中)?一次)|半个月",
        {"every": "fortnight"},
    ),
    # "单双周交替：单周研课，双周磨题" announces the two that follow; without them the week must be asked.
    rule(r"(?:每逢|逢)?单双周(?:交替|轮流|轮换|错开|分别)?(?:进行)?\s*[:,](?=.*[单双]周)", {}, head=False),
    rule(r"(?:每逢|逢)?单双周(?:交替|轮流|轮换|错开|分别)", {"every": "fortnight"}),
    rule(
        r"(?:每逢|逢|每)?(?P<p>单|双|奇数"
        rf"|偶数)周(?!末)(?:的)?{_WEEK}?(?P<w>{_ONE}(?:{AND}{_WEEK}?{_ONE})*)?(?P<by>(?:之|以)?前(?!后))?",
        _parity,
    ),
    rule(rf"(?:每逢|逢|每)(?:个|一)?{_WEEK}{_DAYS_RUN}", _every_weekday),
    rule(rf"(?:每逢|逢|每)(?:个|一)?{_WEEK}{_DAYS}{_BEFORE}", _every_weekday),
    rule(
        rf"每周一[\u4e00-\u9fff](?=\s*:)|(?:每逢|每)(?:一)?个?(?:教学)?周{_FIXED}(?!末"
        r"|课?\s*\d+\s*(?:课时|小时|分钟)|[一二三四五六七八九十]+课时|至?[二三四五六七八]+课时)"
        rf"|(?:每|每个)(?:星期|礼拜){_FIXED}|(?<![一二三四五六七八九十\d])周周(?![一二三四五末])|一周(?=[一两二三四五1-5]次)",
        {"every": "week"},
    ),
    rule(
        rf"每个?月(?:的|逢)?(?P<d>{NUMBER}[日号](?:{AND}{NUMBER}[日号])*)(?P<by>之?前(?!后)"
        r"|以前)?(?P<approx>前后|左右)?",
        _month_days,
    ),
    rule(r"每个?月的?(?P<part>上旬|中旬|下旬|月初|月底|月末|初|底|末)(?P<by>之?前|以前)?(?!周)", _month_part),
    rule(r"(?<![\d一二三四五六七八九十两个本])(?P<part>月初|月底|月末)(?P<by>之?前|以前)?(?!周)", _month_part),
    rule(
        rf"每月一[\u4e00-\u9fff](?=\s*:)|每个?月{_FIXED}(?!考)|逐月|按月|月月|(?:一|1)个?月(?=一次)", {"every": "month"}
    ),
    rule(rf"最后[一1]?个?(?:教学)?{_WEEK}的?{_NTH_DAY}|(?<![期周])末周(?:的?{_WEEK}{_NTH_DAY2})?", _from_end),
    rule(rf"倒数第(?P<n>{NUMBER})个?(?:教学)?{_WEEK}的?{_NTH_DAY}", _from_end),
    rule(
        rf"{_OF_TERM}第(?P<n>{NUMBER}周?{TO}第?{NUMBER})(?:教学)?周{_WEEK_TAIL}",
        _teaching_weeks,
    ),
    rule(rf"第(?P<n>{NUMBER}周?(?P<list>(?:{AND}第?{NUMBER}周?)+))(?<!周)周{_WEEK_TAIL}", _teaching_weeks),
    rule(
        rf"{_OF_TERM}第(?P<n>{NUMBER})个?(?:教学)?{_WEEK}{_NTH_DAY}{_WEEK_TAIL}",
        _teaching_weeks,
    ),
    rule(
        rf"(?:^|(?<=[\s,;(:]))(?P<n>{NUMBER}(?:{TO}{NUMBER}|(?P<list>(?:{AND}{NUMBER})+)))周(?!岁|年|期|时){_WEEK_TAIL}",
        _teaching_weeks,
    ),
    rule(rf"(?:^|(?<=[\s,;(:]))(?P<n>{NUMBER})周(?=(?:周|星期)[一二三四五六日])", _teaching_weeks),
    # 3.5周次 is the third and fifth week, or three weeks and a half: asked.
    rule(
        r"(?:^|(?<=[\s,;(:]))(?P<n>\d{1,2}(?:\.\d{1,2})+)周次?",
        lambda match, _context: {"nth": numbers(match["n"].replace(".", "、")), "doubt": "unread"},
    ),
    rule(
        rf"(?:^|(?<=[\s,;(:]))第?(?P<n>{NUMBER})周(?:以后|之后|后(?=[\s,:|]|$))",
        lambda match, _context: {"nth": numbers(match["n"]), "doubt": "unread"},
    ),
    rule(
        r"(?<![A-Za-z])[Ww](?:eek|EEK)?\.?\s?(?P<n>\d{1,2})(?![\dA-Za-z])",
        lambda match, _context: {"nth": numbers(match["n"]), "doubt": "bare_week"},
    ),
    rule(r"首周|头一?周", {"nth": [1]}),
    rule(r"预备周|准备周|第零周", {"nth": [0], "week_label": "预备周"}),
    rule(r"每(?:个|一)?季度?[初末]?", {"every": "quarter"}),
    rule(
        rf"每(?:个|一)?(?:单元|章)(?:教学)?(?:(?:开始|结束)?(?:之?前|之?后)(?:{NUMBER}个?(?:周|天))?)?",
        {"every": "unit"},
    ),
    rule(
        r"每(?:个|一)?学期(?!初|末|中(?!心)|开学|结束)|(?<![上下本新整全第])一学期(?!累计|共|超过)", {"every": "term"}
    ),
    rule(r"每(?:个|一)?学?年(?!级|段|龄)", {"every": "year"}),
    rule(rf"{_WEEK}{_DAYS}{_BEFORE}", _weekday, head=False),
    rule(rf"(?<={TAKEN})\s+(?P<w>[一二三四五六日])(?=[\s{TAKEN}])", _weekday, head=False),
    rule(rf"(?<={TAKEN})\s*\((?P<w>[一二三四五六日])\)", _weekday, head=False),
    rule(rf"(?<={TAKEN})\s*\((?:本月)?\d{{1,2}}[日号]\)", {}, head=False),  # 下周二(27日)
    rule(rf"(?<={TAKEN}\))(?:之前|以前|前)(?!后|[一二三四五六两\d])", {"deadline": True}, head=False),  # 19日(周五)前
    rule(rf"(?<![每一两]){_WEEK}(?P<w>[1-6])(?=[第上下中晚早午])", _weekday, head=False),
    rule(rf"(?<={TAKEN})\s*或者?\s*(?={TAKEN}|{NUMBER}[日号])", {"either": True}, head=False),
    *HALF_RULES,
    rule(rf"(?<=[{TAKEN})])(?:当天)?(?:放学|下班|离校)(?:之?前|以前)", {"session": True, "deadline": True}, head=False),
    rule(
        rf"(?<={TAKEN})(?:早读|早自习|晚自习|晚上|晚(?!会)|大课间|放学后|课后|放晚学后)(?:课|时间)?(?:之?[前后](?=[\s(\u4e00-\u9fff]))?",
        {"session": True},
        head=False,
    ),
)
