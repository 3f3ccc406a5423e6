"""What must not be readable in a stolen file: NIK, phone, method and free text are sealed field by field.

One 32-byte master key in a file outside the database and its backups. From it HKDF derives a key for sealing (AES-256-GCM,
bound to its row by the label and id), one for the blind index (so that a NIK is unique and findable without being
readable), one for digests of deeds, and the pair a phone's outbox seals to. Without the right key the app reads on and
writes nothing.
"""

import hashlib
import os
import secrets
from enum import StrEnum
from functools import cached_property
from hmac import compare_digest
from hmac import digest as hmac
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from werkzeug.local import LocalProxy

VERSION, KEY_ID = 1, 1
HEAD = bytes([VERSION, KEY_ID])
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ENVELOPE_HEAD, POINT, NONCE = 5, 65, 12  # bytes: version and key id, a point of the curve, a nonce


class KeyState(StrEnum):
    """How the key file stands against the check value in the database."""

    UNKNOWN = "unknown"
    RIGHT = "right"
    MISSING = "missing"
    WRONG = "wrong"
    OPEN_TO_OTHERS = "open_to_others"


class CannotOpen(Exception):
    """Sealed with another key, moved to another row, or broken."""


class Keys:
    """The keys of this install."""

    def __init__(self, path: Path):
        self.path = path
        self.state = KeyState.UNKNOWN

    @cached_property
    def _master(self) -> bytes:
        return bytes.fromhex(self.path.read_text().strip())

    def _derive(self, label: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"campaign " + label).derive(self._master)

    @cached_property
    def _sealing(self) -> AESGCM:
        return AESGCM(self._derive(b"enc/1"))

    @cached_property
    def _index_key(self) -> bytes:
        return self._derive(b"index/1")

    @cached_property
    def _digest_key(self) -> bytes:
        return self._derive(b"digest/1")

    @cached_property
    def _ticket_key(self) -> bytes:
        return self._derive(b"ticket/1")

    @cached_property
    def _outbox(self) -> ec.EllipticCurvePrivateKey:
        # 48 bytes, not 32: taken modulo the order of the curve they leave no bias.
        number = HKDF(SHA256(), 48, salt=None, info=b"campaign outbox/1").derive(self._master)
        return ec.derive_private_key(int.from_bytes(number) % (P256_ORDER - 1) + 1, ec.SECP256R1())

    @cached_property
    def outbox_public(self) -> bytes:
        """What a phone seals to: a point of P-256, uncompressed. Raises FileNotFoundError without the key file."""
        return self._outbox.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @cached_property
    def outbox_id(self) -> bytes:
        """4 bytes that name the key an envelope was sealed to."""
        return hashlib.sha256(self.outbox_public).digest()[:4]

    def open_envelope(self, envelope: bytes, label: bytes) -> bytes:
        """What a phone sealed to us (static/outbox.js `seal`), bound to `label`. Raises CannotOpen.

        version 1, key id 4, the phone's point 65, nonce 12, ciphertext and tag.
        """
        head, rest = envelope[:ENVELOPE_HEAD], envelope[ENVELOPE_HEAD:]
        theirs, nonce, sealed = rest[:POINT], rest[POINT : POINT + NONCE], rest[POINT + NONCE :]
        try:
            if head != bytes([VERSION]) + self.outbox_id:
                raise CannotOpen("sealed to another key")
            shared = self._outbox.exchange(
                ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
            )
            key = HKDF(SHA256(), 32, salt=theirs, info=b"campaign outbox/1" + self.outbox_public).derive(shared)
            return AESGCM(key).decrypt(nonce, sealed, head + label)
        except (InvalidTag, ValueError, FileNotFoundError) as reason:
            raise CannotOpen("outbox") from reason

    @property
    def exists(self) -> bool:
        return self.path.exists()

    @property
    def is_open_to_others(self) -> bool:
        return bool(self.path.stat().st_mode & 0o077)

    def make(self) -> None:
        """Make the key file, 0600. Raises FileExistsError: a key is never overwritten."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")

    def check_value(self) -> bytes:
        """8 bytes that prove a key right without telling anything of it."""
        return hmac(self._index_key, b"kcv", "sha256")[:8]

    def is_the_key_of(self, check_value: bytes) -> bool:
        return compare_digest(self.check_value(), check_value)

    def seal(self, label: str, row: UUID, text: str | None) -> bytes | None:
        """Seal `text` for one column of one row: version, key id, 12 bytes nonce, ciphertext and tag."""
        return self.seal_bytes(label, row, text.encode()) if text else None

    def seal_bytes(self, label: str, row: UUID, data: bytes) -> bytes:
        """Seal a whole file, or a text's bytes."""
        nonce = os.urandom(12)
        return HEAD + nonce + self._sealing.encrypt(nonce, data, HEAD + _bound_to(label, row))

    def open(self, label: str, row: UUID, sealed: bytes | None) -> str | None:
        """The text sealed for this column and row. Raises CannotOpen."""
        return None if sealed is None else self.open_bytes(label, row, sealed).decode()

    def open_bytes(self, label: str, row: UUID, sealed: bytes) -> bytes:
        """What was sealed as bytes. Raises CannotOpen."""
        try:
            return self._sealing.decrypt(sealed[2:14], sealed[14:], sealed[:2] + _bound_to(label, row))
        except (InvalidTag, FileNotFoundError) as reason:
            raise CannotOpen(label) from reason

    def index(self, label: str, text: str) -> bytes:
        """16 bytes that are equal for equal texts and tell nothing without the key."""
        return hmac(self._index_key, f"{label}|{text}".encode(), "sha256")[:16]

    def digest(self, content: bytes) -> bytes:
        """32 bytes that tell whether a form came again with the same content. Keyed, since the content may hold a NIK."""
        return hmac(self._digest_key, content, "sha256")

    def ticket_mark(self, booking_id: UUID) -> bytes:
        """4 bytes that show a ticket to be ours; whoever guesses must guess the booking's 122 bits too. Raises CannotOpen."""
        try:
            return hmac(self._ticket_key, booking_id.bytes, "sha256")[:4]
        except FileNotFoundError as reason:
            raise CannotOpen("ticket") from reason


def token_hash(token: str) -> bytes:
    """What is kept of a cookie's 256 random bits: nobody guesses those, so no key is needed."""
    return hashlib.sha256(token.encode()).digest()


def _bound_to(label: str, row: UUID) -> bytes:
    return f"{label}|".encode() + row.bytes


def the_keys() -> Keys:
    """The keys themselves, for a loop of thousands: `keys` looks them up anew each time it is asked."""
    return current_app.extensions["keys"]


keys: Keys = LocalProxy(the_keys)  # type: ignore[assignment]
