"""What a person decides about a write that waits for one."""

from __future__ import annotations

from django import forms

ACTIONS = ("present", "absent", "close", "seen")


class SettlementForm(forms.Form):
    """``connect_id`` goes with "present": the id of what was found in RocketLead. ``version`` is
    that of the write as it was shown: a decision is about what the person saw.
    """

    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    version = forms.IntegerField(required=False)
    connect_id = forms.CharField(required=False, max_length=200)
