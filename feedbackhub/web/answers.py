"""Answers: what customers said; agents see those about own contacts only, managers also judge suspects."""

from __future__ import annotations

from flask import Blueprint, flash, request, session
from flask.typing import ResponseReturnValue

from ..contract.errors import Problem, Refused
from ..loop.core import Core
from ..machinery.links import is_public_id
from ..office.answer_dossiers import open_answer
from ..office.lists import AT_ONCE, MOST_COUNTED, AnswerFilter, Listed, how_many_answers, list_answers, waiting_suspects
from ..office.verdicts import VERDICTS, Verdict, judge_answers, restore_verdicts
from . import decision_words as words
from .answer_filters import choices, in_force, texts_of, wanted_answers
from .card_shown import gesture_names
from .card_words import channel_name, manner_name
from .current import core
from .filters import back, pager, pairs, place
from .permission import outranks, permission
from .pieces import fillings
from .redirects import go, local_path
from .rendering import language, page, texts
from .report_filters import in_words
from .sessions import actor, person
from .ways import query_string, trail, way_back

__all__ = ["blueprint"]

UNDO = "undo_verdicts"


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/answers``."""
    pages = Blueprint("answers", __name__, url_prefix="/answers")
    pages.get("")(index)
    pages.post("/judge")(judge)
    pages.post("/undo")(undo)
    pages.get("/<string(length=12):public_id>")(show)
    return pages


def judges() -> bool:
    """Tell whether the visitor may accept and discard."""
    return outranks(person().role, "manager")


def own_agent() -> int | None:
    """Return the agent whose contacts alone the visitor sees, None for all; -1 (nobody's) for an agent unknown."""
    if judges():
        return None
    return -1 if person().agent_id is None else person().agent_id


@permission("agent")
def index() -> ResponseReturnValue:
    """List answers, the newest first; filters that mean nothing are said beside them."""
    here, t = core(), texts()
    given, agent, problems = texts_of(), own_agent(), {}
    try:
        wanted = wanted_answers(given, agent, judges())
    except Refused as refused:
        wanted, problems = AnswerFilter(agent=agent), in_words(refused)
    listed = list_answers(here, wanted, place(), language()) if not problems else Listed((), None, None)
    body = page(
        "staff/answers.html", listed=listed, pages=pager(listed), wanted=wanted, given=given, problems=problems,
        pairs=pairs, filtered=any(given.values()), judges=judges(), unknown_agent=agent == -1,
        n=how_many_answers(here, wanted) if wanted.counted else None, most=MOST_COUNTED,
        waiting=waiting_suspects(here) if judges() and not wanted.state else 0, undo=session.pop(UNDO, None),
        in_force=in_force(given, judges()), via=way_back(), trail=trail(),
        query=query_string(), **choices(given),
        channel_name=lambda name: channel_name(t, name), sign_text=lambda sign: words.sign_text(t, sign),
    )  # fmt: skip
    return body, 422 if problems else 200


@permission("agent")
def show(public_id: str) -> ResponseReturnValue:
    """Show everything about one answer; another agent's does not exist for an agent."""
    t = texts()
    dossier = open_answer(core(), public_id, language(), actor(), own_agent())
    return page(
        "staff/answer.html", dossier=dossier, line=dossier.line, judges=judges(), undo=session.pop(UNDO, None),
        via=way_back(), query=query_string(), trail=trail(),
        fillings=fillings(
            "answer", customer=dossier.line.customer or "", contact=dossier.line.contact or "", response=public_id,
            survey=dossier.line.survey,
        ),
        channel_name=lambda name: channel_name(t, name), gesture_name=gesture_names(),
        manner_name=lambda manner: manner_name(t, manner),
        sign_text=lambda sign: words.sign_text(t, sign),
    )  # fmt: skip


@permission("manager")
def judge() -> ResponseReturnValue:
    """Accept or discard the chosen answers, and offer to undo it."""
    t, verdict = texts(), verdict_of(request.form.get("verdict", "?"))
    changed = judge_answers(core(), picked(), verdict, actor())
    if changed:
        session[UNDO] = changed
        flash(said(verdict, len(changed)), "good")
    else:
        flash(t("Nothing was changed. Tick the answers first."), "error")
    return go(back_to())


def said(verdict: Verdict, n: int) -> str:
    """Say what was done."""
    t = texts()
    if verdict == "accepted":
        return t.plural("{n} answer counts now.", "{n} answers count now.", n)
    if verdict == "discarded":
        return t.plural("{n} answer is discarded.", "{n} answers are discarded.", n)
    return t.plural("{n} answer is as it was.", "{n} answers are as they were.", n)


@permission("manager")
def undo() -> ResponseReturnValue:
    """Give answers the verdicts that they had before the last click."""
    before: dict[str, Verdict] = {}
    for each in request.form.getlist("before")[:AT_ONCE]:
        public_id, _, verdict = each.partition(":")
        if is_public_id(public_id):
            before[public_id] = verdict_of(verdict)
    flash(said("", restore_verdicts(core(), before, actor())), "good")
    return go(back_to())


def back_to() -> str:
    """Return where the form came from: the list with its filters, or one answer."""
    wanted = local_path(request.form.get("back"), "/answers")
    path = wanted.removeprefix(request.script_root).partition("?")[0]
    one = path.removeprefix("/answers/")
    return back(path) if path == f"/answers/{one}" and is_public_id(one) else back("/answers")


def picked() -> list[str]:
    """Return the answers that were ticked."""
    return [each for each in dict.fromkeys(request.form.getlist("ids")) if is_public_id(each)][:AT_ONCE]


def verdict_of(text: str) -> Verdict:
    """Return a verdict of the form.

    Raises:
        Refused: There is no such verdict.
    """
    for verdict in VERDICTS:
        if verdict == text:
            return verdict
    raise Refused(Problem("verdict", "must be accepted, discarded or empty"))
