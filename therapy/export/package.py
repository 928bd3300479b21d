"""The signed package: a zip of files, a manifest with their SHA-256, and the manifest's Ed25519 signature.

Whoever has the package can check that nothing in it was changed since it was signed, and by the key's fingerprint
that it was signed at the station that wrote the record.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from therapy.errors import UsageError
from therapy.store.checkpoints import Checkpoint, Signer, is_signed, parse_checkpoint

FORMAT = "acclimate-export-1"
MANIFEST, SIGNATURE, CHECKPOINT, README = "manifest.json", "manifest.sig", "checkpoint.json", "README.txt"
LARGEST_BYTES = 4_000_000_000
MOST_FILES = 200_000
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, KeyError, ValueError, TypeError, EOFError, OSError, RuntimeError,
)  # fmt: skip
"""What the standard library's reader raises for bytes that are no zip, or were changed."""
_MADE = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = b"age-encryption.org/v1"
_TEXT = """A package of Acclimate.

manifest.json  what is in here, with the SHA-256 of each file, and the public key that signed it
manifest.sig   the Ed25519 signature of manifest.json
checkpoint.json  where the chain of the record stood; keep it, and compare the record with it later

Check it:  acclimate export verify FILE
"""


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose signature and files were checked."""

    kind: str
    made: str
    store_id: str
    public_key: str
    files: Mapping[str, bytes]
    checkpoint: Checkpoint


def pack(kind: str, files: Mapping[str, bytes], checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The package of some files, as bytes; the same input gives the same bytes."""
    whole = {README: _TEXT.encode(), CHECKPOINT: checkpoint.as_json().encode(), **files}
    manifest = {
        "format": FORMAT,
        "kind": kind,
        "made": checkpoint.at,
        "software": checkpoint.software,
        "store_id": checkpoint.store_id,
        "public_key": signer.public_key,
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(whole.items())
        },
    }
    signed = json.dumps(manifest, indent=1, ensure_ascii=True).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {MANIFEST: signed, SIGNATURE: signer.sign(signed).encode(), **whole}.items():
            info = zipfile.ZipInfo(name, _MADE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            package.writestr(info, data)
    return out.getvalue()


def encrypt(data: bytes, recipients: tuple[str, ...]) -> bytes:
    """The package for those who hold the recipients' age identities; `UsageError` for what is no recipient."""
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError as error:
        raise UsageError("That is no age recipient.", "It begins with age1; make one with: age-keygen.") from error
    return bytes(pyrage.encrypt(data, keys))


def decrypt(data: bytes, identity: str | None) -> bytes:
    """A package as it was before it was encrypted; one that was not is given back as it is."""
    if not data.startswith(_ENCRYPTED):
        return data
    if identity is None:
        raise UsageError("The package is encrypted.", "Name the file with your age identity: --identity FILE.")
    import pyrage

    lines = [line.strip() for line in identity.splitlines() if line.strip() and not line.startswith("#")]
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines]
        return bytes(pyrage.decrypt(data, keys))
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise UsageError("This identity does not open the package.", "Use the one it was encrypted to.") from error


def unpack(data: bytes) -> Package:
    """Check a package and open it; `UsageError` in one sentence for anything forged, damaged or foreign."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            files = _read(package)
        manifest, signature = files.pop(MANIFEST), files.pop(SIGNATURE).decode()
        plain = json.loads(manifest)
        listed = dict(plain["files"])
        key, kind, made, store_id = (str(plain[name]) for name in ("public_key", "kind", "made", "store_id"))
        is_ours = plain["format"] == FORMAT
    except _UNREADABLE as error:
        raise _refused("it is no package of Acclimate, or it is damaged") from error
    if not is_ours:
        raise _refused("it is of another format")
    if not is_signed(key, manifest, signature):
        raise _refused("its manifest is not what was signed")
    _require_listed(files, listed)
    checkpoint = parse_checkpoint(files[CHECKPOINT].decode("utf-8", "replace"))
    if not checkpoint.is_genuine or (checkpoint.public_key, checkpoint.store_id) != (key, store_id):
        raise _refused("its checkpoint is not of the same record")
    return Package(kind, made, store_id, key, files, checkpoint)


def _read(package: zipfile.ZipFile) -> dict[str, bytes]:
    infos = package.infolist()
    names = [info.filename for info in infos]
    if len(names) > MOST_FILES or sum(info.file_size for info in infos) > LARGEST_BYTES:
        raise _refused("it is larger than any package")
    if len(set(names)) != len(names):
        raise _refused("it holds a file twice")
    return {info.filename: package.read(info) for info in infos}


def _require_listed(files: Mapping[str, bytes], listed: Mapping[str, Any]) -> None:
    if added := sorted(set(files) - set(listed)):
        raise _refused(f"{added[0]!r} was added")
    if missing := sorted({*listed, CHECKPOINT} - set(files)):
        raise _refused(f"{missing[0]!r} is missing")
    for name, data in files.items():
        entry = listed[name]
        if not isinstance(entry, dict) or entry.get("sha256") != hashlib.sha256(data).hexdigest():
            raise _refused(f"{name!r} was changed")


def _refused(why: str) -> UsageError:
    return UsageError(f"The package is refused: {why}.", "Ask for it again from where it was made.")
