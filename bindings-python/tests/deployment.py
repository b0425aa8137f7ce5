"""The seeds and the sandbox of the middleware's tests."""

import sandgate

ID = "i94gcaqbpvohfr764s5l"
V1_KEYRING = sandgate.v1.Keyring("a seed of the deployment")
V2_KEYRING = sandgate.v2.Keyring({"a": "a seed of at least 32 bytes, kept secret"})
TOKENS = {"v1": V1_KEYRING.access_token(ID), "v2": V2_KEYRING.access_token(ID)}
