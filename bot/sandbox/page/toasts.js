// Short notices at the foot of the page: errors of the sandbox and what Slackbot would tell the person.

import { byId, h } from "./dom.js";
import { icon } from "./icons.js";

const SECONDS = 8;

export function toast(text, kind = "info") {
  const close = h(
    "button",
    { type: "button", class: "icon-btn", "aria-label": "Dismiss notice", onclick: () => node.remove() },
    icon("close"),
  );
  const node = h(
    "div",
    { class: `toast toast-${kind}`, role: kind === "error" ? "alert" : "status" },
    h("span", {}, text),
    close,
  );
  byId("toasts").append(node);
  setTimeout(() => node.remove(), SECONDS * 1000);
}

/** Say something to screen readers only. */
export function announce(text) {
  byId("announcer").textContent = text;
}
