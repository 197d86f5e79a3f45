"""The cyclic garbage collector, told what a server is like: much that stays for good, and requests without cycles."""

from __future__ import annotations

import gc

YOUNG = 50_000
"""Containers made and not yet gone before it looks: more than all requests in flight ever are."""


def settle() -> None:
    """Set what there is apart for good, and look for cycles more rarely. Call once, when everything is built.

    With the interpreter's own thresholds the collector takes a third of the gateway's time: it goes through the log's
    index in memory again and again and finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 100)
