// What a person can do with a message: react, reply, edit, delete, copy its link, run a shortcut of the app.

import { act } from "./api.js";
import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt } from "./interact.js";
import { hashFor } from "./links.js";
import { openMenu } from "./menu.js";
import { pickEmoji } from "./picker.js";
import { emit, isAdmin, state } from "./state.js";
import { pulse } from "./avatar.js";
import { toast } from "./toasts.js";

const as = (message, opts, more = {}) => ({ user: state.viewer, channel: opts.channel, ts: message.ts, ...more });

export function toggleReaction(message, opts, name) {
  const mine = message.reactions?.find((each) => each.name === name)?.users.includes(state.viewer);
  return attempt(act("react", as(message, opts, { name, remove: Boolean(mine) })));
}

/** Open the thread of a message: its root, if the message itself is a reply. */
export function openThread(message) {
  location.hash = hashFor(state.channel, message.thread_ts ?? message.ts);
}

export function startEdit(message) {
  state.editing = message?.ts ?? null;
  state.editDraft = null;
  emit("timeline");
  emit("replies");
}

/** The bar that appears on hover and on focus. */
export function messageTools(message, opts) {
  const react = tool("Add reaction", "smile", () => pickEmoji(react, (name) => toggleReaction(message, opts, name)));
  const reply = opts.inThread ? null : tool("Reply in thread", "reply", () => openThread(message));
  const more = tool("More actions", "more", () => openMenu(more, moreItems(message, opts)));
  return h("div", { class: "tools", role: "group", "aria-label": "Message actions" }, react, reply, more);
}

function tool(label, name, run) {
  return h(
    "button",
    { type: "button", class: "icon-btn", "aria-label": label, title: label, onclick: run },
    icon(name),
  );
}

function moreItems(message, opts) {
  const own = message.user === state.viewer && !message.bot_id;
  const items = [{ label: "Copy link", icon: icon("link"), run: () => copyLink(message, opts) }];
  if (own) items.push({ label: "Edit message", icon: icon("pencil"), run: () => startEdit(message) });
  if (own || isAdmin(state.viewer))
    items.push({ label: "Delete message…", icon: icon("trash"), danger: true, run: () => remove(message, opts) });
  const shortcuts = state.world.app.shortcuts.filter((each) => each.type === "message");
  if (shortcuts.length) items.push({ heading: state.world.app.name });
  return [
    ...items,
    ...shortcuts.map((each) => ({
      label: each.name,
      note: each.description,
      icon: pulse(),
      run: () => runShortcut(each, as(message, opts)),
    })),
  ];
}

/** Run a message or global shortcut; when it fails the server sends a notice, which is shown as a toast. */
export const runShortcut = (shortcut, target) =>
  attempt(act("shortcut", { ...target, callback_id: shortcut.callback_id }));

async function copyLink(message, opts) {
  const url = new URL(hashFor(opts.channel, message.thread_ts ?? message.ts), location.href).href;
  await navigator.clipboard?.writeText(url).then(
    () => toast("Link copied."),
    () => toast(url),
  );
}

async function remove(message, opts) {
  const body = h("p", {}, "The message disappears for everybody. The bot is told, as it would be on Slack.");
  if ((await ask({ title: "Delete this message?", body, submit: "Delete", danger: true })) === "yes")
    await attempt(act("delete", as(message, opts)));
}
