// In a frame of an allowed site: tells that page what stands here and how high it is. To all others it says nothing.
(function () {
  "use strict";
  if (window.parent === window) return;
  const said = document.currentScript.dataset;
  const sites = [...said.sites.split(" "), window.location.origin];
  let site = "";

  document.documentElement.classList.add("framed");

  function tell(message) {
    if (site) window.parent.postMessage(message, site);
  }

  function describe() {
    const { lang, dir } = document.documentElement;
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    tell({ type: "feedbackhub:state", state: said.state, title: said.title, close: said.close, lang, dir, height });
  }

  // The page around speaks first, so that its origin is known for certain and no other one is ever written to.
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !sites.includes(event.origin)) return;
    if (!event.data || event.data.type !== "feedbackhub:hello") return;
    site = event.origin;
    describe();
  });
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) tell({ type: "feedbackhub:escape" });
  });
  new ResizeObserver(describe).observe(document.body);
})();
