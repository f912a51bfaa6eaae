"""The capacity page says what the measured costs give."""

from pathlib import Path

import pytest

from bench.capacity import POSTGRES, SQLITE, Costs, Use, need, table

PAGE = Path("docs/capacity.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("costs", [SQLITE, POSTGRES], ids=["sqlite", "postgres"])
def test_the_page_holds_the_tables_as_they_are_worked_out(costs: Costs) -> None:
    assert table(costs) in PAGE


def test_cores_follow_from_costs_and_use() -> None:
    costs = Costs(intake=5, page=1, submission=2, mail=4, card=3, kilobytes=1)
    needed = need(100, costs, Use(asked=0.5, reminded=1, answered=0.5, looked=2, cards=1))
    # 100 × (5 + 3 + 0.25 × (2 + 2 × 1)) ms in web processes, 100 × 1 message × 4 ms in workers
    assert [needed.web, needed.workers, needed.mails] == pytest.approx([0.9, 0.4, 100])


def test_twice_the_rate_needs_twice_as_much() -> None:
    one, two = need(50, POSTGRES), need(100, POSTGRES)
    assert two.commits == pytest.approx(2 * one.commits) and two.gigabytes == pytest.approx(2 * one.gigabytes)
