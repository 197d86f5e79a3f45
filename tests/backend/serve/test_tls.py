from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from backend_kit import START
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from backend_stub.tls import RENEW_BEFORE, SERVER_TERM, TlsFiles, prepare_tls

DAY = timedelta(days=1)


def contents(files: TlsFiles) -> tuple[bytes, bytes, bytes]:
    return files.ca.read_bytes(), files.certificate.read_bytes(), files.key.read_bytes()


def test_the_certificate_is_for_localhost_and_chains_to_the_ca(tmp_path: Path) -> None:
    files = prepare_tls(tmp_path, START)
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    server = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    policy = PolicyBuilder().store(Store([ca])).time(START)
    assert policy.build_server_verifier(x509.DNSName("localhost")).verify(server, []) == [server, ca]


def test_the_ca_may_name_nothing_but_this_machine(tmp_path: Path) -> None:
    ca = x509.load_pem_x509_certificate(prepare_tls(tmp_path, START).ca.read_bytes())
    constraints = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    permitted = constraints.value.permitted_subtrees
    assert permitted is not None
    assert [str(name.value) for name in permitted] == ["localhost", "127.0.0.1/32"]


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    prepare_tls(tmp_path, START)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {0o600}


def test_what_stands_is_kept(tmp_path: Path) -> None:
    first = contents(prepare_tls(tmp_path, START))
    assert contents(prepare_tls(tmp_path, START + SERVER_TERM - RENEW_BEFORE - DAY)) == first


def test_what_runs_out_is_renewed_under_the_same_ca(tmp_path: Path) -> None:
    ca, certificate, key = contents(prepare_tls(tmp_path, START))
    renewed = contents(prepare_tls(tmp_path, START + SERVER_TERM - RENEW_BEFORE))
    assert renewed[0] == ca
    assert renewed[1] != certificate
    assert renewed[2] != key


def test_a_ca_near_its_end_is_replaced_with_all_it_signed(tmp_path: Path) -> None:
    first = contents(prepare_tls(tmp_path, START))
    later = contents(prepare_tls(tmp_path, START + 3649 * DAY))
    assert not set(first) & set(later)


def test_a_clock_that_was_wrong_is_survived(tmp_path: Path) -> None:
    prepare_tls(tmp_path, START + 365 * DAY)
    files = prepare_tls(tmp_path, START)
    server = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    assert server.not_valid_before_utc <= START < server.not_valid_after_utc


@pytest.mark.parametrize("damaged", ["ca.key", "ca.pem", "server.key", "server.pem"])
@pytest.mark.parametrize("how", ["lost", "nonsense", "another's"])
def test_what_does_not_fit_together_is_made_anew(tmp_path: Path, damaged: str, how: str) -> None:
    prepare_tls(tmp_path / "other", START)
    prepare_tls(tmp_path / "tls", START)
    path = tmp_path / "tls" / damaged
    if how == "lost":
        path.unlink()
    else:
        path.write_bytes(b"nonsense" if how == "nonsense" else (tmp_path / "other" / damaged).read_bytes())
    files = prepare_tls(tmp_path / "tls", START)
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    server = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    server.verify_directly_issued_by(ca)
    assert contents(prepare_tls(tmp_path / "tls", START)) == contents(files)
