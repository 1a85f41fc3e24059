"""Names as they are spelled, and telephone numbers as people type them."""

from __future__ import annotations

import re
from random import Random

PEOPLE = (
    ("Jürgen", "Müller"), ("Änne", "Großmann"), ("Käthe", "Weiß"), ("Björn", "Schäfer"),
    ("Günther", "Köhler"), ("Sören", "Jäger"), ("Rosa", "Lüdenscheidt"), ("Heike", "Vogel"),
    ("Maximilian", "von der Heydt"), ("Anna-Lena", "Meyer-Lüdecke"), ("Uwe", "Strauß"),
    ("Ilse", "Öztürk"), ("Şebnem", "Yılmaz"), ("İbrahim", "Çağlar"), ("Łukasz", "Wójcik"),
    ("Małgorzata", "Szczęsna"), ("Zbigniew", "Żółć"), ("Nguyễn", "Văn Minh"),
    ("Trần", "Thị Hương"), ("Đặng", "Quốc Việt"), ("Phạm", "Ngọc Ánh"), ("सीता", "श्रेष्ठ"),
    ("बिष्णु", "गुरुङ"), ("अनिता", "तामाङ"), ("राम", "थापा"), ("José", "Muñoz"),
    ("Inês", "Gonçalves"), ("Zoë", "de Vries"), ("Siân", "O'Neill"), ("Chloé", "Lefèvre"),
    ("Ørjan", "Åsheim"), ("Þóra", "Guðmundsdóttir"), ("Dvořák", "Jiří"), ("Ștefan", "Ionescu"),
    ("Юлия", "Соколова"), ("Олександр", "Шевченко"), ("Ελένη", "Παπαδοπούλου"),
    ("محمد", "الأحمد"), ("נועה", "כהן"), ("李", "小龍"), ("田中", "花子"), ("김", "서연"),
    ("Fatima", "El-Amrani"), ("Kwame", "Nkrumah"), ("Leila", "Haddad"), ("Tom", "Ng"),
    ("Marie", "Schmidt"), ("Paul", "Schmidt"), ("Marie", "Schmitt"), ("Lena", "Becker"),
    ("Jonas", "Hoffmann"), ("Mia", "Wagner"), ("Ben", "Schulz"), ("Emilia", "Fischer"),
    ("Finn", "Weber"), ("Clara", "Krüger"), ("Oskar", "Hofmann"), ("Frieda", "Lehmann"),
)  # fmt: skip

INSURANCES = ("AOK Nordost", "Techniker", "Barmer", "DAK", "privat", "Selbstzahler")


def email(first: str, last: str, number: int) -> str:
    """An address at a reserved domain; names that are not Latin give a neutral one."""
    plain = re.sub(r"[^a-z.]", "", f"{first}.{last}".lower())
    return f"{plain if len(plain) > 4 else 'person'}{number}@example.org"


def phone(random: Random) -> str:
    """A number in one of the spellings a form collects."""
    code, area, digits = random.choice(
        (("49", "30", 8), ("49", "151", 8), ("49", "176", 8), ("1", "212", 7), ("977", "98", 8),
         ("61", "2", 8), ("48", "601", 6), ("84", "90", 7))
    )  # fmt: skip
    rest = "".join(random.choices("0123456789", k=digits))
    return random.choice(
        (f"+{code}{area}{rest}", f"+{code}{area}{rest}", f"+{code} {area} {rest[:4]} {rest[4:]}",
         f"0{area}/{rest}", f"00{code} ({area}) {rest[:3]}-{rest[3:]}", f"0{area} {rest}",
         f" +{code}-{area}-{rest} ")
    )  # fmt: skip
