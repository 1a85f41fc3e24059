"""One change of an organisation's people at a time."""

from __future__ import annotations

from bookingapp.domain.models import Organisation


def lock(organisation: Organisation) -> None:
    """Until the transaction ends. On SQLite each transaction that may write is alone anyway.

    Not against rows that name the organisation: writes go on being opened.
    """
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk)
    rows.values_list("pk").get()
