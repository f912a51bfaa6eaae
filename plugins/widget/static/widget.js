// <feedbackhub-survey link="https://feedback.example/o/TOKEN"> shows a survey in a page, or in its corner after a chat.
// It sets no cookie, stores nothing, puts no style or script inline, and speaks only with the survey's frame and origin.
(function () {
  "use strict";
  if (customElements.get("feedbackhub-survey")) return;

  const PATIENCE = 15000; // milliseconds until a frame that says nothing is taken for refused
  const AFTER_LOADING = 3000;
  const TALLEST = 4000;

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; }
    :host([hidden]) { display: none; }
    .box { display: none; position: relative; }
    .box.waiting { display: block; position: absolute; inline-size: min(26rem, 100%); block-size: 0; overflow: hidden; visibility: hidden; }
    .box.shown { display: block; }
    iframe { display: block; inline-size: 100%; block-size: 0; border: 0; color-scheme: normal; }
    .close { display: none; }
    .corner { position: fixed; z-index: 2147483000; inset-block-end: 1rem; inset-inline-end: 1rem; inline-size: min(26rem, calc(100vw - 2rem)); }
    .corner.shown { display: flex; flex-direction: column; max-block-size: calc(100vh - 2rem); max-block-size: calc(100dvh - 2rem); overflow: hidden;
      background: Canvas; color: CanvasText; border: 1px solid GrayText; border-radius: 0.9rem; box-shadow: 0 10px 40px rgb(0 0 0 / 25%); color-scheme: light dark; }
    .corner iframe { max-block-size: calc(100vh - 6.5rem); max-block-size: calc(100dvh - 6.5rem); }
    .corner .close { display: block; align-self: flex-end; flex: none; margin: 0.4rem; inline-size: 2.75rem; block-size: 2.75rem; border: 0; border-radius: 50%;
      font: 1.5rem/1 system-ui, sans-serif; color: inherit; background: transparent; cursor: pointer; }
    .close:hover { background: color-mix(in srgb, currentColor 12%, transparent); }
    .close:focus-visible, .box:focus-visible { outline: 3px solid currentColor; outline-offset: -3px; }
    @media (prefers-reduced-motion: no-preference) {
      .corner.shown { animation: rise 0.25s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(1rem); } }
    }
  `);

  function made(name, attributes) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  class FeedbackhubSurvey extends HTMLElement {
    static observedAttributes = ["link", "mode", "delay", "language"];
    #box; #frame; #close; #fallback;
    #origin = ""; #timers = []; #shown = false; #answered = false; #wanted = false; #before = null;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.#fallback = document.createElement("slot");
      this.#box = made("div", { class: "box", part: "box", tabindex: "-1" });
      this.#close = made("button", { class: "close", part: "close", type: "button" });
      this.#close.textContent = "×";
      this.#frame = made("iframe", {
        sandbox: "allow-forms allow-same-origin allow-scripts allow-popups allow-popups-to-escape-sandbox",
        referrerpolicy: "no-referrer",
      });
      this.#box.append(this.#close, this.#frame);
      root.append(this.#fallback, this.#box);
      this.#frame.addEventListener("load", () => this.#greet());
      this.#close.addEventListener("click", () => this.close());
      this.#box.addEventListener("keydown", (event) => { if (event.key === "Escape") this.#escape(); });
      this.addEventListener("focusin", (event) => { if (event.relatedTarget) this.#before = event.relatedTarget; });
    }

    connectedCallback() {
      window.addEventListener("message", this.#heard);
      this.#begin();
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.#heard);
      this.#rest();
    }

    attributeChangedCallback(_name, before, after) {
      if (this.isConnected && before !== after) this.#begin();
    }

    /** Show the survey now, whatever the delay, and move the focus into it. */
    show() {
      this.#wanted = true;
      if (this.#shown) { this.#box.classList.add("shown"); this.#enter(); } else this.#begin();
    }

    /** Close the survey; the focus returns to where it was before. */
    close() {
      if (!this.#box.classList.contains("shown")) return;
      const inside = this.shadowRoot.activeElement !== null;
      this.#box.classList.remove("shown");
      if (inside && this.#before && this.#before.isConnected) this.#before.focus();
      this.#tell("closed");
    }

    get #inCorner() { return this.getAttribute("mode") === "corner"; }

    #begin() {
      this.#rest();
      this.#shown = this.#answered = false;
      this.#origin = "";
      this.#fallback.hidden = false;
      this.#box.className = this.#inCorner ? "box corner" : "box";
      this.#box.setAttribute("role", this.#inCorner ? "dialog" : "region");
      const link = this.#link();
      if (!link) return;
      const seconds = this.#inCorner && !this.#wanted ? Number(this.getAttribute("delay")) || 0 : 0;
      this.#timers.push(setTimeout(() => this.#load(link), Math.min(Math.max(seconds, 0), 86400) * 1000));
    }

    #link() {
      let link;
      try { link = new URL(this.getAttribute("link") || ""); } catch { return null; }
      if (link.protocol !== "https:" && link.protocol !== "http:") return null;
      const language = this.getAttribute("language");
      if (language) link.searchParams.set("lang", language);
      return link;
    }

    #load(link) {
      this.#origin = link.origin;
      this.#box.classList.add("waiting");
      this.#timers.push(setTimeout(() => this.#giveUp(), PATIENCE));
      this.#frame.src = link.href;
    }

    // The survey answers nobody but an allowed page; a refused frame has another origin and never hears this.
    #greet() {
      if (!this.#origin) return;
      this.#frame.contentWindow.postMessage({ type: "feedbackhub:hello" }, this.#origin);
      if (!this.#shown) this.#timers.push(setTimeout(() => this.#giveUp(), AFTER_LOADING));
    }

    #heard = (event) => {
      if (!this.#origin || event.origin !== this.#origin || event.source !== this.#frame.contentWindow) return;
      const said = event.data;
      if (!said || typeof said !== "object") return;
      if (said.type === "feedbackhub:escape") this.#escape();
      if (said.type === "feedbackhub:state") this.#look(said);
    };

    #look(said) {
      const over = said.state === "closed" || (said.state === "answered" && this.#inCorner && !this.#wanted);
      if (!this.#shown && over) { this.#giveUp(); return; }
      const height = Number(said.height);
      if (height > 0) this.#frame.style.blockSize = `${Math.min(height, TALLEST)}px`;
      for (const name of ["lang", "dir"]) this.#box.setAttribute(name, String(said[name] || ""));
      this.#box.setAttribute("aria-label", String(said.title || ""));
      this.#frame.title = String(said.title || "");
      this.#close.setAttribute("aria-label", String(said.close || ""));
      if (!this.#shown) this.#appear();
      if (said.state === "thanks" && !this.#answered) { this.#answered = true; this.#tell("answered"); }
    }

    #appear() {
      this.#rest();
      this.#shown = true;
      this.#fallback.hidden = true;
      this.#box.classList.remove("waiting");
      this.#box.classList.add("shown");
      this.#tell("shown");
      if (this.#wanted) this.#enter(); // by itself it never takes the focus away from what somebody is doing
    }

    #enter() {
      const now = document.activeElement;
      if (now && now !== this && now !== document.body) this.#before = now;
      this.#box.focus();
    }

    #escape() { if (this.#inCorner) this.close(); }

    // What stands between the tags, such as a plain link, stays or comes back; nothing broken is ever seen.
    #giveUp() {
      if (this.#shown) return;
      this.#rest();
      this.#origin = "";
      this.#box.classList.remove("waiting");
      this.#frame.removeAttribute("src");
    }

    #rest() {
      this.#timers.forEach(clearTimeout);
      this.#timers = [];
    }

    #tell(what) {
      this.dispatchEvent(new CustomEvent(`feedbackhub:${what}`, { bubbles: true, composed: true }));
    }
  }

  customElements.define("feedbackhub-survey", FeedbackhubSurvey);
})();
