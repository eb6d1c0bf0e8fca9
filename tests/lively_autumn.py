"""September to November 2026 of the sample school, lived by eight people as a seed draws it, all in the chat."""

import random
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.clock import SCHOOL_ZONE
from tests.conftest import Answer, Chat

SEED = 20260901
WEEKS = 13
MONDAY = date(2026, 9, 7)
TEACHERS = ("李老师", "王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师")
TOPICS = ("沁园春", "百合花", "喜看稻菽千重浪", "插秧歌", "短歌行", "归园田居", "梦游天姥吟留别", "登高", "琵琶行")
MET = ("导入太长", "后半段讨论不够", "学生读得很投入", "板书占了太多时间", "追问没有跟上", "例子离学生太远")
NEXT = ("下次三分钟内进入文本", "把讨论提前", "再多读一遍", "改用学案", "先问再讲", "换成身边的例子")
FAULTS = ("审题不细", "概括丢要点", "文言虚词混淆", "作文开头太绕", "修辞只会贴标签", "不会圈画关键词", "字迹潦草")
FILES = ("学案", "课件提纲", "单元卷", "拓展阅读", "朗读评分表")
WORK = ("交单元卷", "整理资料", "出一道题", "交教学计划", "核对答案")
MARK_AXES = ("目标达成", "环节设计", "学生参与", "效果")

_NUMBER = re.compile(r"\{(/\w+)\}")
_GIVEN = re.compile(r"✅ \D*(\d+)")

Row = tuple[datetime, str, str]
"""Moment, speaker (``>`` speaks one-to-one), message; "📎" begins a file."""


def script(seed: int = SEED, weeks: int = WEEKS) -> list[Row]:
    """What is said, by moment. "{/任务}" stands for the number that the last answer to /任务 gave."""
    rng, answering = random.Random(seed), random.Random(seed + 1)  # noqa: S311 - any activity will do, the same each time
    rows: list[Row] = list(_beginnings())
    for week in range(weeks):
        began = list(_week(rng, week, MONDAY + timedelta(weeks=week)))
        rows += [*began, *_answers(answering, [text for _, _, text in began], MONDAY + timedelta(weeks=week))]
    return sorted(rows, key=lambda row: row[0])


def _answers(rng: random.Random, said: list[str], monday: date) -> Iterator[Row]:
    """What the others do about the week's task, lesson and problem."""

    def some(likely: float, ahead: int) -> Iterator[tuple[datetime, str]]:
        for name in TEACHERS[1:]:
            if rng.random() < likely:
                yield _at(monday + timedelta(days=ahead), rng.randint(17, 19), rng.randint(0, 59)), name

    begun = {text.split()[0] for text in said}
    if "/任务" in begun:
        yield from ((moment, name, "/完成 {/任务}") for moment, name in some(0.7, 3))
    if "/公开课" in begun:
        yield from ((moment, name, "/报名 {/公开课}") for moment, name in some(0.45, 1))
    if "/问题" in begun and rng.random() < 0.6:
        yield _at(monday + timedelta(days=4), 17), "李老师", f"/问题 解决 {{/问题}} {rng.choice(NEXT)}"


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SCHOOL_ZONE)


def _beginnings() -> Iterator[Row]:
    yield _at(MONDAY, 8), "李老师", "/听课 配额 3"
    yield _at(MONDAY, 8, 1), "李老师", "/轮值 排 第4周起 王老师 张老师 赵老师 陈老师 刘老师 周老师 孙老师"
    yield (
        _at(MONDAY, 8, 2),
        "李老师",
        "/轮值 研讨课 排 第4周起 每周 周二第3节 录播室 王老师 赵老师 刘老师 陈老师 周老师 张老师",
    )
    yield _at(date(2026, 10, 15), 18), "周老师", "/请假 10月19日到10月30日 外出培训"


def _week(rng: random.Random, week: int, monday: date) -> Iterator[Row]:
    def day(ahead: int) -> date:
        return monday + timedelta(days=ahead)

    number = week + 2
    yield _at(day(0), 9), "李老师", f"/备课 主题 重难点 《{TOPICS[week % len(TOPICS)]}》的意象"
    if rng.random() < 0.4:
        yield _at(day(0), 9, 5), "李老师", f"/任务 全组 周五前 {rng.choice(WORK)}"
    if week % 3 == 1:
        teacher = rng.choice(TEACHERS[1:])
        yield _at(day(0), 9, 10), "李老师", f"/公开课 发布 下周四第2节 {teacher}《{rng.choice(TOPICS)}》 录播室 4座"
    if week % 4 == 2:
        yield _at(day(0), 9, 15), "李老师", "/例会 定 周四第7节 语文办公室"
        yield _at(day(3), 15, 30), "李老师", "/签到 全组"
        yield _at(day(3), 15, 31), "李老师", f"/例会 决定 {rng.choice(TEACHERS[1:])} 下周五前 {rng.choice(WORK)}"
    for name in TEACHERS:
        yield from _of_one(rng, name, number, monday)
    yield _at(day(3), 9), "李老师", f"/共案 https://docs.example.com/agreed{number}"
    if rng.random() < 0.6:
        yield _at(day(2), 18), "李老师", "/备课 要点 课标 教材 学情 重难点"
    if rng.random() < 0.5:
        yield _at(day(2), 18, 1), "李老师", "/分层 保底 会背 达标 会写 拔高 能仿写"


def _of_one(rng: random.Random, name: str, week: int, monday: date) -> Iterator[Row]:
    def some(likely: float, ahead: int) -> datetime | None:
        moment = _at(monday + timedelta(days=ahead), rng.randint(9, 16), rng.randint(0, 59))
        return moment if rng.random() < likely else None

    link = f"https://docs.example.com/{week}/{TEACHERS.index(name)}"
    other = rng.choice([each for each in TEACHERS if each != name])
    if moment := some(0.75, 1):
        yield moment, name, f"/初案 {link}"
    if moment := some(0.5, 3):
        yield moment, name, f"/二备 {link}b"
    if moment := some(0.6, rng.randint(1, 4)):
        yield moment, name, f"/听课 {other} 今天第{rng.randint(1, 3)}节 高一{rng.randint(1, 6)}班 {rng.choice(MET)}"
        if rng.random() < 0.5:
            marks = " ".join(f"{axis}{rng.randint(3, 5)}" for axis in MARK_AXES)
            yield moment + timedelta(minutes=1), name, f"/评课 {other} {marks}"
    if moment := some(0.45, 4):
        shared = "> /反思" if rng.random() < 0.4 else " /反思"
        topic = rng.choice(TOPICS)
        text = f"课题：{topic} 不足：{rng.choice(MET)} 改进：{rng.choice(NEXT)}"
        yield moment, f"{name}{shared[0].strip()}", f"/反思 {text}"
    if moment := some(0.1, 2):
        yield moment, name, f"/问题 {rng.choice(FAULTS)}（第{week}周）"
    if moment := some(0.12, 3):
        yield moment, f"{name}>", f"📎第{week}周{rng.choice(FILES)}.txt"
        yield moment + timedelta(minutes=1), f"{name}>", "1"


async def live(chat: Chat, until: str, seed: int = SEED) -> list[tuple[Row, Answer]]:
    """Say everything up to a moment ("2026-10-08T12:00"), and stand there."""
    said: list[tuple[Row, Answer]] = []
    numbers: dict[str, str] = {}
    end = datetime.fromisoformat(until).replace(tzinfo=SCHOOL_ZONE)
    for row in script(seed):
        moment, speaker, text = row
        if moment > end:
            break
        if moment > chat.playground.clock.now():
            await chat.until(f"{moment:%Y-%m-%dT%H:%M}")
        name, private = speaker.rstrip(">"), speaker.endswith(">")
        text = _NUMBER.sub(lambda found: numbers[found[1]], text)
        if text.startswith("📎"):
            answer = await getattr(chat, name).sends(text[1:], f"{text} {moment}".encode())
        else:
            answer = await chat.say(name, text, private=private)
        said.append((row, answer))
        if given := _GIVEN.match(answer):
            numbers[text.split()[0]] = given[1]
    await chat.until(until)
    return said
