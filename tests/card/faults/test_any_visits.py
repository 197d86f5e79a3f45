"""Any visits with any faults at any command: a try goes only for an entry that a person confirmed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.software_card.card import SoftwareCard
from tests.card.faults.operations import OPERATIONS, Desk
from tests.card.faults.outcomes import DEEDS
from tests.card.faults.test_every_index import carry_out, readers_with
from tests.flow.virtual_time import play

VISITS = st.lists(
    st.tuples(st.sampled_from(sorted(OPERATIONS)), st.integers(0, 14), st.sampled_from(DEEDS)), max_size=8
)


@given(visits=VISITS)
def test_tries_go_for_entries_only(
    opened: dict[str, SoftwareCard], desk: Desk, visits: list[tuple[str, int, str]]
) -> None:
    try:
        for name, index, deed in visits:
            card = opened[OPERATIONS[name].profile]
            before = card.counters.all_left()
            play(carry_out(readers_with(card, f"apdu={index}:{deed}"), OPERATIONS[name], desk))
            after = card.counters.all_left()
            assert sum(max(0, before[pin] - after[pin]) for pin in before) <= OPERATIONS[name].entries
            assert not card.powered
    finally:
        for card in opened.values():
            for counter in card.counters.all_left():
                card.counters.restore(counter)
