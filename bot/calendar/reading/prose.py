"""A line of running text: its label or its clauses, the time of each, and the drafts they give."""

import re
from collections.abc import Iterator, Sequence

from bot.calendar.entries import Kind
from bot.calendar.reading import activities, people, traps
from bot.calendar.reading.atoms import Found, taken
from bot.calendar.reading.body import exam_in
from bot.calendar.reading.changes import changed
from bot.calendar.reading.clauses import Clause, activity_words, clauses_of, needs_object
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.days_off import is_day_off
from bot.calendar.reading.draft import Draft, draft, not_understood
from bot.calendar.reading.headings import TIME_WORD, heading_subject
from bot.calendar.reading.labels import label_of, labelled, segments
from bot.calendar.reading.normalise import Text, fold, without_number
from bot.calendar.reading.quotas import add_count
from bot.calendar.reading.times import merged
from bot.calendar.reading.vocabulary import times_in

_OBJECT_MISSING = re.compile(r"(?:上交|提交|报送|上报|交|归还|完成|报名)")
_TERM_ORDER = re.compile(r"^(?:\d{4}学?年(?:度)?)?第(?P<n>[一二])学期(?=第|开学|期|学期)")
#: “每周一题”挂在数学角: a line about a rhythm that is called by its name.
_NAMED_RHYTHM = re.compile(r"[“\"]每(周|月)一[\u4e00-\u9fff]{1,3}[”\"](?=[\u4e00-\u9fff])(?!制度|活动制|的)")
#: What a clause is about: "研讨记录由资料员当场整理，每月末交教务处".
_THING = re.compile(r"[\u4e00-\u9fff]{2,8}?(?=由|经|应|须|需|及时|当场|统一|按)")
_SUSPECT = re.compile(
    r"逢[一二三四五六七八九十\d]|周末|双休日|农历|正月|腊月|次月|下个?月"
    r"|[^\d]旬|月中|暑期|\d月\d|考前|节前|节后|第[一二三]个(?:工作|上课|教学|在校)日|提前[一二两三]个?[周天]"
    r"|(?:开学|[寒暑放]假|考试|期[中末]|国庆|元旦|五一|清明|端午|中秋)[^,。;]{0,4}?第?[一二两三四五半\d]个?(?:周|天|月|星期)"
)
_NTH_TIME = re.compile(r"(?P<lead>.*第[一二三四五六]次)(?P<noun>[\u4e00-\u9fff]{2,})?")
_NO_CALENDAR = (traps.is_header, traps.is_title, traps.is_signature, traps.is_makeup_line, traps.is_about_plan)
#: What a remark under a table may announce: "注：一模暂定于3月下旬".
_IN_FOOTNOTES = (Kind.DATE, Kind.MONTH)
#: What the line is about, before a colon: "教学案例征集：每组2篇，11月30日前…".
_LABEL = re.compile(r"([\u4e00-\u9fff“”]{3,14}(?:征集|比赛|竞赛|会|讲座|评选|评比|培训|展示|上报|提交|申报)):")
#: A month has no more.
_MONTH_WEEKS = 5
_SENTENCE_MARKS, _CLAUSE_MARKS = "。;!?", ","
_FIELD_MARK = re.compile(
    r"(?:[;。]|(?<=\S)\s+)(?=\s*(?:活动|研讨|教研|具体)?(?:地点|场地|主题|内容|课题|议题|主讲人?|主备人?|主持人?|对象|形式|参加人员)\s*:)"
)


def read_prose(text: Text, context: PlanContext) -> list[Draft]:
    """The drafts of a line that is no table row; empty when nothing in it belongs to the calendar."""
    text = without_number(text)
    if any(trap(text.folded) for trap in _NO_CALENDAR):
        return []
    if skip := traps.footnote_body(text.folded) if traps.is_footnote(text.folded) else 0:
        return [one for one in read_prose(text.cut(skip), context) if one.kind in _IN_FOOTNOTES and not one.doubt]
    text = _fields_joined(text)
    order = _TERM_ORDER.match(text.folded)
    text = text.cut(order.end() if order else 0)
    if match := TIME_WORD.match(text.folded):
        text = text.cut(match.end())
    drafts: list[Draft] = []
    for part in _months_named(segments(text, context), context):
        built = labelled(part, context)
        drafts += _running(part, context) if built is None else built
    for one in drafts:
        _complete(one, text, context)
        if order:
            _name_term(one, 1 if order["n"] == "一" else 2, context)
    return [one for one in drafts if one.activity and not is_day_off(one.activity) and not _told_of(one, text)]


def _months_named(parts: list[Text], context: PlanContext) -> Iterator[Text]:
    """ "10月第二周：…；第四周：…": the second week is one of that month, too."""
    month = ""
    for part in parts:
        label = label_of(part, context)
        found: Found = label[0][0] if label else {}
        own = "months" in found or "every" in found
        if "nth" in found and not own and month and max(found["nth"]) <= _MONTH_WEEKS:
            yield Text(month + part.raw, month + part.folded)
        else:
            yield part
        month = _month_of(found) or month


def _month_of(found: Found) -> str:
    """The month in which a label counts its week: 10月, 每月; empty when it counts weeks of the term."""
    months: list[int] = found.get("months", [])
    if "nth" not in found or not (len(months) == 1 or found.get("every") == "month"):
        return ""
    return f"{months[0]}月" if months else "每月"


def _told_of(one: Draft, text: Text) -> bool:
    """What was won in another year: "2025年10月我组获…称号"."""
    return one.doubt == "outside" and traps.is_honour(text.folded)


def _fields_joined(text: Text) -> Text:
    """时间：…；地点：…；主题：… tell of one activity: the marks between such fields become commas."""
    if not TIME_WORD.match(text.folded):
        return text
    folded = _FIELD_MARK.sub(lambda match: ",".ljust(len(match[0])), text.folded)
    letters = zip(text.raw, text.folded, folded, strict=True)
    return Text("".join(new if new != old else raw for raw, old, new in letters), folded)


def _name_term(one: Draft, term: int, context: PlanContext) -> None:
    """The term that the line names; one that begins in autumn is the first of a school year."""
    one.details["term"] = term
    if term != (1 if context.term.first_day.month >= 7 else 2):
        one.doubt = "outside"


def _running(text: Text, context: PlanContext) -> list[Draft]:
    atoms, quoted = times_in(text, context)
    drafts: list[Draft] = []
    before: Found | None = None
    for sentence in clauses_of(text, atoms, quoted, _SENTENCE_MARKS):
        for item, lead in _items(clauses_of_sentence(sentence, quoted)):
            read, before = _item_drafts(item, lead, sentence, before, context)
            drafts += read
    if not drafts and not atoms and (named := _NAMED_RHYTHM.match(text.folded)):
        every = "week" if named[1] == "周" else "month"
        drafts = [one for one in [draft({"every": every}, activities.cleaned(text), context)] if one]
    if not drafts and not atoms and _is_suspect(text.folded):
        drafts = [not_understood(activities.cleaned(text))]
    return drafts


def _is_suspect(folded: str) -> bool:
    """A short line with a word of time in it that no pattern knows."""
    return len(folded) <= 60 and bool(_SUSPECT.search(folded)) and not traps.is_rule(folded)


def clauses_of_sentence(sentence: Clause, quoted: Sequence[tuple[int, int]]) -> list[Clause]:
    """The comma clauses of a sentence; places stay those of the whole text."""
    whole = Text(sentence.text.raw[: sentence.end], sentence.text.folded[: sentence.end])
    inner = clauses_of(whole, sentence.atoms, [(0, sentence.start), *quoted], _CLAUSE_MARKS)
    if inner and inner[0].start < sentence.start:
        inner[0].start = sentence.start
    return inner


def _items(clauses: list[Clause]) -> list[tuple[list[Clause], Clause | None]]:
    """Clauses that belong together: a time, what follows it; and the clause before the first time."""
    items: list[tuple[list[Clause], Clause | None]] = []
    lead: Clause | None = None
    for clause in clauses:
        timeless = not clause.heads and not any(atom.found for atom in clause.atoms)
        silent = items and not any(activity_words(one) for one in items[-1][0])
        when = TIME_WORD.match(clause.words.folded.strip())  # 班主任例会双周一次，时间为周五
        if items and (timeless or silent or when or not activity_words(clause)):
            items[-1][0].append(clause)
        elif not timeless:
            items.append(([clause], lead))
        else:
            lead = clause
    return items


def _item_drafts(
    item: list[Clause], lead: Clause | None, sentence: Clause, before: Found | None, context: PlanContext
) -> tuple[list[Draft], Found | None]:
    timed = [clause for clause in item if clause.atoms]
    atoms = [atom for clause in timed for atom in clause.atoms]
    words = sentence.words.folded
    near = sentence.text.folded[item[0].start : item[-1].end]
    if _is_over(sentence.text.folded[sentence.start : atoms[0].start], atoms[0].found, context):
        return [], before
    found = merged(atoms, before)
    activity = next(filter(None, map(activity_words, item)), "") or (activities.cleaned(lead.words) if lead else "")
    if lead and (needs_object(activity) or len(activity) == 2) and (thing := _THING.match(lead.words.folded.lstrip())):
        activity = thing[0] + activity
    if lead and activity.startswith("由"):  # 体验室对学生开放，每周三由值周教师管理
        activity = activities.cleaned(lead.words)
    line = sentence.text.folded  # says which examination 考后 means
    read = [draft(changed(single, words, near), activity, context, words=line) for single in found]
    drafts = [one for one in read if one]
    if any(traps.is_policy(clause.words.folded) for clause in timed):
        return [], before
    if any(traps.is_rule(clause.words.folded) for clause in timed) and not any(one.definite for one in drafts):
        return [], found[0]
    if not drafts and activity and any(atom.found.keys() & {"weekday", "time", "periods"} for atom in atoms):
        asked = draft(found[0] | {"session": True}, activity, context, words=words)  # a weekday: weekly, or once
        drafts = [asked or not_understood(activity)]
    for one in drafts:
        _describe(one, found[0], item, lead)
        one.personal = traps.is_personal(words) and not one.definite
    return drafts, found[0]


def _is_over(words: str, found: Found, context: PlanContext) -> bool:
    """Whether the words before a time put it into the past: 去年11月; 今年4月 in a term that begins in autumn."""
    first = context.term.first_day.month
    return traps.is_past(words) or (words.endswith("今年") and max(found.get("months", [first])) < first)


def _describe(one: Draft, found: Found, item: list[Clause], lead: Clause | None) -> None:
    """Adds numbers and people; "每周一练" keeps its name."""
    add_count(one, found, "".join(_masked(clause) for clause in item if clause.atoms))
    if (
        len(item) > 1
        and found.get("every") in ("week", "fortnight", "month")
        and one.details.get("count")
        and (least := _term_least(item))
    ):
        one.details["per_term_min"] = least
    if re.fullmatch(r"一[\u4e00-\u9fff]", one.activity):
        one.activity = next(clause for clause in reversed(item) if clause.atoms).words.raw.strip(" 。")
    rooms = [room for clause in item if not clause.atoms and people.is_place(room := clause.words.folded.strip())]
    if rooms and not people.place_in(rooms[0]):
        one.details.setdefault("place", rooms[0])
    for start in _starts(item, lead):
        named, _ = people.leading(start.folded.lstrip(" ,、:"))
        if not {"who", "by"} & one.details.keys():
            one.details |= named
    if "who" not in one.details and item[0].atoms:
        one.details |= people.audience(item[0].text.folded[item[0].start : item[0].atoms[0].start])


def _starts(item: list[Clause], lead: Clause | None) -> list[Text]:
    """Where the one who acts may be named: before the time, in the clause before, behind the time."""
    behind = [one.text.cut(one.atoms[-1].end if one.atoms else one.start, one.end) for one in item]
    return [item[0].words, *([lead.words] if lead else []), *behind]


def _term_least(item: list[Clause]) -> int | None:
    """The number of "每学期不少于30题" behind "每周至少2题"."""
    for clause in item[1:]:
        if any(atom.found.get("every") == "term" for atom in clause.atoms):
            count = activities.counts(_masked(clause))[0].get("count")
            return count if isinstance(count, int) else None
    return None


def _masked(clause: Clause) -> str:
    folded = clause.words.folded
    for atom in clause.atoms:
        start, end = atom.start - clause.start, min(atom.end, clause.end) - clause.start
        folded = taken(folded, start, end)
    return folded + ","


def _complete(one: Draft, text: Text, context: PlanContext) -> None:
    """People and place named anywhere in the line, the examination, the heading where the object is missing."""
    named = people.people_in(text.folded)
    one.details |= {key: value for key, value in named.items() if key not in one.details or key == "by"}
    if (place := people.place_in(text.folded)) and "place" not in one.details:
        one.details["place"] = place
        one.activity = one.activity.removeprefix(f"在{place}")
    one.activity, room = people.without_room(people.without_labels(one.activity))
    one.details |= {key: value for key, value in room.items() if key not in one.details}
    if (label := _LABEL.match(text.folded)) and label[1] not in fold(one.activity) and needs_object(one.activity):
        one.activity = text.raw[: label.end(1)]
    if exam := exam_in(one.activity):
        one.details.setdefault("is_exam", exam)
    subject = heading_subject(context.heading)
    if subject and (not one.activity or (_OBJECT_MISSING.match(one.activity) and len(one.activity) <= 8)):
        one.activity = subject + one.activity


def share_noun(drafts: list[Draft]) -> None:
    """ "第一次朗读抽测…第二次": the later ones get the noun of the first."""
    noun = ""
    for one in drafts:
        match = _NTH_TIME.fullmatch(one.activity)
        if match and match["noun"]:
            noun = match["noun"]
        elif match and noun:
            one.activity += noun
