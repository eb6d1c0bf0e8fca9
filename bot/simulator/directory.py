"""Who is who in the played school: groups by name or conversation, and the group somebody means in private."""

from bot.domain import groups, people
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM
from bot.errors import BadArgument, Refused
from bot.simulator import sample
from bot.simulator.api_models import MessageRequest
from bot.storage import Store


class Directory:
    """Looks up the groups of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def invitations(self) -> list[tuple[str, str]]:
        """Groups that nobody has claimed yet, with their codes."""
        async with self.store.transaction(SYSTEM) as tx:
            found = await groups.all_groups(tx)
        return [(record.name, record.invitation) for record in found if record.invitation]

    async def hint(self, request: MessageRequest, record: GroupRecord) -> str | None:
        """The group meant in private: the one named, else the one chosen with /切换, else the speaker's first."""
        if request.group:
            return record.key
        async with self.store.transaction(SYSTEM) as tx:
            person = await people.person_of(tx, sample.CHANNEL, sample.user_of(request.speaker))
            if person is None or person.current_group:
                return None
            return next((member.group for member in await people.memberships(tx, person.id)), None)

    async def record(self, name: str | None) -> GroupRecord:
        """The group called ``name``, the first one for None.

        Raises:
            Refused: there is no group at all; BadArgument: none of that name.
        """
        async with self.store.transaction(SYSTEM) as tx:
            found = await groups.all_groups(tx)
        if not found:
            raise Refused("还没有备课组。")
        if name is None:
            return found[0]
        record = next((record for record in found if record.name == name), None)
        if record is None:
            raise BadArgument(f"没有叫“{name[:30]}”的组。")
        return record

    async def names(self) -> dict[str, str]:
        """What the groups are called, by key."""
        async with self.store.transaction(SYSTEM) as tx:
            return {record.key: record.name for record in await groups.all_groups(tx)}

    async def name(self, chat: str) -> str:
        """What the group of a conversation is called; the conversation itself when nobody has claimed it."""
        async with self.store.transaction(SYSTEM) as tx:
            record = await groups.group_of_chat(tx, sample.CHANNEL, chat)
        return record.name if record else chat
