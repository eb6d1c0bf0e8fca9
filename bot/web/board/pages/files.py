"""Files: sent here as in a private chat, where the bot asks what they are for; those of the group to fetch."""

from bot.domain import resources
from bot.domain.resources import Resource
from bot.errors import BadArgument
from bot.web.board.forms import Form
from bot.web.board.page import Look, Page, Values, commands

SEND = "/资源 收"
"""What the form with the file says."""

MOST = 60


async def show(look: Look) -> Values:
    """What the visitor has sent and said nothing of yet, and what is the group's, the newest first."""
    kept, number = await resources.kept(look.group, MOST)
    return {
        "send": SEND,
        "waiting": [_row(each) for each in await resources.undecided(look.group, look.member.name)],
        "kept": [{**_row(each), "own": each.member == look.member.name or look.leads} for each in kept],
        "more": number - len(kept),
    }


def _row(each: Resource) -> Values:
    about = f"{each.member}，第{each.week}周，{resources.size_words(each.size)}"
    return {"number": each.number, "name": each.name, "about": about}


async def words(_look: Look, form: Form) -> str:
    """The command, and the number that it is about.

    Raises:
        BadArgument: no file was chosen.
    """
    if form.say == SEND and not form.name:
        raise BadArgument("还没有选文件。", "选一份文件再点，最多 10 MB。")
    return f"{form.say} {form.words}".strip()


SAYS = commands("资源", "导出 模板", "进度 导入", "计划")
PAGE = Page("files", "文件", "files.html", show, says=SAYS, words=words, sends_file=True)
