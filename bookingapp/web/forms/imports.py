"""The forms of an import: the file, what its columns are, and running it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from bookingapp.domain.imports.targets import Plan
from bookingapp.domain.imports.uploading import Upload
from bookingapp.web.presenters import sentences


def _missing() -> dict[str, str]:
    told = str(sentences.field("required"))
    return {"required": told, "invalid": told, "missing": told}


class UploadForm(forms.Form):
    """``upload()`` of a valid form is what the domain wants to know."""

    intent = forms.UUIDField(initial=uuid.uuid4)
    pool = forms.IntegerField()
    # An empty one is told so by whoever reads it.
    file = forms.FileField(allow_empty_file=True)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        for field in self.fields.values():
            field.error_messages |= _missing()

    def upload(self) -> Upload:
        given = self.cleaned_data
        file: Any = given["file"]
        return Upload(given["intent"], given["pool"], file.name or "", file.read())


class RunForm(forms.Form):
    """How many rows the person was told of, and the number of events they typed."""

    expected = forms.IntegerField()
    typed = forms.IntegerField(required=False)


def plan_in(given: Mapping[str, str], *, width: int) -> tuple[Plan, str]:
    """What the columns are to become, and how: "create" or "adopt"."""
    columns = {
        str(at): text[:300]
        for at in range(width)
        if (text := given.get(f"column-{at}", "").replace("\x00", ""))
    }
    how = "adopt" if given.get("how") == "adopt" else "create"
    return Plan(columns, "create" if given.get("same") == "create" else "skip"), how
