"""Every profile, and any other one could write, survives being kept in a card's folder."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.software_card.generation import Generation
from drivers.software_card.profile import Atr, Profile, Quirk, load_profile, profile_names
from tests.card.properties.holders import digits, holders

PROFILES = st.builds(
    Profile,
    resident=st.text(max_size=9),
    pin=st.none() | st.just("") | digits(4),
    password=st.none() | st.from_regex("[A-Z0-9]{6,16}", fullmatch=True),
    text_pin=st.none() | digits(4),
    register_pin=st.none() | digits(4),
    holder=st.none() | holders(),
    pin_tries=st.integers(1, 15),
    password_tries=st.integers(1, 15),
    match_tries=st.integers(1, 15),
    generation=st.sampled_from(Generation),
    atr=st.sampled_from(Atr),
    quirks=st.frozensets(st.sampled_from(Quirk)),
)


def kept(profile: Profile) -> Profile:
    """As `card.json` gives it back."""
    return msgspec.json.decode(msgspec.json.format(msgspec.json.encode(profile)), type=Profile)


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_on_disk_is_kept_whole(name: str) -> None:
    profile = load_profile(name)
    assert kept(profile) == profile
    assert kept(profile).tries_at_issue == profile.tries_at_issue


@given(PROFILES)
def test_any_profile_is_kept_whole(profile: Profile) -> None:
    assert kept(profile) == profile
    assert all(0 <= left <= profile.maximum_tries[name] for name, left in profile.tries_at_issue.items())
