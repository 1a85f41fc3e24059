"""A believable world, always the same for the same seed and day."""

from bookingapp.sandbox.seeding.build import Rows, built
from bookingapp.sandbox.seeding.tokens import secret_of

__all__ = ["Rows", "built", "secret_of"]
