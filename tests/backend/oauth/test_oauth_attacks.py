"""The negative list: what is stolen, replayed, swapped or widened is refused, each at its own check.

Source: RFC 9700; RFC 9449, section 11; RFC 9126; RFC 9207.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backend_kit import Clock
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from oauth_kit import BACK, CLIENT, ISSUER, Company, Meeting, came_back, details, error, new_key

from backend_stub.jose import digest, private_jwk
from backend_stub.setups import body_folder, machine_key

BANK = "mihon-bank"
BANK_BACK = BACK.replace(CLIENT, BANK)
READ = "/person/four-items"


async def test_a_code_counts_once_and_its_second_use_ends_everything(meeting: Meeting) -> None:
    code = await meeting.code()
    tokens = (await meeting.company.token(code)).json()
    assert error(await meeting.company.token(code)) == (400, "invalid_grant")
    assert error(await meeting.company.read(READ, tokens["access_token"])) == (401, "invalid_token")
    assert error(await meeting.company.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


async def test_a_code_is_short(meeting: Meeting, clock: Clock) -> None:
    code = await meeting.code()
    clock.turn(seconds=61)
    assert error(await meeting.company.token(code)) == (400, "invalid_grant")


OTHER_BEARERS: tuple[dict[str, str], ...] = (
    {"code_verifier": "another-verifier-that-is-long-enough-for-pkce"},
    {"code_verifier": ""},
    {"redirect_uri": BACK + "/other"},
    {"code": "invented"},
)


async def test_a_code_is_for_who_pushed_the_request(meeting: Meeting) -> None:
    for changes in OTHER_BEARERS:
        form = {"code": await meeting.code(), **changes}
        assert error(await meeting.company.token(**form)) == (400, "invalid_grant"), changes


async def test_a_code_is_for_the_key_of_the_pushed_request(meeting: Meeting) -> None:
    code = await meeting.code()
    proof = meeting.company.proof("POST", "/token", key=new_key())
    assert error(await meeting.company.token(code, proof)) == (400, "invalid_grant")


NOT_AS_REGISTERED: tuple[tuple[dict[str, str], str], ...] = (
    ({"code_challenge": ""}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"state": ""}, "invalid_request"),
    ({"redirect_uri": BACK + "?x=1"}, "invalid_request"),
    ({"redirect_uri": BACK.replace("localhost", "localhost.example")}, "invalid_request"),
    ({"redirect_uri": BACK.upper()}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
    ({"authorization_details": ""}, "invalid_authorization_details"),
    ({"authorization_details": "[]"}, "invalid_authorization_details"),
    ({"authorization_details": "[" * 5_000}, "invalid_authorization_details"),
    ({"authorization_details": details("contract", "alive")}, "invalid_authorization_details"),
    ({"authorization_details": details("marketing", "sex")}, "invalid_authorization_details"),
    ({"authorization_details": details("contract", "diagnoses")}, "invalid_authorization_details"),
    ({"authorization_details": details("contract", actions=["write"])}, "invalid_authorization_details"),
    ({"authorization_details": details("contract", privileges=["all"])}, "invalid_authorization_details"),
)


async def test_a_request_that_is_not_as_registered(meeting: Meeting) -> None:
    for changes, said in NOT_AS_REGISTERED:
        assert error(await meeting.company.push(**changes)) == (400, said), changes
    assert (await meeting.company.push()).status_code == 201


async def test_a_pushed_request_counts_once_for_its_client_and_for_a_while(meeting: Meeting, clock: Clock) -> None:
    pushed = (await meeting.company.push()).json()["request_uri"]
    assert (await meeting.browser.begin(pushed)).status_code == 200
    assert (await meeting.browser.begin(pushed)).status_code == 400
    another = (await meeting.company.push()).json()["request_uri"]
    assert (await meeting.browser.begin(another, "mihon-bank")).status_code == 400
    late = (await meeting.company.push()).json()["request_uri"]
    clock.turn(seconds=91)
    assert (await meeting.browser.begin(late)).status_code == 400
    assert (await meeting.browser.begin("https://example.invalid/request")).status_code == 400


async def test_a_request_in_the_address_is_not_taken(meeting: Meeting) -> None:
    query = {"client_id": CLIENT, "response_type": "code", "redirect_uri": BACK, "state": "12345678"}
    answer = await meeting.browser.http.get(f"{ISSUER}/authorize", params=query)
    assert answer.status_code == 400
    assert "location" not in answer.headers


NO_ASSERTIONS: tuple[dict[str, Any], ...] = (
    {"aud": "https://another.example/oauth"},
    {"aud": [ISSUER, "https://another.example/oauth"]},
    {"iss": "mihon-bank"},
    {"sub": "mihon-bank"},
    {"iat": 0},
    {"exp": 0},
    {"exp": "soon"},
    {"jti": None},
)


async def test_an_assertion_that_is_not_in_order(meeting: Meeting) -> None:
    for changes in NO_ASSERTIONS:
        answer = await meeting.company.push(**meeting.company.assertion(**changes))
        assert error(answer) == (401, "invalid_client"), changes
    assert (await meeting.company.push()).status_code == 201


async def test_an_assertion_counts_once_and_is_the_companys_own(meeting: Meeting) -> None:
    assertion = meeting.company.assertion()
    assert (await meeting.company.push(**assertion)).status_code == 201
    assert error(await meeting.company.push(**assertion)) == (401, "invalid_client")
    assert error(await meeting.company.push(client_id="midori-city")) == (401, "invalid_client")
    meeting.company.machine_key = private_jwk(Ed25519PrivateKey.generate())
    assert error(await meeting.company.push()) == (401, "invalid_client")


OTHER_PROOFS: tuple[dict[str, Any], ...] = (
    {"htm": "POST"},
    {"htu": f"{ISSUER}/notices"},
    {"htu": f"https://another.example/oauth{READ}"},
    {"ath": digest("another token")},
    {"ath": None},
    {"iat": 0},
    {"iat": "now"},
    {"jti": ""},
    {"typ": "jwt"},
)


async def test_a_proof_for_something_else(meeting: Meeting) -> None:
    token = (await meeting.tokens())["access_token"]
    for changes in OTHER_PROOFS:
        proof = meeting.company.proof("GET", READ, token, **changes)
        assert error(await meeting.company.read(READ, token, proof)) == (401, "invalid_dpop_proof"), changes
    assert (await meeting.company.read(READ, token)).status_code == 200


async def test_a_proof_counts_once(meeting: Meeting, clock: Clock) -> None:
    token = (await meeting.tokens())["access_token"]
    proof = meeting.company.proof("GET", READ, token)
    assert (await meeting.company.read(READ, token, proof)).status_code == 200
    assert error(await meeting.company.read(READ, token, proof)) == (401, "invalid_dpop_proof")
    late = meeting.company.proof("GET", READ, token)
    clock.turn(seconds=66)
    assert error(await meeting.company.read(READ, token, late)) == (401, "invalid_dpop_proof")


async def test_a_stolen_token_without_its_key(meeting: Meeting) -> None:
    tokens = await meeting.tokens()
    token, thief = tokens["access_token"], new_key()
    proof = meeting.company.proof("GET", READ, token, key=thief)
    assert error(await meeting.company.read(READ, token, proof)) == (401, "invalid_token")
    proof = meeting.company.proof("POST", "/token", key=thief)
    assert error(await meeting.company.refresh(tokens["refresh_token"], proof)) == (400, "invalid_grant")
    bearer = await meeting.company.http.get(ISSUER + READ, headers={"authorization": f"Bearer {token}"})
    assert error(bearer) == (401, "invalid_token")
    bare = await meeting.company.http.get(ISSUER + READ, headers={"authorization": f"DPoP {token}"})
    assert error(bare) == (401, "invalid_dpop_proof")
    assert "見本" not in bare.text + bearer.text


async def test_a_proof_that_shows_its_private_key_is_refused(meeting: Meeting) -> None:
    key = new_key()
    proof = meeting.company.proof("POST", "/par", key=key, jwk=key.as_dict(private=True))
    assert error(await meeting.company.push(proof)) == (400, "invalid_dpop_proof")
    for jwk in ({"kty": "oct", "k": "AAAA"}, {"kty": "RSA"}, {"kty": "OKP", "crv": "Ed25519", "x": "AA"}):
        proof = meeting.company.proof("POST", "/par", jwk=jwk)
        assert error(await meeting.company.push(proof)) == (400, "invalid_dpop_proof"), jwk


async def test_a_token_of_another_audience(meeting: Meeting) -> None:
    code = await meeting.code()
    token = (await meeting.company.token(code, resource=f"{ISSUER}/notices")).json()["access_token"]
    assert (await meeting.company.read("/notices", token)).status_code == 200
    assert error(await meeting.company.read(READ, token)) == (401, "invalid_token")


async def test_a_resource_that_was_not_consented_to(meeting: Meeting) -> None:
    code = await meeting.code("sex")
    answer = await meeting.company.token(code, resource=f"{ISSUER}/notices")
    assert error(answer) == (400, "invalid_target")


async def test_a_token_that_was_changed_or_made(meeting: Meeting) -> None:
    token = (await meeting.tokens())["access_token"]
    for made in (token[:-6] + "AAAAAA", meeting.company.assertion()["client_assertion"], "x", ""):
        assert error(await meeting.company.read(READ, made)) == (401, "invalid_token")


async def test_more_than_was_consented_to(meeting: Meeting) -> None:
    tokens = await meeting.tokens("sex")
    assert error(await meeting.company.read(READ, tokens["access_token"])) == (403, "insufficient_scope")
    assert error(await meeting.company.read("/notices", tokens["access_token"])) == (401, "invalid_token")
    wider = await meeting.company.refresh(tokens["refresh_token"], authorization_details=details())
    assert error(wider) == (400, "invalid_authorization_details")


async def test_forms_that_are_none(meeting: Meeting) -> None:
    http = meeting.company.http
    assert error(await http.post(f"{ISSUER}/token", json={})) == (400, "invalid_request")
    form = {"content-type": "application/x-www-form-urlencoded"}
    twice = await http.post(f"{ISSUER}/token", content=b"code=a&code=b", headers=form)
    assert error(twice) == (400, "invalid_request")
    large = await http.post(f"{ISSUER}/par", content=b"a=" + b"x" * 40_000, headers=form)
    assert error(large) == (413, "invalid_request")
    unsupported = await meeting.company.post("/token", {"grant_type": "password", **meeting.company.assertion()})
    assert error(unsupported) == (400, "unsupported_grant_type")


async def test_pages_cannot_be_framed_or_scripted(meeting: Meeting) -> None:
    await meeting.number()
    policy = (await meeting.browser.look()).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (await meeting.browser.look()).headers["cache-control"] == "no-store"


async def test_each_answer_to_a_browser_names_its_issuer(meeting: Meeting) -> None:
    number = await meeting.number()
    await meeting.resident.answers(number)
    assert came_back(await meeting.browser.look())["iss"] == ISSUER


@dataclass
class Bank(Company):
    """Another company, with a key of its own, that has come by what is not its own."""

    def assertion(self, **changes: Any) -> dict[str, str]:
        signed = super().assertion(iss=BANK, sub=BANK, **changes)
        return {**signed, "client_id": BANK}


@pytest.fixture
def bank(meeting: Meeting, data: Path, clock: Clock) -> Bank:
    return Bank(meeting.company.http, private_jwk(machine_key(body_folder(data, BANK))), clock)


async def test_a_code_or_a_refresh_token_at_another_company_is_worth_nothing(meeting: Meeting, bank: Bank) -> None:
    """Injection: also with the first company's verifier and key, which would have to be stolen as well."""
    bank.verifier, bank.key = meeting.company.verifier, meeting.company.key
    code = await meeting.code()
    assert error(await bank.token(code)) == (400, "invalid_grant")
    tokens = (await meeting.company.token(code)).json()
    assert error(await bank.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


async def test_a_company_pushes_only_for_itself_and_for_its_own_page(meeting: Meeting, bank: Bank) -> None:
    own = {"authorization_details": details("account", "four-items")}
    assert error(await bank.push(**own)) == (400, "invalid_request"), "the redirect_uri is the other's"
    assert (await bank.push(redirect_uri=BANK_BACK, **own)).status_code == 201
    foreign = await bank.push(redirect_uri=BANK_BACK, authorization_details=details("contract", "sex"))
    assert error(foreign) == (400, "invalid_authorization_details")


async def test_a_proof_without_a_signature_or_of_an_algorithm_that_is_not_taken(meeting: Meeting) -> None:
    token = (await meeting.tokens())["access_token"]
    header, claims, signature = meeting.company.proof("GET", READ, token).split(".")
    for algorithm in ("none", "HS256", "RS256"):
        changed = msgspec.json.decode(urlsafe_b64decode(header + "=="), type=dict[str, Any]) | {"alg": algorithm}
        forged = urlsafe_b64encode(msgspec.json.encode(changed)).decode().rstrip("=")
        for proof in (f"{forged}.{claims}.{signature}", f"{forged}.{claims}."):
            assert error(await meeting.company.read(READ, token, proof)) == (401, "invalid_dpop_proof"), algorithm
