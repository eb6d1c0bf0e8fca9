"""What a heading, a notice's title or a field's name is about."""

import re

TIME_WORD = re.compile(
    r"^(?:(?:活动|研讨|具体|教研|开展|提交|上交|报送|完成)?时间(?:(?:与|和|、|及)?地点)?)\s*(?::|为|是|定在|安排在)\s*"
)
_TITLE_VERBS = (
    r"^(?:(?:进一步|认真|切实|扎实|继续)?(?:做实|做好|抓好|抓实|落实|强化|加强|规范|深化|推进|开展|坚持|搞好|优化))+"
)
_TITLE_ENDS = r"(?:的?(?:安排|要求|制度|时间|常规|工作))+$"
_NOTICE = re.compile(r"关于(?:开展|组织|举行|召开|做好|举办)?(?P<what>.+?)的(?:通知|安排|方案)")


def heading_subject(heading: str | None) -> str:
    """What a heading is about: "关于开展校本研修活动的通知" → 校本研修活动; nothing for a table's header."""
    if not heading or "|" in heading:
        return ""
    match = _NOTICE.search(heading)
    return match["what"] if match else heading.strip(" :\uff1a")


def is_time_line(folded: str) -> bool:
    """A line such as 时间：每周二下午第三节, which leaves to its heading what is done."""
    return bool(TIME_WORD.match(folded))


def subject_of(title: str) -> str | None:
    """What the heading of a section is about: 做实集体备课 → 集体备课; None when nothing is left."""
    return re.sub(_TITLE_ENDS, "", re.sub(_TITLE_VERBS, "", title.strip(" :\uff1a。"))) or None
