"""Files as people upload them."""

import csv
import io

HEAD = ("Name", "Telefon", "E-Mail")


def csv_file(*rows, head=HEAD, separator=",", encoding="utf-8", mark=b""):
    """The bytes of a file with these rows."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([head, *rows])
    return mark + out.getvalue().encode(encoding)


def people(number, *, first=0):
    """So many rows, each another person: name, phone, email."""
    return [
        (f"Vera Nr{n}", f"0171 {5_000_000 + n}", f"vera{n}@example.com")
        for n in range(first, first + number)
    ]
