// Shows follow-up questions as soon as they apply. Without it they come on the next page.
(function () {
  "use strict";
  const form = document.querySelector("[data-survey]");
  const conditional = form ? [...form.querySelectorAll("[data-show-if]")] : [];
  if (!conditional.length) return;
  const conditions = new Map(conditional.map((part) => [part, JSON.parse(part.dataset.showIf)]));

  function answer(id) {
    const part = form.querySelector(`[data-question="${CSS.escape(id)}"]`);
    if (part && part.hidden) return [];
    return new FormData(form).getAll(id).map((value) => value.trim()).filter((value) => value !== "");
  }

  function within(test, value) {
    const limits = [test.below, test.above, test.at_least, test.at_most];
    if (limits.every((limit) => limit === undefined)) return true;
    if (!/^[+-]?\d+$/.test(value)) return false;
    const number = Number(value);
    return (test.below === undefined || number < test.below) && (test.above === undefined || number > test.above)
      && (test.at_least === undefined || number >= test.at_least) && (test.at_most === undefined || number <= test.at_most);
  }

  function testHolds(test) {
    const picked = answer(test.question);
    if (!picked.length) return test.answered === false;
    return test.answered !== false
      && (test.equals === undefined || (picked.length === 1 && picked[0] === String(test.equals)))
      && (test.in === undefined || test.in.some((value) => picked.includes(String(value))))
      && (test.includes === undefined || picked.includes(String(test.includes)))
      && within(test, picked[0]);
  }

  function holds(condition) {
    if (condition.all) return condition.all.every(holds);
    if (condition.any) return condition.any.some(holds);
    if (condition.not) return !holds(condition.not);
    return testHolds(condition);
  }

  function refresh() {
    for (const [part, condition] of conditions) part.hidden = !holds(condition);
  }

  // Whoever sees them here is not asked them again on a page of their own.
  const seen = form.querySelector("[data-seen]");
  const ids = conditional.map((part) => part.dataset.question);
  seen.value = [...new Set([...seen.value.split(" ").filter(Boolean), ...ids])].join(" ");
  form.addEventListener("change", refresh);
  form.addEventListener("input", refresh);
  window.addEventListener("pageshow", refresh);
  refresh();
})();
