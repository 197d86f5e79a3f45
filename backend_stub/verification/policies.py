"""Certificate policies: which certificate is for what.

The real service's policies are 1.2.392.200149.8.5.1.3.30 (user authentication) and 1.2.392.200149.8.5.1.1.20 (digital
signature). Ours have the same shape below 2.999, the arc set aside for examples (ITU-T X.660), so that no program can
take one of our certificates for a real one, and none of ours accepts a real one by mistake.
Source: card reference, section 6.2.
"""

from __future__ import annotations

from cryptography.x509 import ObjectIdentifier

ARC = "2.999.392.200149.8.5"
USER_AUTHENTICATION = ObjectIdentifier(f"{ARC}.1.3.30")
DIGITAL_SIGNATURE = ObjectIdentifier(f"{ARC}.1.1.20")
