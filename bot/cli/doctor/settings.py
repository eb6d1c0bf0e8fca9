"""What config.toml alone tells: school year, time zone, channels."""

from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import ValidationError

from bot.calendar.term import SchoolCalendar
from bot.cli import channels
from bot.cli.doctor.context import Context
from bot.cli.doctor.finding import Finding, Findings
from bot.cli.house import calendar_of
from bot.config import Config, School


async def calendar(ctx: Context) -> Findings:
    """Every school has a term, its terms do not overlap, and its holidays are known."""
    if not ctx.config.schools:
        return [Finding("校历", "fail", "没有学校和学期", "写一段 [[schools]] 和 [[schools.terms]]")]
    return [finding for school in ctx.config.schools for finding in _calendar(school)]


def _calendar(school: School) -> Findings:
    if not school.terms:
        todo = "写一段 [[schools.terms]]：名字、第一天、周数"
        return [Finding("校历", "fail", f"{school.name} 没有学期", todo)]
    try:
        known = calendar_of(school)
    except ValidationError as error:
        return [Finding("校历", "fail", error.errors()[0]["msg"], "改 [[schools.terms]] 的第一天和周数")]
    term = known.terms[-1]
    detail = f"{term.name} 共 {term.weeks} 周，{term.first_day} 开始"
    return list(_odd_days(school, known)) or [Finding("校历", "ok", detail)]


def _odd_days(school: School, known: SchoolCalendar) -> Iterator[Finding]:
    term = known.terms[-1]
    unknown = [day for day in (term.first_day, term.last_day) if not known.published(day)]
    if unknown:
        detail = f"{unknown[0].year} 年的放假安排还没有公布，现在只按周一到周五算"
        yield Finding("校历", "warn", detail, "公布后更新程序，或写 [[schools.swaps]]")
    stray = [swap.date for swap in known.swaps if not _near_a_term(school, swap.date)]
    if stray:
        yield Finding("校历", "warn", f"{stray[0]} 的调休不在任何学期里", "看是不是写错了年份")


def _near_a_term(school: School, day: date) -> bool:
    """In a term, or in the fortnight around one: the preparation week and the days after the examinations."""
    fortnight = timedelta(weeks=2)
    return any(
        term.first_day - fortnight <= day <= term.first_day + timedelta(weeks=term.weeks) + fortnight
        for term in school.terms
    )


async def time_zone(ctx: Context) -> Findings:
    """The zone of the school counts. That the machine has another is no fault, only confusing to read in its log."""
    ours = str(ctx.clock.zone)
    for school in ctx.config.schools:
        if school.timezone != ours:
            detail = f"{school.name} 写的是 {school.timezone}，这一版一律按 {ours} 算"
            return [Finding("时区", "warn", detail, f'不在北京时间的学校先不要用；在的话写 timezone = "{ours}"')]
    now = ctx.clock.now()
    if now.utcoffset() != now.astimezone().utcoffset():
        detail = f"按学校的 {ours} 算，机器设的是 {now.astimezone():%Z（UTC%z）}：不要紧，日志里的时间按机器的"
        return [Finding("时区", "ok", detail)]
    return [Finding("时区", "ok", f"{ours}，和机器一样")]


async def channels_known(ctx: Context) -> Findings:
    """Channels at all, and a way to speak for every group."""
    config = ctx.config
    if not config.channels:
        return [Finding("渠道", "warn", "还没有连接企业微信或钉钉", "先用 python3 start.py try 试用")]
    silent = _silent(config)
    if silent:
        detail = f"{'、'.join(silent)} 只能回答，发不出定时消息"
        return [Finding("渠道", "warn", detail, "配一个 wecom-robot，写进 posts_through")]
    names = "、".join(f"{channel.name}（{channel.kind}）" for channel in config.channels)
    return [Finding("渠道", "ok", f"会连接 {names}")]


def _silent(config: Config) -> list[str]:
    mute = {channel.name for channel in config.channels if channel.kind in channels.ANSWERS_ONLY}
    return [group.name for group in config.groups if group.channel in mute and not group.posts_through]
