"""The demo's customers: generated, and named so that nobody takes them for real."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

__all__ = ["DemoPerson", "people"]

# The family names mean "example" in each language.
_NAMES = {
    "en": ("Example", ("Alex", "Brook", "Casey", "Drew", "Ellis", "Frankie", "Gray", "Harper", "Jamie", "Kit",
                       "Logan", "Morgan", "Noel", "Parker", "Quinn", "Robin", "Sam", "Taylor")),
    "id": ("Contoh", ("Adi", "Bayu", "Citra", "Dewi", "Endah", "Fajar", "Galih", "Hana", "Indra", "Kartika",
                      "Lestari", "Made", "Ningsih", "Rizal", "Sari", "Tri", "Wulan", "Yudi")),
    "hi": ("उदाहरण", ("अंजलि", "भरत", "चारु", "दीपक", "गीता", "हरि", "ईशा", "किरण", "लता", "मोहन", "नेहा", "पूजा",
                      "राहुल", "सुनीता")),
    "ar": ("مثال", ("أمل", "باسم", "تالا", "جمال", "حنان", "خالد", "دانا", "رامي", "سلمى", "طارق", "عمر", "ليلى",
                    "مريم", "نور")),
}  # fmt: skip
_PLACES = {
    "en": (("GB", "Europe/London"), ("AU", "Australia/Sydney"), ("US", "America/New_York")),
    "id": (("ID", "Asia/Jakarta"), ("ID", "Asia/Makassar")),
    "hi": (("IN", "Asia/Kolkata"),),
    "ar": (("AE", "Asia/Dubai"), ("EG", "Africa/Cairo")),
}
_LANGUAGES = ("en", "id", "hi", "ar")
_SEGMENTS = ("standard", "plus", "premium")
#: Area codes of the numbers 555-0100 to 555-0199, which belong to nobody.
_AREAS = (202, 212, 213, 305, 312, 404, 415, 512, 617, 702)


@dataclass
class DemoPerson:
    """A customer, with what their contacts leave behind in them.

    Args:
        number: Which one.
        mood: What this person adds to every satisfaction.
        activity: How often, relative to others, this person gets in touch.
        address_is_dead: Whether messages come back.
    """

    number: int
    name: str
    language: str
    country: str
    timezone: str
    segment: str
    email: str
    phone: str
    mood: float
    activity: float
    address_is_dead: bool
    left: bool = field(default=False)

    def as_customer(self) -> dict[str, Any]:
        """Return what a helpdesk would say of this person."""
        known = {"email": self.email, "phone": self.phone}
        return {
            **{name: value for name, value in known.items() if value},
            "ids": {"crm": f"C-{10_000 + self.number}"},
            "name": self.name,
            "language": self.language,
            "timezone": self.timezone,
            "segment": self.segment,
            "country": self.country,
        }


def people(random: Random, count: int) -> list[DemoPerson]:
    """Return that many customers."""
    return [_person(random, number) for number in range(1, count + 1)]


def _person(random: Random, number: int) -> DemoPerson:
    language = random.choices(_LANGUAGES, (40, 30, 15, 15))[0]
    family, given = _NAMES[language]
    country, timezone = random.choice(_PLACES[language])
    area, line = _AREAS[number % len(_AREAS)], 100 + number // len(_AREAS) % 100
    reach = random.choices(("email", "both", "phone", "none"), (48, 38, 10, 4))[0]
    return DemoPerson(
        number=number,
        name=f"{random.choice(given)} {family} {number}",
        language=language,
        country=country,
        timezone=timezone,
        segment=random.choices(_SEGMENTS, (60, 26, 14))[0],
        email=f"customer{number}@customers.example" if reach in ("email", "both") else "",
        phone=f"+1{area}5550{line}" if reach in ("phone", "both") else "",
        mood=random.gauss(0, 0.45),
        activity=random.paretovariate(1.6),
        address_is_dead=random.random() < 0.02,
    )
