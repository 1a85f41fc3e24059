"""Where somebody goes on typing after a form came back."""

from __future__ import annotations

from django import forms


def first(form: forms.Form) -> dict[str, bool]:
    """The name of the first field that must be mended, else of the first; true for that one."""
    wrong = form.errors if form.is_bound else {}
    names = list(form.fields)
    return {next((name for name in names if name in wrong), names[0]): True}
