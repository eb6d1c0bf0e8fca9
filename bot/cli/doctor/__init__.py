"""``check``: what is wrong, and what to do about it. It changes nothing, and works beside a running bot too.

::

    checks     the table of checks, one after the other; one that breaks is a finding of its own
    context    what a check gets: configuration, clock, two HTTP clients, whether our bot runs, a copy of the data
    settings   calendar, time zone, channels          skew        the clock against the platforms'
    machine    folder, disk, data, lock, port         callbacks   each callback as the platform would call it
    accounts   tokens, robots' addresses              heard       who is heard, under which name, the month's quota
    links      connections kept open
    house      groups, outbox, posts, backup          seeds       where config.toml and the data differ
    show       the findings as text

A new check is one function, ``Context`` → findings, and one line in the table of ``checks``.
"""

from bot.cli.doctor.checks import check, examine
from bot.cli.doctor.finding import Finding

__all__ = ["Finding", "check", "examine"]
