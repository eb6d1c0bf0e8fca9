"""The machine: the data folder and its rights, the disk, the lock, the port."""

import asyncio
import errno
import os
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.cli.doctor.context import Context, address
from bot.cli.doctor.finding import Finding, Findings
from bot.storage.folder import DATABASE

LEAST_SPACE = 200 * 1024 * 1024  # bytes; a year of a large school is a tenth of it

_READABLE_BY_ALL = 0o007


async def folder(ctx: Context) -> Findings:
    """The data folder is there and can be written, or can be made."""
    return await asyncio.to_thread(_folder, ctx.folder)


def _folder(place: Path) -> Findings:
    existing = _existing(place)
    if not existing.is_dir():
        return [Finding("文件夹", "fail", f"{existing} 是文件，建不了数据文件夹 {place}", "改 [store] 的 path")]
    closed = [one for one in (existing, place / DATABASE) if one.exists() and not _writable(one)]
    if closed:
        todo = "把它给运行机器人的用户，或换一个 [store] 的 path"
        return [Finding("文件夹", "fail", f"{closed[0]} 不能写", todo)]
    if existing != place:
        return [Finding("文件夹", "ok", f"{place} 第一次用时建")]
    if os.name == "posix" and place.stat().st_mode & _READABLE_BY_ALL:
        return [Finding("文件夹", "warn", f"{place} 这台机器上谁都能看", f"chmod 700 {place}")]
    return [Finding("文件夹", "ok", f"{place} 能写")]


def _writable(place: Path) -> bool:
    """Asks the system, which knows of read-only disks too; nothing is written to find out."""
    return os.access(place, os.R_OK | os.W_OK | (os.X_OK if place.is_dir() else 0))


def _existing(place: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(one for one in (place, *place.absolute().parents) if one.exists())


async def disk(ctx: Context) -> Findings:
    """There is room for a year."""
    free = (await asyncio.to_thread(shutil.disk_usage, await asyncio.to_thread(_existing, ctx.folder))).free
    room = f"{free // 1024 // 1024} MB"
    if free < LEAST_SPACE:
        return [Finding("磁盘", "fail", f"{ctx.folder} 所在的磁盘只剩 {room}", "腾出一些地方")]
    return [Finding("磁盘", "ok", f"还有 {room}")]


async def data(ctx: Context) -> Findings:
    """The database is there and whole."""
    return [await asyncio.to_thread(_integrity, ctx.folder / DATABASE)]


async def readable(ctx: Context) -> bool:
    """Whether there are data to look into."""
    found = await data(ctx)
    return found[0].state == "ok"


def _integrity(database: Path) -> Finding:
    if not database.is_file():
        return Finding("数据", "warn", "还没有数据", "第一次运行 run 或 invite 时建")
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        return Finding("数据", "fail", f"读不出来（{error}）", "看文件夹的权限；坏了就从备份恢复")
    if answer != ("ok",):
        return Finding("数据", "fail", "文件损坏", "从备份恢复：python3 start.py restore 备份文件")
    return Finding("数据", "ok", f"{database} 完好")


async def lock(ctx: Context) -> Findings:
    """Nobody holds the data, or our bot does."""
    if ctx.holder is None:
        return [Finding("数据锁", "ok", "没有程序占着数据")]
    if ctx.running == "ours":
        return [Finding("数据锁", "ok", f"运行中的机器人占着（{ctx.holder}）")]
    if not ctx.config.server.port:
        detail = f"{ctx.holder} 占着；port = 0，看不出是不是机器人"
        return [Finding("数据锁", "warn", detail, "写一个固定的 server.port")]
    detail = f"{ctx.holder} 占着数据，但 {address(ctx.config)} 不是它在回答"
    return [Finding("数据锁", "fail", detail, "机器人刚启动就等一会儿；改过端口就重启它；别的程序就停下")]


async def port(ctx: Context) -> Findings:
    """Our bot listens at the port, or it is free."""
    number = ctx.config.server.port
    if ctx.running == "ours":
        return [Finding("端口", "ok", f"机器人正在 {address(ctx.config)} 运行")]
    if ctx.running == "other":
        who = f"（{ctx.neighbour}）" if ctx.neighbour else ""
        detail = f"{number} 上是另一个机器人{who}，用的不是这里的数据"
        return [Finding("端口", "fail", detail, "停下它，或换一个 server.port")]
    return [await asyncio.to_thread(_port, ctx)]


def _port(ctx: Context) -> Finding:
    number, host = ctx.config.server.port, ctx.config.server.host
    if not number:
        return Finding("端口", "ok", "启动时任选一个")
    try:
        found = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        with socket.socket(found[0][0], socket.SOCK_STREAM) as probe:
            if os.name == "posix":  # on Windows this would succeed beside somebody who listens
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[0][4])
    except socket.gaierror:
        return Finding("端口", "fail", f"host 写的 {host} 不是一个地址", '只给本机用写 host = "127.0.0.1"')
    except OSError as error:
        return _taken(ctx, error)
    return Finding("端口", "ok", f"{number} 空着")


def _taken(ctx: Context, error: OSError) -> Finding:
    number, host = ctx.config.server.port, ctx.config.server.host
    if error.errno == errno.EADDRNOTAVAIL:
        return Finding("端口", "fail", f"这台机器没有 {host} 这个地址", '改 server.host，例如 "127.0.0.1"')
    if error.errno == errno.EACCES:
        return Finding("端口", "fail", f"{number} 要系统管理员才能用", "换一个 1024 以上的 server.port")
    who = str(ctx.neighbour) if ctx.neighbour else "别的程序"
    return Finding("端口", "fail", f"{number} 被{who}占着", "换一个 server.port，或停下它")
