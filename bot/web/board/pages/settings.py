"""The settings: when the bot speaks, and of what."""

from bot.domain import observation_quota, quiet, settings
from bot.web.board.forms import Form
from bot.web.board.page import Look, Page, Values, commands

QUOTA = "/听课 配额"


async def show(look: Look) -> Values:
    """The three times, and each subject with its switch."""
    off = await settings.silent(look.group)
    record = look.group.record
    return {
        "times": [(word, getattr(record, name)) for word, name in settings.TIMES.items()],
        "subjects": [(name, name not in off) for name in settings.speaking_subjects()],
        "quota": await observation_quota.current(look.group),
        "most": {per: observation_quota.most(per) for per in ("month", "term")},
        "muted": await quiet.muted_until(look.group, look.group.today),
    }


async def words(_look: Look, form: Form) -> str:
    """A time comes in a field of its own, and so does a quota, with what it is counted by."""
    if form.say == QUOTA:
        return f"{form.say} {form.text('per')} {form.text('each')} 节"
    return f"{form.say} {form.text('time') or form.words}".strip()


SAYS = commands("设置", "静音", "看板", "听课 配额")
PAGE = Page("settings", "设置", "settings.html", show, leads=True, says=SAYS, words=words)
