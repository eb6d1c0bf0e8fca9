"""``commands`` and ``rehearse``: what the bot can do, and what it is going to say."""

import argparse
import json
from datetime import datetime, time, timedelta

from bot.app import assemble, registry
from bot.cli.house import configured, opened
from bot.clock import SystemClock


async def commands(arguments: argparse.Namespace) -> int:
    """List every command."""
    rows = registry().public()
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        print(f"{row['usage']:<24} {row['summary']}（{row['needs']}）")
        for action in row["actions"]:
            print(f"    {action['usage']:<24} {action['summary']}（{action['needs']}）")
    return 0


async def rehearse(arguments: argparse.Namespace) -> int:
    """Print everything that would be posted, without sending."""
    clock = SystemClock()
    today = clock.now().date()
    first = datetime.combine(arguments.first or today, time(0), clock.zone)
    last = datetime.combine(arguments.last or today + timedelta(days=14), time(23, 59), clock.zone)
    async with opened(configured(arguments)) as store:
        found = await assemble(store, clock, {}).engine.rehearse(first, last)
    rows = [
        {"at": one.at.isoformat(), "group": one.group, "to": one.to, "text": one.content.plain(), "why": list(one.why)}
        for one in found
    ]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for one in found:
        print(f"—— {one.at:%Y-%m-%d %H:%M} {one.group} → {'群' if one.to == 'group' else one.to}")
        print(one.content.plain())
    print(f"共 {len(found)} 条。")
    return 0
