"""What several verbs need: the configuration, its store opened, schools and groups founded from it."""

import argparse
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from bot.app import record_kinds
from bot.calendar.term import Bells, SchoolCalendar, Swap, Term
from bot.clock import SystemClock
from bot.config import Config, Group, Person, School, load
from bot.domain.founding import NewGroup, NewMember, found_group, found_school
from bot.domain.people import SYSTEM, Role
from bot.errors import ConfigError
from bot.storage import Store
from bot.storage.tiny import TinyStore


def configured(arguments: argparse.Namespace) -> Config:
    """The configuration a verb works with.

    Raises:
        ConfigError: it cannot be read; how to make one is part of the sentence.
    """
    return load(arguments.config)


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Store]:
    """The store of a configuration, with its schools and groups founded."""
    store = TinyStore(data_folder(config), kinds=record_kinds())
    await store.open()
    try:
        await found(store, config, SystemClock().now())
        yield store
    finally:
        await store.close()


def data_folder(config: Config) -> Path:
    """Where the records lie.

    Raises:
        ConfigError: the configuration wants PostgreSQL, which this version does not speak yet.
    """
    if config.store.url is not None:
        raise ConfigError('store.url：这一版还不支持 PostgreSQL，请改写 path = "data"。')
    return Path(config.store.path)


async def found(store: Store, config: Config, now: datetime) -> None:
    """Schools and groups of the configuration that the store does not know yet; what it knows stays as it is."""
    async with store.transaction(SYSTEM) as tx:
        for school in config.schools:
            await found_school(tx, school.key, school.name, calendar_of(school))
        for group in config.groups:
            await found_group(tx, _new_group(group), now)


def calendar_of(school: School) -> SchoolCalendar:
    """The school calendar that a configuration describes.

    Raises:
        ConfigError: its parts do not fit together (terms that overlap, a week beyond the term).
    """
    try:
        return SchoolCalendar(
            terms=tuple(Term(**term.model_dump(exclude={"last_day"}), ends=term.last_day) for term in school.terms),
            swaps=tuple(Swap(**swap.model_dump()) for swap in school.swaps),
            bells=tuple(Bells(**bells.model_dump()) for bells in school.bells),
        )
    except ValidationError as error:
        wrong = "；".join(detail["msg"] for detail in error.errors(include_url=False, include_input=False))
        raise ConfigError(f"schools.{school.key or school.name}：{wrong}") from None


def _new_group(group: Group) -> NewGroup:
    return NewGroup(
        key=group.name,
        name=group.name,
        school=group.school,
        channel=group.channel or None,
        chat=group.chat or None,
        members=tuple(_members(group)),
        posts_through=group.posts_through or None,
        window=group.window,
        quiet_from=group.quiet,
    )


def _members(group: Group) -> Iterable[NewMember]:
    if group.leader:
        yield _member(group.leader, Role.LEADER)
    for person in group.members:
        if group.leader is None or person.name != group.leader.name:
            yield _member(person, Role.MEMBER)


def _member(person: Person, role: Role) -> NewMember:
    return NewMember(person.name, person.id or None, role)
