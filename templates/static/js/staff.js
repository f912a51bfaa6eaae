// What the staff area's pages do beyond links and forms; everything also works without it.
(function () {
  "use strict";
  const root = document.documentElement;

  function isDark() {
    if (root.dataset.theme) return root.dataset.theme === "dark";
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function toggleTheme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* kept for this page only */ }
  }

  function toggleMenu(button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.getElementById(button.dataset.opens).classList.toggle("open", open);
  }

  async function copy(button) {
    const input = document.getElementById(button.dataset.copy);
    input.select();
    try { await navigator.clipboard.writeText(input.value); } catch { document.execCommand("copy"); }
    const before = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = before; }, 1600);
  }

  // On a phone rows become sheets without a head; a bare number says there what it counts.
  function nameNumbers(table) {
    const columns = [...table.querySelectorAll("thead th")].map((each) => each.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, at) => {
        if (/^[\p{Nd}\s.,%–-]+$/u.test(cell.textContent)) cell.dataset.column = columns[at] ?? "";
      });
    }
  }
  document.querySelectorAll(".rows table").forEach(nameNumbers);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-theme-toggle")) toggleTheme();
    if (button.dataset.opens) toggleMenu(button);
    if (button.dataset.copy) copy(button);
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.hasAttribute("data-select")) event.target.select();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const button = document.querySelector(".menu-button[aria-expanded=true]");
      if (button) { toggleMenu(button); button.focus(); }
      return;
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (target) { event.preventDefault(); target.focus(); }
  });

  // A select or checkbox marked so sends its form at once, as the button beside it would.
  document.addEventListener("change", (event) => {
    if (event.target.hasAttribute("data-submits")) event.target.form.requestSubmit();
  });
})();
