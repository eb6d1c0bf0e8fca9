"""Words beside a time that change what it means: cancelled, put off, only planned, a last day."""

import re

from bot.calendar.reading.atoms import Found

_CANCELLED = re.compile(r"推迟|延期|取消|暂停|改期|顺延")
_MOVED = re.compile(r"(?:推迟|延期|改期?|顺延|调整?|变更|提前)(?:到|至|为|在|于)")
#: 改为11月3日(原定10月27日): the day behind is the one that holds no more.
_OLD_LAST = re.compile(r"(?:改|调整?|推迟|延期|顺延|变更|提前)(?:到|至|为|在|于).*[(,](?:原定|原计划|原为|原)")
#: What belongs to a day and goes with it.
_OF_DAY = ("date_to", "weekday")
#: (与考试冲突则取消): it is held as planned until then.
_CONDITION = re.compile(r"\([^()]*(?:则|如|若|遇)[^()]*\)")
#: A clause behind that stops a rhythm for once.
_PAUSE = re.compile(r"[,;][^,;]*(?:顺延|暂停|取消|停一次|推迟)")
_TENTATIVE = re.compile(r"初定|暂定|拟定|拟于|拟在|预计|初步定|待定|时间(?:待|未定)")
_DEADLINE = re.compile(r"截止|截至|最迟|最晚|不迟于")


def changed(found: Found, words: str, near: str = "") -> Found:
    """The findings as the ``words`` around them mean them; those ``near`` them say whether it is a last day."""
    words = _CONDITION.sub("", words)
    if _MOVED.search(words) or _CANCELLED.search(words):
        found = _moved(found, words)
    if "date" in found and _DEADLINE.search(near or words):
        found = found | {"deadline": True}
    if _TENTATIVE.search(words):
        found = found | {"tentative": True}
    return found


def puts_off(words: str) -> bool:
    """Whether the words call off or move what they name."""
    return bool(_MOVED.search(words) or _CANCELLED.search(words))


def moves(words: str) -> bool:
    """Whether the words move what they name to another time."""
    return bool(_MOVED.search(words))


def _moved(found: Found, words: str) -> Found:
    """Cancelled, or put off to a second day that is named."""
    for key in ("date", "nth"):
        later = [other for other in found.get("others", ()) if other.get(key)]
        if later and key in found and _MOVED.search(words):
            rest = {name: value for name, value in found.items() if name not in (*_OF_DAY, "others")}
            old, new = (later[-1], found) if _OLD_LAST.search(words) else (found, later[-1])
            day = {name: new[name] for name in _OF_DAY if name in new and new is not found}
            return rest | day | {key: new[key]} | ({"cancelled_date": old["date"]} if key == "date" else {})
    if found.get("every") and _PAUSE.search(words):
        return found  # 每周四…，遇考试顺延: the rhythm holds
    return found | {"cancelled": True} if _CANCELLED.search(words) else found
