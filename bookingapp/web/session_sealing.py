"""What a session holds is sealed: a draft is what somebody typed about a lead."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.serializers import JSONSerializer

from bookingapp.domain import sealing

PLACE = "django_session.session_data"


class SealedSerializer(JSONSerializer):
    """One of before is read as it is, and sealed when it is next kept; of one whose key is gone
    nothing is left, and its person signs in again.
    """

    def dumps(self, obj: Any) -> bytes:
        return sealing.seal_bytes(super().dumps(obj), PLACE)

    def loads(self, data: bytes) -> Any:
        if data.startswith(b"{"):
            return super().loads(data)
        try:
            return super().loads(sealing.unseal_bytes(data, PLACE))
        except sealing.Unsealable:
            return {}
