"""The secrets of an embedded installation: made once, kept in DATA_DIR, readable by us alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

# Letters and digits that nobody takes for another one.
CODE_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


def secret_key(folder: Path) -> str:
    return _kept(folder / "secret_key", secrets.token_urlsafe(50))


def token_key(folder: Path) -> str:
    """A Fernet key; tokens at rest are encrypted with it."""
    return _kept(folder / "token_key", Fernet.generate_key().decode())


def setup_code(folder: Path) -> str:
    """What the first admin types to prove that the installation is theirs: sixty random bits."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(12))
    return _kept(folder / "setup_code", "-".join((signs[:4], signs[4:8], signs[8:])))


def forget_setup_code(folder: Path) -> None:
    """It was used. What cannot be removed is left: it opens nothing any more."""
    with suppress(OSError):
        (folder / "setup_code").unlink(missing_ok=True)


def _kept(path: Path, fresh: str) -> str:
    """The secret in ``path``; when two processes start at once, the first one's secret wins.

    It is on the disk before anything is encrypted with it. Raises OSError where it cannot be kept.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A name of its own: process ids come again, and a draft may be left by a power cut.
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        try:
            _write(draft, fresh)
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)
    return path.read_text(encoding="ascii").strip()


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
