// Runs before the page is painted, so that a chosen theme does not flash and the menu starts closed on phones.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  let chosen = null;
  try { chosen = localStorage.getItem("theme"); } catch { /* private windows may forbid storage */ }
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
})();
