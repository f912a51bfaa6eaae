"""What a customer reads is complete in every language, and the compiled catalogues are the written ones."""

import re
from collections.abc import Iterator
from io import BytesIO

import yaml
from babel.messages.mofile import write_mo

from feedbackhub.machinery.catalog_check import SAME_EVERYWHERE
from feedbackhub.machinery.catalogs import LANGUAGES, LOCALE, check_all, domains, extract_domain, load, path_of
from tests.gates.sources import ROOT

SURVEYS = ROOT / "feedbackhub" / "surveys" / "bundled"
# As the languages count, whatever a library says.
PLURAL_FORMS = {"id": 1, "hi": 2, "ar": 6}


def test_every_text_in_the_sources_is_translated_with_its_placeholders() -> None:
    assert check_all(ROOT) == []


def test_customers_are_answered_in_every_promised_language_and_staff_in_indonesian() -> None:
    assert {domain: set(languages) for domain, languages in LANGUAGES.items()} == {
        "customer": {"ar", "hi", "id"}, "staff": {"id"},
    }  # fmt: skip
    assert len(extract_domain(ROOT, "customer")) > 30, "the texts are no longer found in the sources"


def test_each_language_counts_in_its_own_way() -> None:
    written = {path: path.read_text(encoding="utf-8") for path in (ROOT / LOCALE).glob("*/LC_MESSAGES/*.po")}
    forms = {path: int(re.findall(r"nplurals=(\d+)", text)[0]) for path, text in written.items()}
    assert forms == {path: PLURAL_FORMS[path.parts[-3]] for path in written}


def test_the_compiled_catalogues_are_the_written_ones() -> None:
    stale = []
    for domain, languages in domains(ROOT).items():
        for language in languages:
            compiled = BytesIO()
            write_mo(compiled, load(ROOT, domain, language))
            path = path_of(ROOT, domain, language, "mo")
            if path.read_bytes() != compiled.getvalue():
                stale.append(path.name)
    assert stale == [], "run: python -m feedbackhub.machinery.catalogs compile"


def texts(node: object, place: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every mapping from languages to texts in a survey definition, with its place."""
    if isinstance(node, dict):
        if isinstance(node.get("en"), str):
            yield place, node
        else:
            for key, value in node.items():
                yield from texts(value, f"{place}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from texts(value, f"{place}[{number}]")


def is_english(text: str, translated: str) -> bool:
    """Say whether a text is missing or still English; what has no letters is the same everywhere."""
    same = translated == text and text not in SAME_EVERYWHERE and any(letter.isalpha() for letter in text)
    return not translated.strip() or same


def test_bundled_surveys_speak_every_language() -> None:
    found = [
        (path.stem + place, language)
        for path in sorted(SURVEYS.glob("*.yaml"))
        for place, words in texts(yaml.safe_load(path.read_text(encoding="utf-8")), "")
        for language in LANGUAGES["customer"]
        if is_english(str(words["en"]), str(words.get(language) or ""))
    ]
    assert found == []
    assert {path.stem for path in SURVEYS.glob("*.yaml")} >= {"post-contact", "nps", "effort", "re-ask"}
