"""What erased people wrote is in no report, while their ratings still count."""

from datetime import timedelta
from pathlib import Path

from feedbackhub import Identifier, Query
from feedbackhub.office.erasing import erase_person
from feedbackhub.testing import Instance


def test_words_of_the_erased_go_and_their_ratings_stay(tmp_path: Path) -> None:
    here = Instance(tmp_path, {})
    try:
        for name, words in (("ann", "Where is my refund, asks Ann"), ("bo", "My refund came at once"), ("cy", "None")):
            asked = here.ask(name, customer={"email": f"{name}@example.org", "name": name})
            here.answer(asked, 1, words)
        day = here.clock.now().date()
        query = Query(day - timedelta(days=2), day)
        first = here.core.analyst.report("themes", query)
        assert first is not None
        assert (first.figures[0].value, [row[1] for row in first.tables[1].rows]) == (
            3, ["My refund came at once", "Where is my refund, asks Ann"],
        )  # fmt: skip
        erase_person(here.core, [Identifier("email", "ann@example.org")], "tests")
        after = here.core.analyst.report("themes", query)
        assert after is not None
        assert (after.figures[0].value, [row[1] for row in after.tables[1].rows]) == (2, ["My refund came at once"])
        causes = here.core.analyst.report("causes", query)
        assert causes is not None
        assert (causes.figures[0].value, causes.figures[0].n, causes.figures[0].few) == (None, 3, "counts")
    finally:
        here.close()
