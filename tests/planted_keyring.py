"""A keyring for tests: one key, or a lock."""

import os

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Planted(KeyringBackend):
    """It holds one key, under the name that `roundup` files its keys under."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        """Return the key; a locked one says so."""
        if os.environ.get("PLANTED_LOCKED"):
            raise KeyringLocked("the keyring is locked")
        there = (service, username) == ("roundup", "ROUNDUP_API_KEY")
        return "sk-of-the-keyring" if there else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep nothing."""
