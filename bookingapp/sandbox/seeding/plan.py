"""The two organisations as they are set up: who works where, when, on what."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Window:
    """A recurring window: local minutes, and a recurrence as ResourceSlot knows it."""

    opens: int
    closes: int
    weekdays: str = "012345"
    recurrence: str = "weekdays"
    capacity: int | None = None
    # Days from the anchor Monday to the first occurrence.
    first: int = 0


WEEK = (Window(8 * 60, 20 * 60, "01234"), Window(9 * 60, 19 * 60, "5"))
OFFICE = (Window(9 * 60, 17 * 60, "01234"), Window(10 * 60, 14 * 60, "5"))
ALWAYS = (Window(0, 24 * 60, recurrence="daily"),)


@dataclass(frozen=True)
class ResourcePlan:
    name: str
    capacity: int = 1
    windows: tuple[Window, ...] = WEEK
    # How full the coming weeks are, seats taken of all seats.
    load: float = 0.38


@dataclass(frozen=True)
class TypePlan:
    """Minutes: length, search step and buffer after; only for some resources if named."""

    name: str
    length: int
    step: int
    buffer: int = 0
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class CalendarPlan:
    name: str
    zone: str
    resources: tuple[ResourcePlan, ...]
    types: tuple[TypePlan, ...]


@dataclass(frozen=True)
class PoolPlan:
    name: str
    states: tuple[str, ...]
    default: str | None


@dataclass(frozen=True)
class OrganisationPlan:
    name: str
    leads: int
    calendars: tuple[CalendarPlan, ...]
    pools: tuple[PoolPlan, ...]
    # Names of resources that work in a second calendar too: resource, calendar, window.
    shared: tuple[tuple[str, str, Window], ...] = ()
    fields: tuple[tuple[str, str], ...] = field(
        default=(("email", "E-Mail"), ("phone", "Telefon"), ("insurance", "Krankenkasse"))
    )


STATES = {
    "Neu": ("#2f6fde", "new"),
    "In Kontakt": ("#e0a100", "inProgress"),
    "Termin vereinbart": ("#7a4fd0", "inProgress"),
    "Abgeschlossen": ("#1f9d55", "completed"),
    "Kein Interesse": ("#8a8f98", "notCompleted"),
    # Shown in no pool any more, yet some leads still hold it (section 5.1).
    "Altbestand": ("#5b4636", "notCompleted"),
}

BERLIN = CalendarPlan(
    "Berlin Mitte", "Europe/Berlin",
    (
        ResourcePlan("Dr. Anna Müller"), ResourcePlan("Jürgen Groß"), ResourcePlan("Zoë Çelik"),
        ResourcePlan("Łukasz Wójcik"), ResourcePlan("Nguyễn Thị Hạnh"),
        ResourcePlan("सीता श्रेष्ठ"), ResourcePlan("Katharina Weiß"),
        ResourcePlan("Behandlungsraum 1", 3), ResourcePlan("Behandlungsraum 2", 3),
        ResourcePlan("Kursraum", 8, (WEEK[0], Window(9 * 60, 19 * 60, "5", capacity=4))),
    ),
    (
        TypePlan("Erstberatung", 30, 30),
        TypePlan("Behandlung", 60, 30, 15, ("Dr. Anna Müller", "Jürgen Groß", "Zoë Çelik",
            "Behandlungsraum 1", "Behandlungsraum 2")),
        TypePlan("Kurzcheck", 20, 10, 0, ("Łukasz Wójcik", "Nguyễn Thị Hạnh")),
        TypePlan("Gruppenkurs", 90, 30, 0, ("Behandlungsraum 2", "Kursraum")),
    ),
)  # fmt: skip

HOTLINE = CalendarPlan(
    "Telefonberatung", "Europe/Berlin",
    (ResourcePlan("Nachttelefon", 3, ALWAYS, 0.08),),
    (TypePlan("Rückruf", 30, 30, 0, ("Nachttelefon", "Dr. Anna Müller")),),
)  # fmt: skip

NEW_YORK = CalendarPlan(
    "New York", "America/New_York",
    (
        ResourcePlan("Grace O'Connor", 1, OFFICE), ResourcePlan("Miguel Ángel Peña", 1, OFFICE),
        ResourcePlan("Studio A", 8, OFFICE), ResourcePlan("Night desk", 3, ALWAYS, 0.06),
    ),
    (TypePlan("Consultation", 45, 15, 15), TypePlan("Check-in", 30, 30, 0, ("Night desk",))),
)  # fmt: skip

KATHMANDU = CalendarPlan(
    "काठमाडौं",
    "Asia/Kathmandu",
    (
        ResourcePlan("Bishnu Gurung", 1, (Window(10 * 60, 17 * 60, "012345"),)),
        ResourcePlan("सभाकक्ष", 8, (Window(10 * 60, 17 * 60, "012345"),)),
        ResourcePlan("रात्रि सेवा", 3, ALWAYS, 0.06),
    ),
    (TypePlan("परामर्श", 60, 30), TypePlan("फोन", 30, 30, 0, ("रात्रि सेवा",))),
)

LORD_HOWE = CalendarPlan(
    "Lord Howe Island", "Australia/Lord_Howe",
    (
        ResourcePlan("Ngaire Te Aroha", 1, OFFICE),
        ResourcePlan("Reef room", 8, (
            Window(9 * 60, 12 * 60, recurrence="weekly", first=1),
            Window(13 * 60, 16 * 60, recurrence="monthly", first=14),
            Window(13 * 60, 16 * 60, recurrence="once", first=2),
        )),
        ResourcePlan("Island desk", 3, ALWAYS, 0.06),
    ),
    (TypePlan("Welcome talk", 60, 30, 10), TypePlan("Call", 30, 30, 0, ("Island desk",))),
)  # fmt: skip

HAMBURG = CalendarPlan(
    "Hamburg", "Europe/Berlin",
    (ResourcePlan("Ole Petersen", 1, OFFICE), ResourcePlan("Elbzimmer", 3, OFFICE)),
    (TypePlan("Beratung", 30, 30),),
)  # fmt: skip

ORGANISATIONS = (
    OrganisationPlan(
        "Praxis Lindenhof", 200, (BERLIN, HOTLINE, NEW_YORK, KATHMANDU),
        (
            PoolPlan("Neue Anfragen", tuple(STATES)[:5], "Neu"),
            PoolPlan("Bestandskunden", ("In Kontakt", "Termin vereinbart", "Abgeschlossen"),
                "In Kontakt"),
            PoolPlan("Empfehlungen", ("Neu", "Abgeschlossen", "Kein Interesse"), None),
        ),
        (("Dr. Anna Müller", "Telefonberatung", Window(10 * 60, 14 * 60, "6")),),
    ),
    OrganisationPlan(
        "Studio Südsee", 40, (LORD_HOWE, HAMBURG),
        (PoolPlan("Interessenten", tuple(STATES)[:5], "Neu"),),
    ),
)  # fmt: skip
