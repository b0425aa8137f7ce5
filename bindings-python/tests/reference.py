"""Wire formats v1 and v2 with only hashlib and hmac, written from `docs/format.md`."""

import hashlib
import hmac
from base64 import b64encode, urlsafe_b64encode


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def expand(key, info):
    return mac(key, info + b"\1")


def base64url(value):
    return urlsafe_b64encode(value).rstrip(b"=").decode()


class V1:
    @staticmethod
    def access_token(seed, sandbox_id):
        return mac(seed, sandbox_id.encode()).hex()

    @staticmethod
    def traffic_token(seed, sandbox_id):
        return mac(seed, b"sandbox-traffic-" + sandbox_id.encode()).hex()

    @staticmethod
    def signature(path, operation, user, token, expires):
        fields = [path, operation.encode(), user, token]
        if expires is not None:
            fields.append(str(expires).encode())
        return "v1_" + b64encode(hashlib.sha256(b":".join(fields)).digest()).rstrip(b"=").decode()


def root(seed, kind):
    return expand(mac(b"sandgate/2", seed), kind)


def sandbox_key(seed, kind, sandbox_id, generation):
    id = sandbox_id.encode()
    return expand(root(seed, kind), len(id).to_bytes(2, "big") + id + generation.to_bytes(4, "big"))


def claims(*fields):
    """(number, value) each; a value of None is absent."""
    present = [(number, value) for number, value in fields if value is not None]
    return b"".join(bytes([number]) + len(value).to_bytes(2, "big") + value for number, value in present)


def u64(number):
    return None if number is None else number.to_bytes(8, "big")


class V2:
    @staticmethod
    def access_token(kid, seed, sandbox_id, generation):
        return f"sg2a.{kid}." + base64url(sandbox_key(seed, b"access", sandbox_id, generation))

    @staticmethod
    def traffic_token(kid, seed, sandbox_id, generation):
        return f"sg2t.{kid}." + base64url(sandbox_key(seed, b"traffic", sandbox_id, generation))

    @staticmethod
    def traffic_root(kid, seed):
        return f"sg2r.{kid}." + base64url(root(seed, b"traffic"))

    @staticmethod
    def signature(kid, access_key, path, operation, user, expires, directory, max_bytes, content_sha256, context):
        signed = claims(
            (1, operation.encode()),
            (2, path if directory is None else None),
            (3, directory),
            (4, user),
            (5, u64(expires)),
            (7, u64(max_bytes)),
            (8, content_sha256),
            (9, context),
        )
        return f"v2.{kid}." + base64url(mac(expand(access_key, b"file-url"), signed))

    @staticmethod
    def traffic_pass(kid, traffic_key, port, expires, context):
        signed = claims((5, u64(expires)), (9, context), (10, port.to_bytes(2, "big")))
        return f"sg2p.{kid}.{port}.{expires}." + base64url(mac(expand(traffic_key, b"traffic-pass"), signed))
