"""How many examples property tests take: few and always the same ones every day, many new ones in `script/soak`."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("ci", max_examples=30, derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=3000, deadline=None)
settings.load_profile("ci")
