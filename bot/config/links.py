"""What only the whole file can tell: names that must be unique, and keys that point at other tables."""

from collections.abc import Iterable, Sequence

from bot.config.model import Config, Group
from bot.config.wording import nearest


def join(config: Config) -> tuple[Config, list[str]]:
    """Fill in the school and the channel of groups where there is only one, and check what points elsewhere.

    Returns:
        The completed config, and a sentence for each thing that is wrong.
    """
    channels = [channel.name for channel in config.channels]
    schools = [school.key for school in config.schools]
    groups = tuple(_complete(group, schools, channels) for group in config.groups)
    config = config.model_copy(update={"groups": groups})
    return config, [
        *_school_keys(config),
        *_twice("schools", "key", filter(None, schools)),
        *_twice("channels", "name", channels),
        *_twice("groups", "name", [group.name for group in groups]),
        *_terms(config),
        *_targets(groups, schools, channels),
        *_chats(groups),
    ]


def _complete(group: Group, schools: Sequence[str], channels: Sequence[str]) -> Group:
    """With one school or channel, a group that names none belongs to it."""
    update = {}
    if not group.school and len(schools) == 1:
        update["school"] = schools[0]
    if not group.channel and len(channels) == 1:
        update["channel"] = channels[0]
    return group.model_copy(update=update)


def _school_keys(config: Config) -> list[str]:
    if len(config.schools) < 2:
        return []
    return [
        f'schools[{number}].key\uff1a有几所学校时每所都要有代号\uff0c例如 key = "sfzx"'
        for number, school in enumerate(config.schools, start=1)
        if not school.key
    ]


def _twice(table: str, key: str, names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    problems = []
    for number, name in enumerate(names, start=1):
        if name in seen:
            problems.append(f"{table}[{number}].{key}\uff1a“{name}”已经用过\uff0c每个要不同")
        seen.add(name)
    return problems


def _terms(config: Config) -> list[str]:
    return [
        problem
        for number, school in enumerate(config.schools, start=1)
        for problem in _twice(f"schools[{number}].terms", "name", [term.name for term in school.terms])
    ]


def _targets(groups: Sequence[Group], schools: Sequence[str], channels: Sequence[str]) -> list[str]:
    problems = []
    for number, group in enumerate(groups, start=1):
        for key, table, names, needed in (
            ("school", "schools", schools, len(schools) > 1),
            ("channel", "channels", channels, len(channels) > 1),
            ("posts_through", "channels", channels, False),
        ):
            value = getattr(group, key)
            if (value and value not in names) or (needed and not value):
                problems.append(f"groups[{number}].{key}\uff1a{_pointer(value, table, names)}")
    return problems


def _pointer(value: str, table: str, names: Sequence[str]) -> str:
    if not names:
        return f"写的是“{value}”\uff0c但没有一段 [[{table}]]"
    start = f"没有叫“{value}”的 [[{table}]]" if value else f"[[{table}]] 有几段\uff0c要写是哪一个"
    meant = nearest(value, names) if value else None
    return f'{start}。应为 {"、".join(name or "（没有代号）" for name in names)}\uff0c例如 "{meant or names[0]}"'


def _chats(groups: Sequence[Group]) -> list[str]:
    """A chat belongs to one group: what is said in it could not be told apart otherwise."""
    owners: dict[tuple[str, str], str] = {}
    problems = []
    for number, group in enumerate(groups, start=1):
        place = (group.channel, group.chat)
        if group.chat and place in owners:
            problems.append(f"groups[{number}].chat\uff1a这个群已经是“{owners[place]}”的\uff0c一个群只能属于一个组")
        owners.setdefault(place, group.name)
    return problems
