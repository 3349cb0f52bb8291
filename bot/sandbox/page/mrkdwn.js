// Slack's mrkdwn as DOM nodes. Every piece of text ends in a text node; the only markup is what this file builds.

import { fillDateTokens } from "./dates.js";
import { h } from "./dom.js";
import { textWithEmoji } from "./emoji.js";
import { link } from "./links.js";
import { channel, nameOf, placeName, state, user } from "./state.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
export const unescape = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);

// A style needs a border outside and no space inside, so that 2*3*4 and snake_case_names stay as they are.
const styled = (mark, group) => {
  const m = mark === "*" ? "\\*" : mark;
  return `(?<![\\w${m}])${m}(?<${group}>[^\\s${m}](?:[^${m}\\n]*[^\\s${m}])?)${m}(?![\\w${m}])`;
};
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<token>[^<>\\n]+)>",
    "(?<url>https?://[^\\s<>`|]*[^\\s<>`|.,;:!?'\")\\]*_~])",
    styled("*", "bold"),
    styled("_", "italic"),
    styled("~", "strike"),
  ].join("|"),
  "gu",
);

/** The nodes of a mrkdwn text. With verbatim, bare links stay text. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const nodes = [];
  text.split(/```\n?([\s\S]*?)\n?```/).forEach((piece, index) => {
    if (index % 2) nodes.push(h("pre", { class: "fence", tabindex: "0", role: "region", "aria-label": "Code" }, inline(piece, { only: "token" })));
    else if (piece) nodes.push(...paragraphs(index ? piece.replace(/^\n/, "") : piece, { verbatim }));
  });
  return nodes;
}

function paragraphs(text, options) {
  const nodes = [];
  const lines = text.split("\n");
  while (lines.length) {
    if (/^(?:&gt;|>){3}/.test(lines[0])) {
      nodes.push(
        quote(
          lines.splice(0).map((line, i) => (i ? line : line.replace(/^(?:&gt;|>){3} ?/, ""))),
          options,
        ),
      );
    } else if (/^(?:&gt;|>)/.test(lines[0])) {
      nodes.push(
        quote(
          takeWhile(lines, /^(?:&gt;|>)/).map((line) => line.replace(/^(?:&gt;|>) ?/, "")),
          options,
        ),
      );
    } else if (LIST_ITEM.test(lines[0])) nodes.push(listItem(lines.shift(), options));
    else nodes.push(...plainLine(lines.shift(), options), lines.length && !startsBlock(lines[0]) ? h("br") : null);
  }
  return nodes.filter(Boolean);
}

const LIST_ITEM = /^(\s*)([•◦▪\-–]|\d{1,2}[.)])\s+(.*)$/u;
const startsBlock = (line) => /^(?:&gt;|>)/.test(line) || LIST_ITEM.test(line);
const plainLine = (line, options) => inline(line, options);

function takeWhile(lines, pattern) {
  const end = lines.findIndex((line) => !pattern.test(line));
  return lines.splice(0, end === -1 ? lines.length : end);
}

function quote(lines, options) {
  return h(
    "blockquote",
    {},
    lines.map((line, index) => [index ? h("br") : null, inline(line, options)]),
  );
}

function listItem(line, options) {
  const [, indent, bullet, rest] = line.match(LIST_ITEM);
  return h(
    "span",
    { class: "hanging", dataset: { depth: Math.min(3, Math.floor(indent.length / 2)) } },
    h("span", { class: "bullet" }, `${bullet} `),
    h("span", {}, inline(rest, options)),
  );
}

/** One line's nodes: styles, code, tokens, links, emoji. */
export function inline(text, options = {}) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const built = inlineNode(match.groups, options);
    if (!built) continue;
    nodes.push(...leaf(text.slice(from, match.index), options), built);
    from = match.index + match[0].length;
  }
  return [...nodes, ...leaf(text.slice(from), options)];
}

const leaf = (text, { only }) => (only ? [document.createTextNode(unescape(text))] : textWithEmoji(unescape(text)));

function inlineNode(groups, options) {
  if (groups.token) return token(groups.token);
  if (options.only) return null;
  if (groups.code) return h("code", {}, inline(groups.code, { only: "token" }));
  if (groups.url) return options.verbatim ? null : link(unescape(groups.url));
  const [tag, body] = Object.entries({ strong: groups.bold, em: groups.italic, s: groups.strike }).find(
    ([, found]) => found,
  );
  return h(tag, {}, inline(body, options));
}

function token(body) {
  const bar = body.indexOf("|");
  const target = bar === -1 ? body : body.slice(0, bar);
  const label = bar === -1 ? "" : unescape(body.slice(bar + 1));
  if (target.startsWith("@")) return mentionUser(target.slice(1), label);
  if (target.startsWith("#")) return mentionChannel(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(unescape(target), label);
}

export function mentionUser(id, label = "") {
  const name = user(id) ? nameOf(id) : label || id;
  return h(
    "span",
    { class: id === state.viewer ? "mention mention-me" : "mention", title: user(id)?.name && `@${user(id).name}` },
    `@${name}`,
  );
}

export function mentionChannel(id, label = "") {
  const found = channel(id);
  if (!found) return h("span", { class: "mention" }, `#${label || id}`);
  return link(`#${found.is_im ? id : found.name}`, placeName(found), "mention");
}

export const broadcast = (range) => h("span", { class: "mention mention-me" }, `@${range}`);

export function mentionGroup(id, label = "") {
  const group = state.world.usergroups?.find((each) => each.id === id);
  return h("span", { class: "mention" }, group ? `@${group.handle}` : label || id);
}

function special(body, label) {
  const [kind, ...rest] = body.split("^");
  if (["here", "channel", "everyone"].includes(kind)) return broadcast(kind);
  if (kind === "subteam") return mentionGroup(rest[0], label);
  if (kind === "date") return date(Number(rest[0]), unescape(rest[1] ?? "{date}"), rest[2], label);
  return document.createTextNode(label || `<!${body}>`);
}

/** A moment, in the reader's zone; the sender's fallback is its tooltip. */
export function date(epoch, pattern, url, fallback) {
  if (!Number.isFinite(epoch)) return document.createTextNode(fallback ?? "");
  const node = h(
    "time",
    { datetime: new Date(epoch * 1000).toISOString(), title: fallback },
    fillDateTokens(epoch, pattern),
  );
  return url ? link(url, node) : node;
}

/** What a person would have typed to get this text: the start of an edit. */
export function asTyped(text) {
  const plain = text.replace(/<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>/g, (_, sign, target, label) => {
    if (sign === "@") return `@${user(target)?.name ?? target}`;
    if (sign === "#") return `#${channel(target)?.name ?? label ?? target}`;
    return sign === "!" ? `@${target.split("^")[0]}` : target;
  });
  return unescape(plain);
}

/** A Block Kit text object. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "", { verbatim: object.verbatim });
  return (object.text ?? "")
    .split("\n")
    .flatMap((line, i) => [i ? h("br") : null, ...textWithEmoji(line, object.emoji !== false)]);
}
