"""Who worked in an organisation and left: so that they can be brought back."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bookingapp.domain.models.organisation import Organisation, Role


class FormerRole(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_roles"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="former_roles"
    )
    name = models.CharField(max_length=10, choices=Role.Name.choices)
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-ended_at",)
        constraints = [
            models.UniqueConstraint(fields=("person", "organisation"), name="one_former_role_each")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} was {self.name}"
