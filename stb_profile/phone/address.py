"""Where a phone in the same home finds the box, and who may knock: private IPv4 addresses only."""

from __future__ import annotations

import os
import socket
from ipaddress import AddressValueError, IPv4Address, IPv4Network

HOME = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")))
"""Source: RFC 1918, RFC 3927. Not 100.64.0.0/10: that is the operator's side of the line."""
BOX = IPv4Network("127.0.0.0/8")
SOMEWHERE = ("192.0.2.1", 9)
"""Documentation address (RFC 5737): asking for the way there sends nothing."""


NAMED = "MADOGUCHI_ADDRESS"
"""In the environment: the box's own address, where it has several or is tried alone on one machine."""


class NoHomeNetwork(Exception):
    """The box has no private address that a phone could reach."""


def own_address() -> str:
    """The box's address in the home, or the one that is NAMED. Raises NoHomeNetwork."""
    address = os.environ.get(NAMED) or _way_out()
    if not in_home(address) and IPv4Address(address) not in BOX:
        raise NoHomeNetwork(address)
    return address


def _way_out() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(SOMEWHERE)
        except OSError as exc:
            raise NoHomeNetwork from exc
        address: str = asking.getsockname()[0]
        return address


def in_home(address: str) -> bool:
    return any(IPv4Address(address) in network for network in HOME)


def may_knock(peer: str, own: str) -> bool:
    """Phones of the home; the box itself only where it listens to nobody else."""
    try:
        known = IPv4Address(peer) in BOX
    except AddressValueError:
        return False
    return IPv4Address(own) in BOX if known else in_home(peer)
