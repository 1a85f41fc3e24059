"""The secrets of an embedded installation: made once, kept in DATA_DIR, readable by us alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


def secret_key(folder: Path) -> str:
    return _kept(folder / "secret_key", secrets.token_urlsafe(50))


def token_key(folder: Path) -> str:
    """A Fernet key; tokens at rest are encrypted with it."""
    return _kept(folder / "token_key", Fernet.generate_key().decode())


def _kept(path: Path, fresh: str) -> str:
    """The secret in ``path``; when two processes start at once, the first one's secret wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
