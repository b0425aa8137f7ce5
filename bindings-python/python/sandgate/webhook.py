"""Webhooks: the signature under which E2B sends lifecycle events.

The signature is a plain hash with the secret in front, not an HMAC, and it holds no time. Parse a verified body with a strict
JSON parser such as `json.loads`, which refuses a body that someone extended. Remember the ids of the events that you have
handled.
"""

from ._sandgate import webhook as _webhook

Verification = _webhook.Verification
Verifier = _webhook.Verifier
sign = _webhook.sign

#: The header with the signature.
SIGNATURE_HEADER: str = _webhook.SIGNATURE_HEADER
#: The header with the version. It may be absent.
VERSION_HEADER: str = _webhook.VERSION_HEADER
#: The only version.
VERSION: str = _webhook.VERSION

__all__ = ["SIGNATURE_HEADER", "VERSION", "VERSION_HEADER", "Verification", "Verifier", "sign"]
