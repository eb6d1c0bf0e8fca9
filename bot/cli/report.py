"""``commands``: what the bot can do."""

import argparse
import json

from bot.app import registry


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
