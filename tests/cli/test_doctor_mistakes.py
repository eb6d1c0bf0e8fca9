"""``check`` before and after each mistake: it names what is wrong and what to do, and is content when it is mended."""

import os
import re
import shutil
from datetime import timedelta
from typing import Any

from bot.cli.doctor.show import text
from bot.clock import SystemClock
from bot.content import content
from bot.delivery.logbook import month_of
from bot.delivery.outbox import enqueue
from bot.domain.groups import GroupRecord
from tests.cli.patient import SECRETS, Patient, good

NOW = SystemClock().now()
HOUR = timedelta(hours=1)


WECOM, POSTS = "群机器人 wecom-posts", "群机器人 ding-posts"
TERMS = r"(?s)(\[\[schools\.terms\]\]\n)(.*?)(\[\[channels)"
ADDRESS = r'webhook = "[^"]+/cgi'
URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
LAST = r'(?s)(\[\[channels\]\]\nname = )"wecom-posts"(\n.*?)(?=\[\[groups)'
SWAP = '[[schools.swaps]]\ndate = 2019-10-12\nruns = "周一"\n'
AGAIN = rf'\1\2\1name = "又"\nfirst_day = {NOW.date()}\nweeks = 20\n\3'

# What is wrong in config.toml: pattern and replacement, the finding, its state, words of it.
IN_THE_FILE: dict[str, tuple[str, str, str, str, str]] = {
    "wrong secret": ("app-secret-never", "app-secret-other", "凭证 ding", "fail", "Client Secret 不对"),
    "wrong id": ("dingKEY", "dingOTHER", "凭证 ding", "fail", "Client ID"),
    "no network": (r'api_base = "[^"]+', 'api_base = "http://127.0.0.1:9', "凭证 ding", "warn", "没有试成"),
    "unset variable": ('secret = "app', 'secret = "env:NOT_SET_HERE" #', "配置", "fail", "NOT_SET_HERE"),
    "unknown zone": ("Asia/Shanghai", "Asia/Nowhere", "配置", "fail", "timezone"),
    "another zone": ("Asia/Shanghai", "Asia/Urumqi", "时区", "warn", "Asia/Urumqi"),
    "no term": (r"\[\[schools\.terms\]\]\n(.+\n){3}", "", "校历", "fail", "没有学期"),
    "terms overlap": (TERMS, AGAIN, "校历", "fail", "日期重叠"),
    "swap of another year": (r"(?=\[\[channels)", SWAP, "校历", "warn", "2019-10-12"),
    "another way in": ('kind = "dingtalk-callback"', 'kind = "dingtalk-stream"', "连接 ding", "warn", "还没有连过"),
    "cannot push": ('posts_through = "wecom-posts"', "", "渠道", "warn", "高一年级课题组 只能回答"),
    "host of another": ("port =", 'host = "203.0.113.7"\nport =', "端口", "fail", "203.0.113.7"),
    "host is no host": ("port =", 'host = "没有。这个"\nport =', "端口", "fail", "不是一个地址"),
    "no sign": (r'\nsecret = "SEC[^\n]+', "", POSTS, "warn", "没有加签"),
    "token for sign": ('"SEC', '"', POSTS, "fail", "SEC"),
    "address for key": ("key=", f"key={URL}", WECOM, "fail", "又是一个网址"),
    "no key": (r"send\?key=", "send?debug=", WECOM, "fail", "没有 key="),
    "half a key": ("693a91f6-7xxx-4bc4-", "", WECOM, "warn", "17 个字符"),
    "half an address": ("/cgi-bin/webhook/send", "/cgi-bin/webhook", WECOM, "fail", "路径"),
    "the other's": (ADDRESS, 'webhook = "https://oapi.dingtalk.com/cgi', WECOM, "fail", "dingtalk-robot"),
    "a stranger's": (ADDRESS, 'webhook = "https://example.com/cgi', WECOM, "fail", "example.com"),
    "one robot for two": ('"ding-posts"\nleader', '"wecom-posts"\nleader', "群机器人", "warn", "同一个群"),
    "one address twice": (LAST, r'\g<0>\1"again"\2', "群机器人", "warn", "一样的地址"),
    "a leader by hand": ("李老师", "赵老师", "配置与数据", "warn", "组长存的是李老师"),
    "a member by hand": ('"王老师"', '"王老师", "刘老师"', "配置与数据", "warn", "刘老师 不在名单里"),
    "a window by hand": ("chat =", 'window = "06:50"\nchat =', "配置与数据", "warn", "window"),
    "a chat by hand": ("cid-1", "cid-2", "配置与数据", "warn", "chat"),
    "a term by hand": ("weeks = 20", "weeks = 19", "配置与数据", "warn", "weeks"),
    "a new term by hand": ('"这学期"', '"本学期"', "配置与数据", "warn", "学期 本学期 没有存进去"),
    "a school by hand": ('"示例中学"', '"示例二中"', "配置与数据", "warn", "示例中学"),
}


async def test_mistakes_in_the_file(well):
    before = await well.check()
    for mistake, (right, wrong, name, state, words) in IN_THE_FILE.items():
        assert [one for one in before if one.name == name and one.state != "ok" and words in one.detail] == [], mistake
        well.changed((right, wrong))
        found = await well.check()
        after = [one for one in found if one.name == name and words in one.detail]
        assert [one.state for one in after] == [state], (mistake, found)
        assert after[0].todo, mistake
        assert [secret for secret in SECRETS if secret in text(found)] == [], mistake
    well.write(well.config)
    mended = await well.check()
    assert [(one.name, one.state) for one in mended] == [(one.name, one.state) for one in before]


async def held(patient: Patient) -> None:
    async with patient.transaction() as tx:
        item = await enqueue(tx, channel="wecom-posts", kind="card", to="wr-1", content=content("卡片"), now=NOW)
        await tx.update(item.moved("held"))


async def refused(patient: Patient) -> None:
    async with patient.transaction() as tx:
        item = await enqueue(tx, channel="wecom-posts", kind="card", to="wr-1", content=content("卡片"), now=NOW)
        await tx.update(item.moved("failed"))


async def without_channel(patient: Patient) -> None:
    async with patient.transaction() as tx:
        await enqueue(tx, channel="gone", kind="card", to="wr-1", content=content("卡片"), now=NOW)


async def stuck(patient: Patient) -> None:
    async with patient.transaction() as tx:
        await enqueue(tx, channel="ding", kind="card", to="cid-1", content=content("卡片"), now=NOW - 2 * HOUR)


async def unclaimed(patient: Patient) -> None:
    async with patient.transaction() as tx:
        [record] = await tx.find(GroupRecord, key="高一语文备课组")
        await tx.update(record.model_copy(update={"invitation": "ABCD1234"}))


async def robot_gone(patient: Patient) -> None:
    without = re.sub(r'(?s)name = "ding-posts".*?\[\[channels\]\]\n', "", patient.config)
    renamed = without.replace('name = "高一语文备课组"', 'name = "高二语文备课组"').replace(
        '"ding-posts"', '"wecom-posts"'
    )
    patient.write(renamed.replace('\nchat = "cid-1"', ""))


async def no_backup(patient: Patient) -> None:
    (patient.data / "backups" / "one.sqlite3").unlink()


async def old_backup(patient: Patient) -> None:
    then = (NOW - timedelta(days=9)).timestamp()
    os.utime(patient.data / "backups" / "one.sqlite3", (then, then))


async def open_to_all(patient: Patient) -> None:
    patient.data.chmod(0o755)


async def damaged(patient: Patient) -> None:
    (patient.data / "records.sqlite3").write_bytes(b"not a database" * 100)


def logged(channel: str, **fields: Any) -> Any:
    async def change(patient: Patient) -> None:
        await patient.log(channel, **fields)

    return change


def clock_ahead(minutes: float) -> Any:
    async def change(patient: Patient) -> None:
        patient.platforms.ahead = -timedelta(minutes=minutes)

    return change


USED = {"month": month_of(NOW)}

# What is wrong in the data, on the disk or in the world: what makes it so, the finding, its state, words of it.
IN_THE_WORLD: dict[str, tuple[Any, str, str, str]] = {
    "a bot name that has become another": (logged("wecom", right_name="小语"), "听到 wecom", "warn", "小语"),
    "another bot name": (logged("wecom", called="小语", called_at=NOW + HOUR), "听到 wecom", "warn", "小语"),
    "only one is heard": (logged("wecom", senders=("Zhang",)), "听到 wecom", "warn", "只听到过一个人"),
    "nobody is heard": (logged("ding", heard_at=None), "听到 ding", "warn", "还没有听到过谁"),
    "unpublished robot": (logged("ding", nameless_at=NOW + HOUR), "听到 ding", "warn", "还没发布"),
    "quota nearly used": (logged("ding", calls={"webhook": 2900}, **USED), "用量", "warn", "2900/3000"),
    "api nearly used": (logged("ding", calls={"api": 4100}, **USED), "用量", "warn", "4100/5000"),
    "quota used up": (logged("ding", exhausted_at=NOW, detail="次数已用尽"), "用量", "fail", "次数已用尽"),
    "clock 20 minutes fast": (clock_ahead(20), "时钟", "fail", "快 20 分钟"),
    "clock 20 minutes slow": (clock_ahead(-20), "时钟", "fail", "慢 20 分钟"),
    "clock 90 seconds fast": (clock_ahead(1.5), "时钟", "warn", "快 90 秒"),
    "held back": (held, "发件箱", "warn", "1 条说不准"),
    "refused": (refused, "发件箱", "warn", "1 条被平台拒绝"),
    "channel gone": (without_channel, "发件箱", "warn", "gone"),
    "stuck": (stuck, "发件箱", "warn", "一小时以上"),
    "unclaimed": (unclaimed, "备课组", "warn", "高一语文备课组"),
    "robot gone": (robot_gone, "备课组", "warn", "没有渠道 ding"),
    "no backup": (no_backup, "备份", "warn", "还没有备份"),
    "old backup": (old_backup, "备份", "warn", "9 天前"),
    "open to all": (open_to_all, "文件夹", "warn", "谁都能看"),
    "damaged": (damaged, "数据", "fail", "读不出来"),
}  # fmt: skip


async def test_mistakes_in_the_world(well, tmp_path_factory):
    before = await well.check()
    kept = tmp_path_factory.mktemp("kept")
    shutil.copytree(well.folder, kept, dirs_exist_ok=True)
    for mistake, (make, name, state, words) in IN_THE_WORLD.items():
        assert [good(one) for one in before if one.name == name].count(True) == 1, mistake
        await make(well)
        after = [one for one in await well.check() if one.name == name and words in one.detail]
        assert [one.state for one in after] == [state], mistake
        assert after[0].todo, mistake
        well.platforms.ahead = timedelta()
        shutil.rmtree(well.folder)
        shutil.copytree(kept, well.folder)
    mended = await well.check()
    assert [(one.name, one.state) for one in mended] == [(one.name, one.state) for one in before]
