// One message as a row: author, content, files, reactions, thread summary and the tool bar.

import { avatar } from "./avatar.js";
import { ownPath, renderBlocks } from "./blocks.js";
import { ago, clockTime, fullTime } from "./dates.js";
import { h } from "./dom.js";
import { editor } from "./editor.js";
import { emoji } from "./emoji.js";
import { makeForm } from "./form.js";
import { icon } from "./icons.js";
import { hashFor } from "./links.js";
import { messageTools, openThread, toggleReaction } from "./message_actions.js";
import { mrkdwn } from "./mrkdwn.js";
import { pickEmoji } from "./picker.js";
import { appUser, nameOf, state } from "./state.js";
import { dismiss } from "./store.js";

export const authorOf = (message) => (message.bot_id ? appUser() : message.user);

export function authorName(message) {
  return message.username ?? (message.bot_id ? state.world.app.name : nameOf(message.user));
}

const SYSTEM = /^(channel_|group_|pinned_item|bookmark_)/;
export const isSystem = (message) => SYSTEM.test(message.subtype ?? "");

/** A row. opts = {channel, compact, inThread}. */
export function messageRow(message, opts) {
  if (isSystem(message))
    return h(
      "article",
      { class: "msg system", tabindex: "-1" },
      h("span", {}, mrkdwn(message.text ?? ""), " ", stamp(message, opts)),
    );
  const deleted = message.subtype === "tombstone";
  const gutter = opts.compact
    ? stamp(message, opts, "gutter-time")
    : avatar(deleted ? "" : authorOf(message), deleted ? "avatar-gone" : "");
  const body = h(
    "div",
    { class: "msg-body" },
    head(message, opts),
    deleted ? h("p", { class: "gone" }, "(deleted) This message was deleted.") : content(message, opts),
    threadSummary(message, opts),
  );
  const tools = deleted || message.is_ephemeral ? null : messageTools(message, opts);
  return h(
    "article",
    {
      class: `msg${opts.compact ? " compact" : ""}${message.is_ephemeral ? " ephemeral" : ""}`,
      tabindex: "-1",
      dataset: { ts: message.ts },
      "aria-label": `${deleted ? "Deleted message" : authorName(message)}, ${clockTime(Number(message.ts))}`,
    },
    h("div", { class: "gutter" }, gutter),
    body,
    tools,
  );
}

function stamp(message, opts, className = "stamp") {
  const epoch = Number(message.ts);
  return h(
    "a",
    {
      class: className,
      href: hashFor(opts.channel, message.thread_ts ?? message.ts),
      title: fullTime(epoch),
      tabindex: "-1",
    },
    clockTime(epoch),
  );
}

function head(message, opts) {
  const only =
    message.is_ephemeral &&
    h(
      "div",
      { class: "only-you" },
      icon("eye"),
      "Only visible to you",
      h("button", { type: "button", class: "link-btn", onclick: () => dismiss(message.ts) }, "Dismiss"),
    );
  if (opts.compact || message.subtype === "tombstone") return only || null;
  const badge = message.bot_id && h("span", { class: "badge" }, "BOT");
  return [
    only,
    h("div", { class: "msg-head" }, h("span", { class: "author" }, authorName(message)), badge, stamp(message, opts)),
  ];
}

function content(message, opts) {
  if (state.editing === message.ts) return editor(message, opts);
  const ctx = { channel: opts.channel, ts: message.ts, form: formFor(message, opts) };
  const broadcast =
    message.subtype === "thread_broadcast" &&
    !opts.inThread &&
    h(
      "div",
      { class: "also-sent" },
      "replied to ",
      h("a", { href: hashFor(opts.channel, message.thread_ts) }, "a thread"),
    );
  const edited =
    message.edited && h("span", { class: "edited", title: fullTime(Number(message.edited.ts)) }, "(edited)");
  return [
    broadcast,
    h("div", { class: `msg-text${message.subtype === "me_message" ? " me" : ""}` }, words(message, ctx), edited),
    (message.files ?? []).map(fileChip),
    attachments(message, ctx),
    reactions(message, opts),
  ];
}

const forms = new Map();

// A reaction or an update draws the row anew; what somebody has typed into it by then must stay.
function formFor(message, opts) {
  const key = `${state.viewer} ${message.ts} ${opts.inThread}`;
  const form = makeForm(forms.get(key)?.typed());
  forms.set(key, form);
  return form;
}

// What a person typed is shown from its text: there *stars* are styles. The bot's blocks are its message.
function words(message, ctx) {
  if (message.bot_id && message.blocks?.length) return h("div", { class: "blocks" }, renderBlocks(message.blocks, ctx));
  return mrkdwn(message.text ?? "");
}

function attachments(message, ctx) {
  return (message.attachments ?? []).map((each) =>
    h(
      "div",
      { class: "attachment" },
      each.blocks ? renderBlocks(each.blocks, ctx) : mrkdwn(each.text ?? each.fallback ?? ""),
    ),
  );
}

function fileChip(file) {
  const path = ownPath(file.url_private ?? file.permalink);
  const label = h(
    "span",
    { class: "file-label" },
    h("span", { class: "file-name" }, file.title || file.name),
    h("span", { class: "file-kind" }, [file.pretty_type ?? file.mimetype, size(file.size)].filter(Boolean).join(" · ")),
  );
  // A file is saved and never opened: an HTML file that somebody shared would run as a page of this server.
  const chip = h(
    path ? "a" : "span",
    { class: "file-chip", href: path, download: path && file.name },
    icon("file"),
    label,
  );
  if (!path || !file.mimetype?.startsWith("image/")) return chip;
  const image = h("img", { class: "file-image", src: path, alt: file.alt_txt ?? file.title ?? file.name });
  return [h("a", { class: "file-open", href: path, target: "_blank", rel: "noopener" }, image), chip];
}

const size = (bytes) => (bytes === undefined ? "" : bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`);

function reactions(message, opts) {
  if (!message.reactions?.length) return null;
  const add = h(
    "button",
    {
      type: "button",
      class: "reaction reaction-add",
      "aria-label": "Add reaction",
      onclick: () => pickEmoji(add, (name) => toggleReaction(message, opts, name)),
    },
    icon("smile"),
  );
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((each) => reaction(each, message, opts)),
    add,
  );
}

function reaction(each, message, opts) {
  const mine = each.users.includes(state.viewer);
  const who = each.users.map(nameOf).join(", ");
  return h(
    "button",
    {
      type: "button",
      class: "reaction",
      "aria-pressed": String(mine),
      title: `${who} reacted with :${each.name}:`,
      "aria-label": `${each.name.replaceAll("_", " ")}, ${each.count}, by ${who}`,
      onclick: () => toggleReaction(message, opts, each.name),
    },
    emoji(each.name),
    h("span", { class: "count" }, each.count),
  );
}

function threadSummary(message, opts) {
  if (!message.reply_count || opts.inThread) return null;
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  const last = Number(message.latest_reply);
  return h(
    "button",
    { type: "button", class: "thread-summary", onclick: () => openThread(message) },
    h(
      "span",
      { class: "faces" },
      (message.reply_users ?? []).slice(0, 4).map((id) => avatar(id, "tiny")),
    ),
    h("span", { class: "thread-count" }, count),
    last ? h("span", { class: "thread-last" }, "last reply ", h("span", { dataset: { ago: last } }, ago(last))) : null,
  );
}

/** Refresh the "2 min ago" texts, which grow old by themselves. */
export function refreshAgo() {
  for (const node of document.querySelectorAll("[data-ago]")) node.textContent = ago(Number(node.dataset.ago));
}
