"""`feedbackhub surveys`: check and preview a file without an instance, publish it in one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import click

from ..loop.question_types import types_of
from ..machinery.clock import SystemClock
from ..machinery.http import Http
from ..machinery.i18n import language_name
from ..machinery.plugin_loading import load_plugins
from ..machinery.plugins import Plugins
from ..machinery.settings_load import load_settings
from ..office.publishing import check as check_text
from ..office.publishing import publish_survey
from ..office.survey_versions import SurveyLine, list_surveys
from ..surveys import Problem, ShownQuestion, Survey, check_survey, show
from ..web.preview_file import preview_html
from .failures import Failure
from .instance import ACTOR, opened_core
from .listing import Listing, examples
from .output import moment, show_table
from .where import Where

__all__ = ["surveys"]

FILE = click.argument("file", type=click.File("r", encoding="utf-8"))
HEADINGS = ("survey", "version", "questions", "languages", "published", "by")


@click.group(cls=Listing, epilog=examples(
    "surveys check my-survey.yaml",
    "surveys preview my-survey.yaml --lang id --out preview.html",
    "surveys publish my-survey.yaml",
))
def surveys() -> None:
    """What customers are asked."""


@surveys.command("list")
@click.pass_obj
def show_all(where: Where) -> None:
    """List the surveys with their newest versions."""
    with opened_core(where) as core:
        rows = [row_of(each) for each in list_surveys(core)]
    show_table(HEADINGS, rows, "No surveys yet; feedbackhub surveys publish FILE")


def row_of(line: SurveyLine) -> tuple[str, ...]:
    """Return a survey's line of the table."""
    newest, survey = line.newest, line.survey
    counts = (str(newest.number), str(len(survey.questions)))
    return newest.survey, *counts, " ".join(survey.languages), moment(newest.at), newest.by


@surveys.command()
@FILE
@click.pass_obj
def check(where: Where, file: TextIO) -> None:
    """Look for mistakes in a survey's FILE (- for standard input), line by line."""
    survey = checked(where, file)
    n = len(survey.questions)
    click.echo(f"{survey.name}: {n} question{'s' * (n != 1)} in {', '.join(survey.languages)}; no mistakes.")


def checked(where: Where, file: TextIO) -> Survey:
    """Return the survey of a file, its warnings told.

    Raises:
        Failure: It has mistakes, each told with its line.
    """
    try:
        text = file.read()
    except UnicodeDecodeError:
        raise Failure(f"{file.name} is no text in UTF-8") from None
    found = check_survey(text)
    if any(each.path.endswith(".type") for each in found.problems):
        found = check_survey(text, types_of(plugins_of(where)))  # loaded only for surveys that may use their types
    tell(file.name, found.problems, "error")
    tell(file.name, found.warnings, "warning")
    if found.survey is None:
        raise Failure(f"{len(found.problems)} to mend")
    return found.survey


def plugins_of(where: Where) -> Plugins:
    """Return the plugins that are installed, without opening an instance."""
    settings, clock = load_settings(where.config, os.environ), SystemClock()
    return load_plugins(settings, clock, Http(settings.http, clock))


def tell(name: str, problems: Iterable[Problem], kind: str) -> None:
    """Print problems as compilers do, so that editors jump to the line."""
    for each in problems:
        place = f"{name}:{each.line}" if each.line is not None else name
        path = f"{each.path}: " if each.path else ""
        click.echo(f"{place}: {kind}: {path}{each.message}", err=True)


@surveys.command()
@FILE
@click.pass_obj
@click.option("--lang", default="", help="Language to show; the survey's first when left out.")
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), metavar="FILE",
    help="Write the page as one HTML file instead of printing the texts.",
)  # fmt: skip
def preview(where: Where, file: TextIO, lang: str, out: Path | None) -> None:
    """Show a survey's FILE as a customer would see it; nothing is stored."""
    survey = checked(where, file)
    said = survey.language_for(lang)
    if lang and said.partition("-")[0] != lang.lower().partition("-")[0]:
        click.echo(f"{survey.name} does not speak {lang}; this is {language_name(said)}.", err=True)
    if out is not None:
        out.write_text(preview_html(survey, said), encoding="utf-8")
        click.echo(f"Open {out} in a browser.")
        return
    click.echo("\n".join(lines(survey, said)))


def lines(survey: Survey, said: str) -> Iterator[str]:
    """Yield the texts of a survey in one language."""
    shown = show(survey, said, {})
    yield from (shown.title, "", shown.intro, "")
    for number, question in enumerate(shown.questions, 1):
        yield f"{number}. {question.text}{' *' if question.required else ''}"
        yield from below(question)
    yield shown.thanks


def below(question: ShownQuestion) -> Iterator[str]:
    """Yield what stands below a question: help, options, and when it is asked."""
    if question.help:
        yield f"   {question.help}"
    picks = [f"{each.value if each.symbol else ''} {each.label}".strip() for each in question.choices]
    if picks:
        yield f"   [{'] ['.join(picks)}]"
    if question.conditional:
        yield "   (only after certain answers)"
    yield ""


@surveys.command()
@FILE
@click.pass_obj
def publish(where: Where, file: TextIO) -> None:
    """Make a survey's FILE the newest version; new asks use it at once."""
    text = file.read()
    with opened_core(where) as core:
        found = check_text(core, text)
        tell(file.name, found.problems, "error")
        if found.survey is None:
            raise Failure(f"{len(found.problems)} to mend; nothing was published")
        name, number, fresh = publish_survey(core, text, ACTOR)
    if fresh:
        click.echo(f"{name}: version {number} is published.")
    else:
        click.echo(f"{name}: version {number} says the same already; nothing was published.")
