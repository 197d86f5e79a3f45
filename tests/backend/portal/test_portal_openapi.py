"""The OpenAPI documents: what is served is complete, and every reference in it leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from backend_stub.members import MEMBERS

AUTHORITY = {
    ("get", "/ca/auth.cer"), ("get", "/ca/sign.cer"), ("post", "/ocsp"), ("get", "/crl/{kind}/{generation}"),
    ("post", "/certificates"), ("post", "/certificate-orders"), ("post", "/certificate-links"),
    ("post", "/residents"), ("post", "/resident-changes"), ("post", "/number-letters"), ("post", "/number-changes"),
    ("post", "/confirmations"), ("post", "/status-confirmations"), ("post", "/change-confirmations"),
    ("post", "/latest-items"), ("post", "/consents"), ("post", "/consent-withdrawals"),
    ("post", "/acquisitions"), ("post", "/links"), ("post", "/synchronisations"),
    ("post", "/acquisition-batches"), ("post", "/link-batches"),
    ("post", "/companies"), ("post", "/company-changes"), ("post", "/company-searches"),
}  # fmt: skip
PORTAL = {
    ("post", "/challenges"), ("post", "/sign-in"), ("post", "/registrations"), ("get", "/sign-ins/{page}"),
    ("get", "/notices/{id}/documents/{number}"), ("post", "/notice-marks"), ("post", "/notice-shares"),
    ("post", "/shared-notices"), ("post", "/blocks"), ("post", "/counter-releases"), ("post", "/counter-registrations"),
    ("post", "/sign-out"), ("get", "/notices"), ("get", "/notices/{id}"), ("get", "/records"),
    ("post", "/guest-notices"), ("post", "/forwardings"),
    ("post", "/record-pages"), ("get", "/record-counts"), ("post", "/record-proofs"), ("get", "/cases"),
    ("post", "/cases"), ("get", "/proxies"), ("post", "/proxies"), ("post", "/proxy-offers"), ("post", "/proxy-codes"),
    ("post", "/proxy-ends"), ("post", "/actings"), ("post", "/counter-proxies"),
    ("get", "/consents"), ("post", "/consents"), ("post", "/consent-withdrawals"),
    ("post", "/passes"), ("post", "/deliveries"), ("post", "/partner-notices"), ("get", "/partner-handles"),
    ("get", "/life-events"), ("get", "/life-events/{id}"), ("get", "/postcodes/{code}"),
    ("get", "/applications"), ("post", "/applications"), ("post", "/drafts"), ("post", "/resendings"),
    ("post", "/withdrawals"), ("post", "/application-results"), ("get", "/post"), ("post", "/post-sendings"),
    ("post", "/partner-certificates"), ("post", "/folder-openings"), ("post", "/folder-closings"),
    ("post", "/guest-certificates"), ("post", "/post-deliveries"), ("post", "/own-changes"),
    ("get", "/own-information/holders"), ("post", "/own-information"),
}  # fmt: skip


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a document."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(inner)


def follow(document: dict[str, Any], reference: str) -> Any:
    node: Any = document
    for key in reference.removeprefix("#/").split("/"):
        node = node[key]
    return node


async def fetch(people: httpx.AsyncClient, mount: str) -> dict[str, Any]:
    answer = await people.get(f"{mount}/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.parametrize("mount", [member.mount for member in MEMBERS])
async def test_each_body_serves_a_document_without_loose_ends(people: httpx.AsyncClient, mount: str) -> None:
    document = await fetch(people, mount)
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"]
    assert document["info"]["version"]
    for part in parts(document):
        if "$ref" in part:
            assert follow(document, part["$ref"])
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"]
            assert {f"{{{p['name']}}}" for p in operation["parameters"]} == {
                part for part in path.split("/") if part.startswith("{")
            }
            refusals = [answer for status, answer in operation["responses"].items() if status >= "400"]
            assert {answer["content"]["application/json"]["schema"]["$ref"] for answer in refusals} == {
                "#/components/schemas/Problem"
            }


@pytest.mark.parametrize(("mount", "endpoints"), [("/authority", AUTHORITY), ("/portal", PORTAL)])
async def test_every_endpoint_of_the_contract_is_there(
    people: httpx.AsyncClient, mount: str, endpoints: set[tuple[str, str]]
) -> None:
    paths = (await fetch(people, mount))["paths"]
    assert {(method, path) for path, methods in paths.items() for method in methods} == endpoints


async def test_a_sign_in_has_two_answers_told_apart_by_kind(people: httpx.AsyncClient) -> None:
    document = await fetch(people, "/portal")
    schema = document["paths"]["/sign-in"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert {follow(document, one["$ref"])["properties"]["kind"]["enum"][0] for one in schema["anyOf"]} == {
        "signed_in", "not_registered",
    }  # fmt: skip


async def test_answers_that_are_no_json_say_so(people: httpx.AsyncClient) -> None:
    paths = (await fetch(people, "/authority"))["paths"]
    assert list(paths["/ocsp"]["post"]["responses"]["200"]["content"]) == ["application/ocsp-response"]
    assert list(paths["/ca/auth.cer"]["get"]["responses"]["200"]["content"]) == ["application/pkix-cert"]
