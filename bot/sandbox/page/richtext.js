// The rich_text block: sections, lists, quotes and preformatted text.

import { h } from "./dom.js";
import { emoji, textWithEmoji } from "./emoji.js";
import { link } from "./links.js";
import { broadcast, date, mentionChannel, mentionGroup, mentionUser } from "./mrkdwn.js";

const LEAVES = {
  text: (el) => lines(el.text),
  link: (el) => [link(el.url, el.text)],
  user: (el) => [mentionUser(el.user_id)],
  usergroup: (el) => [mentionGroup(el.usergroup_id)],
  channel: (el) => [mentionChannel(el.channel_id)],
  broadcast: (el) => [broadcast(el.range)],
  emoji: (el) => [emoji(el.name)],
  date: (el) => [date(el.timestamp, el.format ?? "{date}", el.url, el.fallback)],
  color: (el) => [h("code", {}, el.value)],
};
const STYLES = [
  ["code", "code"],
  ["strike", "s"],
  ["italic", "em"],
  ["bold", "strong"],
];

// A rich_text "text" element is never parsed: *stars* stay stars.
function lines(text) {
  return text
    .split("\n")
    .flatMap((line, index) => (index ? [h("br"), ...textWithEmoji(line, false)] : textWithEmoji(line, false)));
}

function leaf(el) {
  const nodes = LEAVES[el.type]?.(el) ?? [document.createTextNode(el.text ?? "")];
  return STYLES.filter(([style]) => el.style?.[style]).reduce((inner, [, tag]) => [h(tag, {}, inner)], nodes);
}

const leaves = (el) => (el.elements ?? []).map(leaf);
const plain = (el) => el.text ?? el.url ?? "";

const PARTS = {
  rich_text_section: (part) => h("div", { class: "rt-section" }, leaves(part)),
  rich_text_quote: (part) => h("blockquote", {}, leaves(part)),
  rich_text_preformatted: (part) => h("pre", { class: "fence", tabindex: "0", role: "region", "aria-label": "Code" }, (part.elements ?? []).map(plain)),
  rich_text_list: (part) => {
    const items = (part.elements ?? []).map((item) => h("li", {}, leaves(item)));
    const start = part.style === "ordered" && part.offset ? part.offset + 1 : null;
    return h(
      part.style === "ordered" ? "ol" : "ul",
      { class: "rt-list", dataset: { indent: part.indent ?? 0 }, start },
      items,
    );
  },
};

/** The nodes of a rich_text block. */
export const richText = (block) => (block.elements ?? []).map((part) => PARTS[part.type]?.(part) ?? null);
