"""The card behind a real pcscd, over plain PC/SC calls."""

from __future__ import annotations

from time import perf_counter

from smartcard import scard

from drivers.software_card.control_client import CardBox
from tests.card.software.pcsc_client import Pcsc, answer, transmit
from tests.pcsc import PrivatePcscd

JPKI, PIN = "00A4040C0AD392F000260100000001", "002000980431323334"


def test_an_inserted_card_is_there_when_insert_returns(box: CardBox, pcsc: Pcsc) -> None:
    box.insert("adult")
    box.insert("other-card", 1)
    assert answer(pcsc.connect(0), JPKI) == "9000"
    assert answer(pcsc.connect(1), JPKI) == "6A82"


def test_apdus_are_quick(box: CardBox, pcsc: Pcsc) -> None:
    """Delayed acknowledgements would cost 49 ms each."""
    box.insert("adult")
    card = pcsc.connect()
    answer(card, JPKI)
    began = perf_counter()
    for _ in range(100):
        answer(card, "00200098")
    assert perf_counter() - began < 100 * 0.010


def test_letting_go_with_power_off_forgets_the_pin(box: CardBox, pcsc: Pcsc) -> None:
    box.insert("adult")
    card = pcsc.connect()
    assert [answer(card, c) for c in (JPKI, PIN)] == ["9000", "9000"]
    scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)
    card = pcsc.connect()
    assert [answer(card, c) for c in (JPKI, "802A0097013100")] == ["9000", "6982"]


def test_removal_ends_the_connection(box: CardBox, pcsc: Pcsc) -> None:
    box.insert("adult")
    card = pcsc.connect()
    answer(card, JPKI)
    box.remove()
    code, heard = transmit(card, "00200098")
    assert code != scard.SCARD_S_SUCCESS
    assert heard == ""
    assert pcsc.has_card(0, False)
    assert transmit(card, "00200098") == (scard.SCARD_W_REMOVED_CARD, "")


def test_an_old_connection_never_reaches_the_next_card(box: CardBox, pcsc: Pcsc) -> None:
    for name in ("adult", "first"):
        box.insert(name)
        card = pcsc.connect()
        answer(card, JPKI)
        box.insert("last-try")
        assert transmit(card, "00200098") == (scard.SCARD_W_REMOVED_CARD, "")
    assert answer(pcsc.connect(), "00A4020C020018") == "6A82"


def test_it_is_there_again_after_a_restart_of_pcscd(box: CardBox, pcscd: PrivatePcscd, pcsc: Pcsc) -> None:
    box.insert("adult")
    assert answer(pcsc.connect(), JPKI) == "9000"
    pcscd.stop()
    pcscd.start()
    after = Pcsc(pcscd.readers)
    assert after.has_card(0, True)
    assert answer(after.connect(), "00A4020C020018") == "6A82", "it had no power in between"
    after.close()


def test_a_full_visit_over_pcsc_leaves_its_trace(box: CardBox, pcsc: Pcsc) -> None:
    box.insert("adult")
    card = pcsc.connect()
    for command in (JPKI, "00200098", "00B08A0000", PIN):
        answer(card, command)
    trace = box.trace()
    assert (trace["apdus"], trace["bytes_in"]) == (4, 15 + 4 + 5 + 9)
