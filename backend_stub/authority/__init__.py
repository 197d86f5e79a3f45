"""The test authority: issues and revokes certificates, answers about them, and says who a person is to whom may know.

`build(setup, residents)` makes the body; `issuing.issue_cards` issues for the cards of a data folder; `auth_ca`,
`sign_ca` and `revocation.revoke` serve the composition and the command line.
"""

from backend_stub.authority.issuing import issue_cards
from backend_stub.authority.keys import auth_ca, sign_ca
from backend_stub.authority.service import build

__all__ = ["auth_ca", "build", "issue_cards", "sign_ca"]
