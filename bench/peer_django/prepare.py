"""Make the tables and one survey of three questions, and print its number and theirs."""

import django
from django.core.management import call_command

django.setup()

from survey.models import Question, Survey  # noqa: E402  # only after Django is set up

call_command("migrate", verbosity=0)
survey = Survey.objects.create(name="bench", description="bench", is_published=True, need_logged_user=False)
questions = [
    survey.questions.create(text="How was it?", order=1, required=True, type=Question.RADIO, choices="1,2,3,4,5"),
    survey.questions.create(text="Is it solved?", order=2, required=True, type=Question.RADIO, choices="yes,no"),
    survey.questions.create(text="Anything to add?", order=3, required=False, type=Question.TEXT),
]
print(survey.pk, *[each.pk for each in questions])
