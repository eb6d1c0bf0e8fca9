"""Hash indexes against the obvious: a list of pairs."""

from hypothesis import given
from hypothesis import strategies as st

from bot.storage.index import Index

Pairs = set[tuple[object, int]]
pairs = st.sets(st.tuples(st.sampled_from(["a", None, 1]), st.integers(1, 9)))


@given(added=pairs, removed=pairs)
def test_ids_are_those_entered_and_not_taken_out(added: Pairs, removed: Pairs) -> None:
    index = Index(("colour",), unique=False)
    for value, number in sorted(added, key=repr, reverse=True):
        index.add((value,), number)
    for value, number in added & removed:
        index.discard((value,), number)
    for value in ("a", None, 1, "never"):
        assert list(index.ids((value,))) == sorted(number for key, number in added - removed if key == value)


@given(added=pairs)
def test_an_emptied_index_keeps_no_keys(added: Pairs) -> None:
    index = Index(("colour",), unique=True)
    for value, number in added:
        index.add((value,), number)
    for value, number in added:
        index.discard((value,), number)
    assert index._ids == {}
