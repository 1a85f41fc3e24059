"""What a person decides about a write that waits for one."""

from __future__ import annotations

from django import forms

ACTIONS = ("present", "absent", "close", "seen", "choose", "elsewhere")


class SettlementForm(forms.Form):
    """``connect_id`` goes with "present": the id of what was found in RocketLead. ``version`` is
    that of the write as it was shown: a decision is about what the person saw. ``choice`` alone
    is an alternative that was taken.
    """

    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS], required=False)
    choice = forms.CharField(required=False, max_length=60)
    version = forms.IntegerField(required=False)
    connect_id = forms.CharField(required=False, max_length=200)

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        if given.get("choice"):
            given["action"] = "choose"
        if not given.get("action"):
            self.add_error("action", "required")
        return given
