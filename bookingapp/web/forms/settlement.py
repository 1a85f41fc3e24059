"""What a person decides about a write that waits for one."""

from __future__ import annotations

from django import forms

ACTIONS = ("present", "absent", "close", "seen")


class SettlementForm(forms.Form):
    """``connect_id`` goes with "present": the id of what was found in RocketLead."""

    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    connect_id = forms.CharField(required=False, max_length=200)
