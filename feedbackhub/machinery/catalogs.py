"""The translators' files: `python -m feedbackhub.machinery.catalogs extract|update|compile|check`, in the source tree.

Texts go to a domain by the place they stand in: what a customer sees to `customer`, the rest to `staff`. A plugin with
a folder `locale` has a domain of its own, in the languages that it has folders for. What a plugin says of itself in
`About` is for staff; a plugin that needs settings first has no catalog of its own yet.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract

from feedbackhub.machinery.catalog_check import gaps

__all__ = ["LANGUAGES", "compile_all", "domains", "extract_domain", "load", "path_of", "update_all"]

LOCALE = Path("feedbackhub/locale")
LANGUAGES = {"customer": ("ar", "hi", "id"), "staff": ("id",)}
CUSTOMER = (
    "templates/survey/**/*",
    "templates/mail/**/*",
    "plugins/email/**/*",
    "plugins/link/**/*",
    "plugins/scales/**/*",
    "feedbackhub/loop/compose.py",
    "feedbackhub/loop/page.py",
    "feedbackhub/loop/replies.py",
    "feedbackhub/loop/short_texts.py",
    "feedbackhub/reporting/**/*.py",
    "feedbackhub/web/survey*.py",
)
#: Layouts, macros and errors, which pages of both kinds show.
SHARED = ("templates/*", "templates/macros/**/*", "feedbackhub/web/error_pages.py")
EVERYTHING = ("templates/**/*", "plugins/**/*", "feedbackhub/**/*.py")
KEYWORDS = {"t": None, "N_": None, "gettext": None, "ngettext": (1, 2), "plural": (1, 2)}
# As the renderer has it: a block's line breaks are one space, and a mistake in a template is not passed over.
JINJA = {"silent": "false", "trimmed": "true"}
TEMPLATES = (".html", ".txt")
# Babel's tables differ from what translators and CLDR expect: Indonesian and its kin have one form, Hindi counts 0 as
# one, and Arabic's last two forms are "many" (11 to 99) and then "other".
ARABIC = "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"
PLURAL_FORMS = dict.fromkeys(("id", "jv", "ms", "su"), (1, "0")) | {"hi": (2, "(n > 1)"), "ar": (6, ARABIC)}
PLURAL_LINE = re.compile(r'^"Plural-Forms: .*\n(?:"(?![A-Z][A-Za-z-]+: ).*\n)*', re.MULTILINE)
# A date of its own would change every file at every run.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


def domains(root: Path) -> dict[str, tuple[str, ...]]:
    """Return every domain with its languages: the core's, and those of plugins."""
    folders = sorted(root.glob("plugins/*/locale"))
    return {**LANGUAGES, **{path.parent.name: tuple(sorted(each.name for each in path.iterdir())) for path in folders}}


def sources(root: Path, domain: str) -> list[Path]:
    """Return the files whose texts belong to a domain."""
    apart = {name: matching(root, (f"plugins/{name}/**/*",)) for name in domains(root) if name not in LANGUAGES}
    customer, shared = matching(root, CUSTOMER), matching(root, SHARED)
    found = customer | shared if domain == "customer" else matching(root, EVERYTHING) - customer | shared
    found = apart[domain] if domain in apart else found.difference(*apart.values())
    return sorted(path for path in found if path.suffix in (*TEMPLATES, ".py"))


def matching(root: Path, patterns: tuple[str, ...]) -> set[Path]:
    """Return the files that match any pattern."""
    return {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}


def extract_domain(root: Path, domain: str) -> Catalog:
    """Return the texts of a domain as they stand in the sources, untranslated."""
    catalog = Catalog(project="feedbackhub", charset="utf-8", creation_date=UNDATED)
    for path in sources(root, domain):
        method: Any = "python" if path.suffix == ".py" else extract_template
        found = extract(method, BytesIO(path.read_bytes()), KEYWORDS, ("Translators:",), strip_comment_tags=True)
        for line, text, comments, context in found:
            place = (path.relative_to(root).as_posix(), line)
            catalog.add(text, locations=[place], auto_comments=comments, context=context)
    for path in sorted(root.glob("plugins/*/__init__.py")) if domain == "staff" else ():
        for line, said in about_texts(path.read_text(encoding="utf-8")):
            catalog.add(said, locations=[(path.relative_to(root).as_posix(), line)])
    return catalog


def about_texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield the title and the description in a plugin's `About(…)`."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "About":
            said = [each.value for each in call.keywords if each.arg in ("title", "description")]
            yield from ((each.lineno, str(each.value)) for each in said if isinstance(each, ast.Constant))


def extract_template(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: dict[str, Any]
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Yield the texts of a template: `{% trans %}`, `t("…")`, and `t.plural("…", "…", n)`, which Jinja leaves out."""
    source = file.read()
    yield from babel_extract(BytesIO(source), keywords, comment_tags, {**options, **JINJA})
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(source.decode("utf-8"))  # noqa: S701 (renders nothing)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr == "plural":
            texts = tuple(each.value for each in call.args[:2] if isinstance(each, nodes.Const))
            if len(texts) == 2:
                yield call.lineno, "plural", texts, []


def path_of(root: Path, domain: str, language: str, kind: str = "po") -> Path:
    """Return where a catalog lies."""
    folder = LOCALE if domain in LANGUAGES else Path("plugins", domain, "locale")
    return root / folder / language / "LC_MESSAGES" / f"{domain}.{kind}"


def load(root: Path, domain: str, language: str) -> Catalog:
    """Return a domain's catalog in a language, an empty one with the right plural forms if there is none yet."""
    path = path_of(root, domain, language)
    text = path.read_text(encoding="utf-8") if path.exists() else empty(language)
    # Translators' editors write plural forms of their own into the header; ours are the ones the texts are made for.
    text = PLURAL_LINE.sub(lambda _: plural_line(language), text, count=1)
    return read_po(StringIO(text), locale=language, domain=domain, charset="utf-8")


def empty(language: str) -> str:
    """Return a catalog that holds only how the language counts."""
    return f'msgid ""\nmsgstr ""\n{plural_line(language)}'


def plural_line(language: str) -> str:
    """Return the header line that says how a language counts."""
    count, rule = PLURAL_FORMS.get(language) or get_plural(language)[:2]
    return f'"Plural-Forms: nplurals={count}; plural={rule};\\n"\n'


def update(root: Path, domain: str, language: str, template: Catalog) -> None:
    """Bring a catalog to the present texts: translations stay, texts that went are kept at the end."""
    catalog = load(root, domain, language)
    for message in list(catalog.obsolete.values()):
        catalog[message.id] = message
    catalog.update(template, no_fuzzy_matching=True)
    catalog.project, catalog.header_comment, catalog.fuzzy = "feedbackhub", f"# feedbackhub: {domain} texts", False
    catalog.creation_date = catalog.revision_date = UNDATED
    path = path_of(root, domain, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False)


def extract_all(root: Path) -> list[str]:
    """Say how many texts each domain has."""
    return [f"{domain}: {len(extract_domain(root, domain))} texts" for domain in domains(root)]


def update_all(root: Path) -> list[str]:
    """Bring every catalog to the present texts and say how many of them each is missing."""
    said = []
    for domain, languages in domains(root).items():
        template = extract_domain(root, domain)
        for language in languages:
            update(root, domain, language, template)
            missing = sum(not message.string for message in load(root, domain, language) if message.id)
            said.append(f"{domain} {language}: {len(template)} texts, {missing} untranslated")
    return said


def compile_all(root: Path) -> list[str]:
    """Write the file that the program reads beside every catalog."""
    said = []
    for path in sorted([*root.glob(f"{LOCALE}/*/LC_MESSAGES/*.po"), *root.glob("plugins/*/locale/*/LC_MESSAGES/*.po")]):
        catalog = load(root, path.stem, path.parent.parent.name)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        said.append(f"{path.relative_to(root)}: compiled")
    return said


def check_all(root: Path) -> list[str]:
    """Return everything that keeps a catalog from being complete."""
    return [
        f"{domain} {language}: {gap}"
        for domain, languages in domains(root).items()
        for language in languages
        for gap in gaps(extract_domain(root, domain), load(root, domain, language))
    ]


COMMANDS: dict[str, Callable[[Path], list[str]]] = {
    "extract": extract_all,
    "update": update_all,
    "compile": compile_all,
    "check": check_all,
}


def main(arguments: list[str]) -> int:
    """Run one command in the present folder; `check` fails when it has something to say."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        sys.stderr.write("usage: python -m feedbackhub.machinery.catalogs " + "|".join(COMMANDS) + "\n")
        return 2
    said = COMMANDS[arguments[0]](Path.cwd())
    sys.stdout.writelines(f"{line}\n" for line in said)
    return int(arguments[0] == "check" and bool(said))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
