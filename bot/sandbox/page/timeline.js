// The list of messages of a channel or a thread: grouped by author, divided by day, kept at the foot while one reads there.

import { dayKey, dayName } from "./dates.js";
import { byId, h } from "./dom.js";
import { emptyState } from "./empty.js";
import { icon } from "./icons.js";
import { authorOf, isSystem, messageRow } from "./message.js";
import { reconcile } from "./reconcile.js";
import { on, state } from "./state.js";

const GROUP_SECONDS = 300;
const NEAR_FOOT = 90;

/** Make a container show messages; unchanged rows are kept as they are. */
export function renderList(container, messages, opts) {
  reconcile(container, rows(messages, opts));
}

function rows(messages, opts) {
  const items = [];
  let previous = null;
  for (const message of messages) {
    const day = dayKey(Number(message.ts));
    if (!previous || dayKey(Number(previous.ts)) !== day) {
      items.push([`day ${day}`, dayName(Number(message.ts)), () => divider(Number(message.ts))]);
      previous = null;
    }
    // In a thread the root stands apart, so the first reply names its author again.
    const afterRoot = opts.inThread && previous === messages[0];
    const rowOpts = { ...opts, compact: !afterRoot && continues(previous, message) };
    const version = textOf(message) + JSON.stringify([rowOpts, state.viewer, state.editing === message.ts]);
    items.push([message.ts, version, () => messageRow(message, rowOpts)]);
    previous = message;
  }
  return items;
}

const texts = new WeakMap();

// A message that changes comes as a new object, so each object needs to be written out but once.
function textOf(message) {
  if (!texts.has(message)) texts.set(message, JSON.stringify(message));
  return texts.get(message);
}

function continues(previous, message) {
  if (
    !previous ||
    message.is_ephemeral ||
    isSystem(previous) ||
    isSystem(message) ||
    previous.subtype === "tombstone" ||
    message.subtype === "tombstone"
  )
    return false;
  const close = Number(message.ts) - Number(previous.ts) < GROUP_SECONDS;
  return close && authorOf(previous) === authorOf(message) && !previous.is_ephemeral;
}

const divider = (epoch) => h("div", { class: "day", role: "separator" }, h("span", {}, dayName(epoch)));

/** Arrow keys walk from message to message. */
export function walkable(container) {
  container.addEventListener("keydown", (event) => {
    const row = event.target.closest?.(".msg");
    const typing = event.target.matches("textarea, input, select, [role=menuitem]");
    if (typing || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const all = [...container.querySelectorAll(".msg")];
    const start = row ? all.indexOf(row) : all.length;
    const next = all[start + (event.key === "ArrowUp" ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

const isAtFoot = (scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_FOOT;

/** Re-render and stay at the foot if the reader was there. */
export function keepAtFoot(scroller, render, force = false) {
  const atFoot = isAtFoot(scroller);
  render();
  if (force || atFoot) scroller.scrollTop = scroller.scrollHeight;
}

/** Stay at the foot also when the message box grows, the window turns, or the keyboard of a phone comes up. */
export function stickToFoot(scroller) {
  let atFoot = true;
  scroller.addEventListener("scroll", () => {
    atFoot = isAtFoot(scroller);
  });
  new ResizeObserver(() => {
    if (atFoot) scroller.scrollTop = scroller.scrollHeight;
  }).observe(scroller);
}

/** A button that leads down to what arrived while the reader was further up. */
function newsButton(list) {
  const button = h(
    "button",
    {
      type: "button",
      class: "news",
      hidden: true,
      onclick: () => {
        list.scrollTop = list.scrollHeight;
      },
    },
    icon("down"),
    "New messages",
  );
  list.after(button);
  list.addEventListener("scroll", () => {
    if (isAtFoot(list)) button.hidden = true;
  });
  on("arrived", (message) => {
    button.hidden = isAtFoot(list) || (message.thread_ts ?? message.ts) !== message.ts;
  });
  on("channel", () => {
    button.hidden = true;
  });
}

let shown = null;

function render() {
  const list = byId("timeline");
  const key = `${state.channel} ${state.viewer}`;
  const fresh = shown !== key;
  shown = key;
  keepAtFoot(
    list,
    () => {
      const opts = { channel: state.channel, inThread: false };
      const items = rows(state.timeline, opts);
      reconcile(list, items.length ? items : [["empty", key, emptyState]]);
    },
    fresh || state.timeline.at(-1)?.user === state.viewer,
  );
}

export function startTimeline() {
  walkable(byId("timeline"));
  newsButton(byId("timeline"));
  stickToFoot(byId("timeline"));
  on("timeline", render);
}
