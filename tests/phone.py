"""A phone without a picture: it seals as static/outbox.js does, with another library's view of the same standards."""

import hashlib
import json
import os
from base64 import b64decode, b64encode
from urllib.parse import urlencode
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from campaign.actions.transaction import now


def seal(text: bytes, label: str, public: bytes) -> bytes:
    """An envelope only the holder of `public`'s other half can open."""
    curve = ec.SECP256R1()
    once = ec.generate_private_key(curve)
    point = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = once.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(curve, public))
    secret = HKDF(SHA256(), 32, salt=point, info=b"campaign outbox/1" + public).derive(shared)
    head, nonce = b"\x01" + hashlib.sha256(public).digest()[:4], os.urandom(12)
    return head + point + nonce + AESGCM(secret).encrypt(nonce, text, head + label.encode())


def item(owner, campaign, form: dict, *, public: bytes, key: str | None = None, at=None, but=None) -> dict:
    """What a phone posts: one registration, sealed when it was typed. `but` is what else is said inside."""
    key, at = key or uuid4().hex, at or now().isoformat()
    said = {"v": 1, "owner": str(owner.id), "campaign": str(campaign.id), "key": key, "at": at}
    said |= {"form": urlencode({"key": key, **form}, doseq=True)} | (but or {})
    return {"key": key, "sealed": b64encode(seal(json.dumps(said).encode(), key, public)).decode()}


def public_key(screen) -> bytes:
    """The key the server hands to whoever is signed in."""
    return b64decode(screen.get("/csrf").json["key"])
