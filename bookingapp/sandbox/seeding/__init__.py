"""A believable world, always the same for the same seed and day."""

from bookingapp.sandbox.seeding.build import Rows, built
from bookingapp.sandbox.seeding.plan import ORGANISATIONS
from bookingapp.sandbox.seeding.tokens import SCOPES

__all__ = ["ORGANISATIONS", "SCOPES", "Rows", "built"]
