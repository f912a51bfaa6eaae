"""Other systems learn of cases by webhooks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from feedbackhub.testing import Instance
from feedbackhub_plugins.webhooks.service import Service
from feedbackhub_plugins.webhooks.settings import Settings
from feedbackhub_plugins.webhooks.wanted import Wanted
from tests.webhooks.receiver import Receiver


def test_what_happens_to_a_case_is_passed_on(tmp_path: Path) -> None:
    receiver = Receiver()
    options = {"allow_http": [receiver.place]}
    settings = {"http": {"allow": [receiver.place]}, "plugins_disabled": ["causes", "nps", "apology"]}
    instance = Instance(tmp_path, {}, options={"webhooks": options}, settings=settings)
    service = Service(instance.hub("webhooks"), Settings.model_validate(options))
    service.add(Wanted("Desk", receiver.url, ("recovery.*",), ()), "admin")
    instance.run()
    bad = instance.answer(rating=1, comment="Call my lawyer")
    instance.run(timedelta(hours=1))
    instance.run(timedelta(minutes=5))
    (opened,) = (each for each in receiver.got if each.body["type"] == "recovery.opened")
    assert opened.body["data"] | {"case": ""} == {
        "case": "", "response": bad.public_id, "customer": bad.customer, "contact": bad.contact,
        "survey": "post-contact", "reasons": ["low"], "flags": ["legal"], "score": 0.0,
        "dimensions": dict(bad.dimensions),
    }  # fmt: skip
    instance.close()
    receiver.close()
