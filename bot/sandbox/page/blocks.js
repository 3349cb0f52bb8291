// Block Kit blocks as DOM nodes. Elements that people use are built in controls.js.

import { control } from "./controls.js";
import { h } from "./dom.js";
import { link } from "./links.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const BLOCKS = {
  section(block, ctx) {
    const fields =
      block.fields &&
      h(
        "div",
        { class: "fields" },
        block.fields.map((field) => h("div", { class: "field-cell" }, textObject(field))),
      );
    const body = h(
      "div",
      { class: "section-body" },
      block.text && h("div", { class: "section-text" }, textObject(block.text)),
      fields,
    );
    return [body, block.accessory && h("div", { class: "accessory" }, element(block.accessory, block, ctx))];
  },
  header: (block) => [h("h3", {}, textObject(block.text))],
  context: (block, ctx) =>
    (block.elements ?? []).map((el) =>
      el.type === "image" ? picture(el, "context-image") : h("span", {}, textObject(el, ctx)),
    ),
  divider: () => [h("hr")],
  actions: (block, ctx) => (block.elements ?? []).map((el) => element(el, block, ctx)),
  image: (block) => [
    block.title && h("div", { class: "image-title" }, textObject(block.title)),
    picture(block, "block-image"),
  ],
  rich_text: (block) => richText(block),
  input: (block, ctx) => [inputField(block, ctx)],
  markdown: (block) => mrkdwn(block.text ?? ""),
  alert: (block) => [h("div", { role: "note" }, textObject(block.text))],
  table: (block) => [
    h("div", { class: "table-scroll", tabindex: "0" }, h("table", {}, (block.rows ?? []).map(tableRow))),
  ],
};

function tableRow(cells, index) {
  const cell = (each) => h(index ? "td" : "th", {}, each.type === "rich_text" ? richText(each) : (each.text ?? ""));
  return h("tr", {}, cells.map(cell));
}

/** All blocks of a message, a modal or a Home tab. */
export function renderBlocks(blocks, ctx) {
  return blocks.map((block) => {
    const nodes = BLOCKS[block.type]?.(block, ctx) ?? [
      h("em", {}, `(a ${block.type} block: the sandbox cannot show it)`),
    ];
    return h("div", { class: `block block-${block.type}`, dataset: { block: block.block_id ?? "" } }, nodes);
  });
}

// Pictures of other hosts are not fetched: nothing leaves this machine. They are shown by their description.
function picture(block, className) {
  const path = ownPath(block.image_url ?? block.slack_file?.url);
  if (path) return h("img", { src: path, alt: block.alt_text, class: className, loading: "lazy" });
  const label = block.alt_text || "picture";
  return h(
    "span",
    { class: "no-picture", title: "The sandbox fetches no picture from other hosts." },
    "Picture: ",
    link(block.image_url ?? "", label),
  );
}

/** The path of a URL of this server, else null. */
export function ownPath(url) {
  if (!url || !URL.canParse(url, location.href)) return null;
  const parsed = new URL(url, location.href);
  const local =
    parsed.origin === location.origin ||
    (parsed.port === location.port && ["127.0.0.1", "localhost"].includes(parsed.hostname));
  return local ? parsed.pathname + parsed.search : null;
}

function element(el, block, ctx) {
  if (el.type === "image") return picture(el, "accessory-image");
  const built = control(el, { block, ctx, dispatch: true });
  ctx.form.add(block, el, built);
  return built.node;
}

let lastId = 0;

function inputField(block, ctx) {
  const id = `field-${++lastId}`;
  const el = block.element;
  const error = h("p", { class: "field-error", id: `${id}-error`, role: "alert" });
  const hint = block.hint && h("p", { class: "field-hint", id: `${id}-hint` }, textObject(block.hint));
  const built = control(el, {
    block,
    ctx,
    dispatch: Boolean(block.dispatch_action),
    id,
    describedBy: `${hint ? `${id}-hint ` : ""}${id}-error`,
  });
  const label = [textObject(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  ctx.form.add(block, el, built, error);
  if (built.group) return h("fieldset", { class: "field" }, h("legend", {}, label), built.node, hint, error);
  return h("div", { class: "field" }, h("label", { for: id }, label), built.node, hint, error);
}
