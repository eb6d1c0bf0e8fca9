"""Clauses of a line and the words in them that are not time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.calendar.reading import activities, people
from bot.calendar.reading.atoms import Atom
from bot.calendar.reading.festivals import FESTIVALS
from bot.calendar.reading.normalise import Text, fold

_GAP = re.compile(r"[\s,、()的在之于]*")
_CONNECTED = re.compile(
    r"(?:安排|固定|初?定|拟定|暂定|放|集中|设|原则上|请|须|务必|改|推迟|延期|顺延|调整|提前)(?:在|于|为|至|到)?$"
)
_PEOPLE = re.compile(r"(?:组|员|教师|老师|人|组长|处|室|部门|学校|班)(?:要|都|应|须)?$")
_COUNTED_NOUN = re.compile(r"^\s*(?:\d|[一二三四五六七八九十两])+\s*[个次篇节题道份](?!课)")
#: A name in quotation marks and then the time: "“每周一星”在每周固定时间评选".
_NAMED = re.compile(r"\s*(?:“[^”]+”|《[^》]+》|\"[^\"]+\")(?:活动)?(?:原则上|安排|定|在|于|的)*\s*")
#: A verb that lost its object to the words before the time: "电子教案请于9月18日前完成上传".
_HANDED_IN = re.compile(
    r"(?:完成|扫描|统一)?(?:上传|上交|提交|报送|上报|收齐|交齐|整理|归档|发送|发给|发到|交)(?:(?:至|到|给)?[\u4e00-\u9fffA-Za-z]{1,10})?"
)
#: Characters of a verb that needs its object: "教学进度每两周核对一次".
_BARE_VERB = 2
_BRACKETED = re.compile(r"\s*\((?P<inner>[^()]+)\)\s*")


@dataclass
class Clause:
    """A stretch of a text up to a comma, with the times in it."""

    text: Text
    start: int
    end: int
    atoms: list[Atom] = field(default_factory=list)

    @property
    def heads(self) -> bool:
        """Whether a time stands here that can carry an entry."""
        return any(atom.head for atom in self.atoms)

    @property
    def words(self) -> Text:
        """The clause's own text."""
        return self.text.cut(self.start, self.end)


def clauses_of(text: Text, atoms: Sequence[Atom], masked: Sequence[tuple[int, int]], marks: str) -> list[Clause]:
    """The text cut at ``marks`` that stand outside brackets, times and ``masked`` quotations."""
    depth, start, clauses = 0, 0, []
    taken = [*masked, *((atom.start, atom.end) for atom in atoms)]
    for place, char in enumerate(text.folded):
        depth = max(0, depth + (char == "(") - (char == ")"))
        if char in marks and depth == 0 and not any(left <= place < right for left, right in taken):
            clauses.append(Clause(text, start, place))
            start = place + 1
    clauses.append(Clause(text, start, len(text.folded)))
    for clause in clauses:
        clause.atoms = [atom for atom in atoms if clause.start <= atom.start < clause.end]
    return [clause for clause in clauses if clause.words.folded.strip()]


def cluster_end(text: Text, atoms: Sequence[Atom], first: int = 0) -> tuple[int, int]:
    """The end of the run of adjoining times that begins with atom ``first``, and how many belong to it."""
    end, count = atoms[first].end, 1
    for atom in atoms[first + 1 :]:
        if not _GAP.fullmatch(text.folded[end : atom.start]):
            break
        end, count = atom.end, count + 1
    closing = text.folded[end : end + 1] == ")" and text.folded[atoms[first].start : end].count("(") > 0
    return end + closing, count


def activity_words(clause: Clause) -> str:
    """What is done, in a clause with times: the words that lead to the time, those behind it, or those before it."""
    pieces = _pieces(clause)
    for piece in pieces[:-1]:
        if _CONNECTED.search(piece.folded.rstrip()) and (words := _usable(piece)) and not _PEOPLE.search(words):
            after = _usable(pieces[-1])
            return words + (after if after and _HANDED_IN.fullmatch(after) else "")
    if pieces[0].folded.rstrip().endswith("(") and (words := _usable(pieces[0])):
        return words
    before, behind = pieces[0], [words for piece in pieces[1:] if (words := _usable(piece))]
    lead = _usable(before)
    if _NAMED.fullmatch(before.folded):
        return lead
    short = bool(behind) and (len(behind[0]) == _BARE_VERB or needs_object(behind[0]))
    if lead and short and not _PEOPLE.search(before.folded):
        return lead + behind[0]
    if lead and not _PEOPLE.search(before.folded) and (not behind or _COUNTED_NOUN.match(pieces[1].folded)):
        return lead
    return behind[0] if behind else lead


def needs_object(words: str) -> bool:
    """Whether words only say where something is handed in: 扫描上传至共享盘, 交教务处存档."""
    return bool(_HANDED_IN.fullmatch(words))


def _pieces(clause: Clause) -> list[Text]:
    """The text before, between and behind the runs of times; a bracket with nothing else in it is opened."""
    text, pieces, start, place = clause.text, [], clause.start, 0
    while place < len(clause.atoms):
        pieces.append(text.cut(start, clause.atoms[place].start))
        start, count = cluster_end(text, clause.atoms, place)
        place += count
    pieces.append(text.cut(start, max(start, clause.end)))
    return [_opened(piece) for piece in pieces]


def _opened(piece: Text) -> Text:
    match = _BRACKETED.fullmatch(piece.folded)
    return piece.cut(*match.span("inner")) if match else piece


def _usable(piece: Text) -> str:
    """The cleaned words of a piece, without the office that arranges; empty when they say nothing."""
    stripped = piece.cut(len(piece.folded) - len(piece.folded.lstrip(" ,、:")))
    _, skip = people.leading(stripped.folded)
    words = activities.cleaned(stripped.cut(skip))
    where = people.is_place(words) or people.names_place(words) or people.is_class(fold(words))
    says_nothing = activities.is_filler(people.without_place(words)) or words in FESTIVALS or people.is_people(words)
    return "" if where or says_nothing else words
