// Lists and the survey editor: tick a whole page, jump to a line. Everything also works without it.
(function () {
  "use strict";

  function boxes(form) {
    return Array.from(form.querySelectorAll("input[name=ids]"));
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form) return;
    const all = form.querySelector("[data-ticks-all]");
    if (event.target === all) boxes(form).forEach((box) => { box.checked = all.checked; });
    const ticked = boxes(form).filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes(form).length;
    all.indeterminate = ticked > 0 && !all.checked;
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    const text = document.getElementById("f-source");
    if (!link || !text) return;
    event.preventDefault();
    const lines = text.value.split("\n");
    const start = lines.slice(0, link.dataset.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[link.dataset.line - 1] || "").length);
    text.scrollTop = Math.max(0, (link.dataset.line - 6) * (text.scrollHeight / lines.length));
  });
})();
