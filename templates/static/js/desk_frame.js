// In a helpdesk's frame, before the visitor is known: looks again when the tab with the sign-in was left, and asks
// browsers that keep cookies from frames to give out ours.
(function () {
  "use strict";
  const note = document.querySelector("[data-desk-frame]");
  const link = note.querySelector("[data-show]");
  const code = note.querySelector("[data-code]");
  const asks = typeof document.requestStorageAccess === "function";
  let left = false;

  function look() {
    window.location.assign(link.href);
  }

  function ask() {
    return asks ? document.requestStorageAccess().catch(() => undefined) : Promise.resolve();
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    ask().then(look);
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") left = true;
    else if (left && !code.value) look();
  });

  // Where the visitor has agreed before, nothing needs to be pressed again.
  if (asks && !("again" in note.dataset) && navigator.permissions) {
    navigator.permissions
      .query({ name: "storage-access" })
      .then((found) => (found.state === "granted" ? document.requestStorageAccess().then(look) : undefined))
      .catch(() => undefined);
  }
})();
