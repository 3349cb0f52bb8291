// The thread pane: the root, its replies, and a composer of its own.

import { makeComposer } from "./composer.js";
import { byId, fill, h } from "./dom.js";
import { bookmark } from "./focus.js";
import { icon } from "./icons.js";
import { hashFor } from "./links.js";
import { channel, on, placeName, state } from "./state.js";
import { keepAtFoot, renderList, stickToFoot, walkable } from "./timeline.js";

let pane = null;

export const closeThread = () => {
  location.hash = hashFor(state.channel);
};

function build() {
  const list = h("div", {
    class: "thread-list",
    role: "log",
    "aria-live": "off",
    "aria-label": "Messages of the thread",
    tabindex: "0",
  });
  const where = h("span", { class: "thread-where" });
  const composer = makeComposer({ id: "composer-thread", thread: true });
  fill(
    byId("thread"),
    h(
      "header",
      { class: "thread-head" },
      h(
        "button",
        {
          type: "button",
          class: "icon-btn",
          "aria-label": "Close thread",
          title: "Close thread (Esc)",
          onclick: closeThread,
        },
        icon("close"),
      ),
      h("h2", {}, "Thread"),
      where,
    ),
    list,
    composer.node,
  );
  walkable(list);
  stickToFoot(list);
  pane = { list, where, composer, key: null };
}

function render() {
  const aside = byId("thread");
  aside.hidden = !state.thread || state.tab === "home";
  byId("app").classList.toggle("has-thread", !aside.hidden);
  if (aside.hidden) {
    if (pane?.key) leave();
    return;
  }
  if (!pane) build();
  const key = `${state.channel} ${state.thread} ${state.viewer}`;
  const fresh = pane.key !== key;
  if (!pane.key) pane.back = bookmark();
  pane.key = key;
  pane.where.textContent = placeName(channel(state.channel));
  if (fresh) pane.composer.retarget();
  keepAtFoot(pane.list, () => renderReplies(), fresh || state.replies.at(-1)?.user === state.viewer);
}

function leave() {
  pane.key = null;
  pane.back();
}

function renderReplies() {
  if (state.replies.length) return renderList(pane.list, state.replies, { channel: state.channel, inThread: true });
  return fill(pane.list, h("p", { class: "thread-gone" }, "There is no such thread, or it was deleted."));
}

export function startThread() {
  on("replies thread", render);
  document.addEventListener("keydown", (event) => {
    const covered = document.querySelector("dialog[open]");
    if (event.key !== "Escape" || event.defaultPrevented || covered || !state.thread) return;
    closeThread();
  });
}

/** Put the cursor into the thread's message box. */
export const focusThread = () => byId("composer-thread")?.focus();
