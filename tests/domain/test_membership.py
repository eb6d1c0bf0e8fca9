"""Who is who, without chat: binding, claims, codes, the two groups of one person."""

import pytest

from bot.domain import membership, people
from bot.domain.people import Identity, Person, Role
from bot.errors import BadArgument, NotAllowed, Refused


async def test_a_code_has_no_letters_that_look_alike(visit):
    codes = {membership.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01IO")


async def test_notes_go_to_the_newest_account_of_the_groups_channel(visit):
    async with visit() as group:
        wang = await group.member("王老师")
        person = await group.system.get(Person, wang.person)
        await people.bind(group.system, person, "try", "0042")
        await people.bind(group.system, person, "elsewhere", "77")
        assert await people.address(group.system, "try", wang) == ("try", "0042")
        assert await people.address(group.system, "elsewhere", wang) == ("elsewhere", "77")


async def test_who_has_no_account_is_addressed_by_name(visit):
    async with visit() as group:
        member = await membership.add(group, "李老师", "新老师")
        assert await people.address(group.system, "try", member) == ("try", people.unbound(member.person))


async def test_an_account_belongs_to_one_person(visit):
    async with visit() as group:
        for name in ("王老师", "张老师"):
            member = await group.member(name)
            person = await group.system.get(Person, member.person)
            await people.bind(group.system, person, "try", "0042")
        owner = await people.person_of(group.system, "try", "0042")
        assert owner.name == "张老师"
        assert len(await group.system.find(Identity, channel="try", user="0042")) == 1


async def test_ids_that_differ_by_a_zero_are_two_people(visit):
    async with visit() as group:
        await membership.add(group, "李老师", "新老师")
        await membership.introduce(group, "try", "0042", "新老师")
        assert await people.person_of(group.system, "try", "42") is None


async def test_the_name_of_a_leader_without_account_needs_the_invitation(visit):
    async with visit() as group:
        await membership.add(group, "李老师", "新老师", Role.LEADER)
        with pytest.raises(NotAllowed, match="邀请码"):
            await membership.introduce(group, "try", "u", "新老师")


async def test_removing_forgets_the_account_unless_another_group_has_the_person(visit):
    async with visit() as group:
        for name, left in (("周老师", 0), ("赵老师", 1)):
            person = (await group.member(name)).person
            await membership.remove(group, "李老师", name)
            assert len(await people.accounts(group.system, person)) == left
        with pytest.raises(Refused):
            await membership.remove(group, "李老师", "李老师")


@pytest.mark.parametrize("code", ["", "000000", "ABCDEF\n"])
async def test_a_wrong_code_binds_nobody(visit, code):
    async with visit() as group:
        await membership.hand_code(group, "李老师", "周老师")
        with pytest.raises(BadArgument):
            await membership.introduce(group, "try", "u", "周老师", code or " ")
        assert await people.person_of(group.system, "try", "u") is None


async def test_a_code_is_of_one_group(visit):
    async with visit() as group:
        claim = await membership.hand_code(group, "李老师", "王老师")
    async with visit(key="research") as group:
        with pytest.raises(BadArgument):
            await membership.introduce(group, "try", "u", "王老师", claim.code)


async def test_groups_of_a_person_and_of_a_name(visit):
    async with visit() as group:
        found = await membership.groups_with(group.system, "王老师")
        assert [record.key for record in found] == ["chinese", "research"]
        assert await membership.groups_with(group.system, "郑老师") == []
