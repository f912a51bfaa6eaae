"""The translators' tool: which texts are found, how catalogs are kept, what is reported as a gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedbackhub.machinery import catalogs
from feedbackhub.machinery.catalog_check import gaps

TEMPLATE = """{{ t("A text {name}", name=x) }} {{ t.plural("a day", "{n} days", n) }} {{ t(variable) }}
{% trans n=n %}one answer{% pluralize %}{{ n }} answers{% endtrans %}"""
PYTHON = 'REASON = N_("A reason")\ndef f(t, n):\n    return t("Said {x}", x=1), t.plural("an ask", "{n} asks", n)\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a source tree with a text of every kind."""
    for name, content in (
        ("templates/survey/page.html", TEMPLATE),
        ("templates/mail/ask.txt", "{{ t('In a mail') }}"),
        ("templates/staff/desk.html", "{{ t('On the desk') }}"),
        ("templates/base.html", "{{ t('Everywhere') }}"),
        ("templates/static/a.js", "t('not a template')"),
        ("feedbackhub/loop/page.py", PYTHON),
        ("feedbackhub/web/desk.py", "x = t('In a view')"),
        ("plugins/email/channel.py", "x = t('By mail')"),
        ("plugins/email/__init__.py", "about = About(title='Mail', description='Sends ' 'mails.')\nOther(title='')"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def texts(root: Path, domain: str) -> list[object]:
    """Return the texts found for a domain."""
    return sorted((message.id for message in catalogs.extract_domain(root, domain) if message.id), key=str)


def test_texts_go_to_the_domain_of_their_place(tree: Path) -> None:
    assert texts(tree, "staff") == ["Everywhere", "In a view", "Mail", "On the desk", "Sends mails."]
    assert texts(tree, "customer") == [
        ("a day", "{n} days"),
        ("an ask", "{n} asks"),
        ("one answer", "%(n)s answers"),
        "A reason",
        "A text {name}",
        "By mail",
        "Everywhere",
        "In a mail",
        "Said {x}",
    ]


def test_a_template_with_a_mistake_is_not_passed_over(tree: Path) -> None:
    (tree / "templates/staff/desk.html").write_text("{% if %}")
    with pytest.raises(Exception, match="Expected an expression"):
        catalogs.extract_domain(tree, "staff")


def test_an_update_keeps_translations_and_changes_nothing_the_second_time(tree: Path) -> None:
    catalogs.update_all(tree)
    path = catalogs.path_of(tree, "staff", "id")
    path.write_text(path.read_text().replace('msgid "On the desk"\nmsgstr ""', 'msgid "On the desk"\nmsgstr "Di meja"'))
    assert catalogs.update_all(tree)[-1] == "staff id: 5 texts, 4 untranslated"
    before = path.read_bytes()
    catalogs.update_all(tree)
    assert path.read_bytes() == before
    assert catalogs.load(tree, "staff", "id")["On the desk"].string == "Di meja"


def test_a_text_that_went_and_came_back_keeps_its_translation(tree: Path) -> None:
    catalogs.update_all(tree)
    path, desk = catalogs.path_of(tree, "staff", "id"), tree / "templates/staff/desk.html"
    path.write_text(path.read_text().replace('msgid "On the desk"\nmsgstr ""', 'msgid "On the desk"\nmsgstr "Di meja"'))
    desk.write_text("")
    catalogs.update_all(tree)
    desk.write_text("{{ t('On the desk') }}")
    catalogs.update_all(tree)
    assert catalogs.load(tree, "staff", "id")["On the desk"].string == "Di meja"


@pytest.mark.parametrize(("language", "forms"), [("id", 1), ("hi", 2), ("ar", 6), ("en", 2), ("ms", 1)])
def test_a_new_catalog_counts_as_its_language_does(tree: Path, language: str, forms: int) -> None:
    assert catalogs.load(tree, "customer", language).num_plurals == forms


def test_plural_forms_of_a_translator_s_editor_are_put_right(tree: Path) -> None:
    catalogs.update_all(tree)
    path = catalogs.path_of(tree, "customer", "ar")
    right = path.read_text()
    start = right.index('"Plural-Forms')
    end = right.index('"MIME-Version')
    path.write_text(right[:start] + '"Plural-Forms: nplurals=2; "\n"plural=(n != 1);\\n"\n' + right[end:])
    assert catalogs.load(tree, "customer", "ar").num_plurals == 6
    catalogs.update_all(tree)
    assert path.read_text() == right


def test_compiled_catalogs_lie_beside_their_sources(tree: Path) -> None:
    catalogs.update_all(tree)
    assert len(catalogs.compile_all(tree)) == 4
    assert catalogs.path_of(tree, "customer", "ar", "mo").read_bytes()[:4] == b"\xde\x12\x04\x95"


def test_every_kind_of_gap_is_named(tree: Path) -> None:
    catalogs.update_all(tree)
    path = catalogs.path_of(tree, "customer", "hi")
    translations = {
        'msgid "A reason"\nmsgstr ""': '#, fuzzy\nmsgid "A reason"\nmsgstr "x"',
        'msgid "A text {name}"\nmsgstr ""': 'msgid "A text {name}"\nmsgstr "x {nom}"',
        'msgid "By mail"\nmsgstr ""': 'msgid "By mail"\nmsgstr "By mail"',
        'msgid "Everywhere"\nmsgstr ""': 'msgid "Everywhere"\nmsgstr "<b>x</b>"',
        'msgid "Said {x}"\nmsgstr ""': 'msgid "Said {x}"\nmsgstr "{x} y"',
        '{n} days"\nmsgstr[0] ""\nmsgstr[1] ""': '{n} days"\nmsgstr[0] "y"\nmsgstr[1] "{n} y"',
    }
    text = path.read_text()
    for source, translated in translations.items():
        assert source in text, source
        text = text.replace(source, translated)
    path.write_text(text)
    found = list(gaps(catalogs.extract_domain(tree, "customer"), catalogs.load(tree, "customer", "hi")))
    assert sorted(found) == [
        "'A reason' is fuzzy",
        "'A text {name}' invents {nom}",
        "'A text {name}' loses {name}",
        "'By mail' is the same as in English",
        "'Everywhere' has other tags",
        "'In a mail' is empty",
        "'an ask' is empty",
        "'one answer' is empty",
    ]


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogs.main([]) == 2
    assert capsys.readouterr().err == "usage: python -m feedbackhub.machinery.catalogs extract|update|compile|check\n"


def test_the_check_fails_while_there_are_gaps(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tree)
    assert [catalogs.main([command]) for command in ("extract", "update", "compile", "check")] == [0, 0, 0, 1]
    assert capsys.readouterr().out.splitlines()[:2] == ["customer: 9 texts", "staff: 5 texts"]


def test_a_plugin_with_a_locale_has_a_domain_of_its_own(tree: Path) -> None:
    (tree / "plugins/zoo/locale/id").mkdir(parents=True)
    (tree / "plugins/zoo/cage.py").write_text("x = t('In a cage')", encoding="utf-8")
    assert catalogs.domains(tree)["zoo"] == ("id",)
    assert (texts(tree, "zoo"), "In a cage" in texts(tree, "staff")) == (["In a cage"], False)
    catalogs.update_all(tree)
    catalogs.compile_all(tree)
    folder = tree / "plugins/zoo/locale/id/LC_MESSAGES"
    assert sorted(path.name for path in folder.iterdir()) == ["zoo.mo", "zoo.po"]
    assert "zoo id: 'In a cage' is empty" in catalogs.check_all(tree)
