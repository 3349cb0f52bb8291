// Block Kit elements people use: buttons, menus, inputs. Each control is {node, read, write, group, input, ready}.

import { fileInput } from "./attach.js";
import { confirmDialog } from "./dialogs.js";
import { fromLocal, toLocal } from "./dates.js";
import { h } from "./dom.js";
import { textOnly } from "./emoji.js";
import { icon } from "./icons.js";
import { perform } from "./interact.js";
import { openMenu } from "./menu.js";
import { textObject } from "./mrkdwn.js";
import { conversationsOf, isRobot, nameOf, placeName, state } from "./state.js";

/** Build one element. use = {block, ctx, dispatch, id, describedBy}. */
export function control(el, use) {
  const make = CONTROLS[el.type];
  if (!make) return { node: h("em", {}, `(${el.type}: the sandbox cannot show it)`) };
  return make(el, use);
}

async function send(el, use, value, node) {
  if (!use.dispatch) return;
  if (el.confirm && !(await confirmDialog(el.confirm))) return;
  await perform({ ctx: use.ctx, block: use.block, el, value, node });
}

function button(el, use) {
  const style = `btn${el.style ? ` btn-${el.style}` : ""}`;
  const props = { class: style, "aria-label": el.accessibility_label, dataset: { action: el.action_id } };
  const press = (event) => send(el, use, undefined, event.currentTarget);
  if (el.url)
    return {
      node: h(
        "a",
        { ...props, href: safeUrl(el.url), target: "_blank", rel: "noopener noreferrer", onclick: press },
        textObject(el.text),
      ),
    };
  return { node: h("button", { type: "button", ...props, onclick: press }, textObject(el.text)) };
}

const safeUrl = (url) => (/^https?:\/\//i.test(url) ? url : null);

function overflow(el, use) {
  const items = el.options.map((option) => ({
    label: textObject(option.text),
    run: () => (
      option.url && safeUrl(option.url) && window.open(option.url, "_blank", "noopener"),
      send(el, use, option.value, node)
    ),
  }));
  const node = h(
    "button",
    {
      type: "button",
      class: "btn btn-icon",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      dataset: { action: el.action_id },
      onclick: () => openMenu(node, items),
    },
    icon("more"),
  );
  return { node };
}

function labelled(el, use, extra = {}) {
  return {
    id: use.id,
    dataset: { action: el.action_id },
    "aria-describedby": use.describedBy,
    "aria-label": use.id ? null : (el.placeholder?.text ?? el.action_id),
    autofocus: el.focus_on_load,
    ...extra,
  };
}

const CHOICES = {
  static_select: (el) =>
    el.options ?? el.option_groups.map((group) => ({ group: group.label.text, options: group.options })),
  users_select: () =>
    state.world.users
      .filter((each) => each.id !== "USLACKBOT" && !isRobot(each))
      .map((each) => choice(each.id, nameOf(each.id))),
  channels_select: () =>
    state.world.channels
      .filter((each) => !each.is_private && !each.is_im)
      .map((each) => choice(each.id, `#${each.name}`)),
  conversations_select: (el) =>
    conversations(el.filter).map((each) => choice(each.id, placeName(each))),
  external_select: () => [],
};
const choice = (value, text) => ({ value, text: { type: "plain_text", text } });

function conversations(filter) {
  const kind = (each) => (each.is_im ? "im" : each.is_mpim ? "mpim" : each.is_private ? "private" : "public");
  const mine = conversationsOf(state.viewer).filter((each) => !each.is_archived);
  return filter?.include ? mine.filter((each) => filter.include.includes(kind(each))) : mine;
}

function initialOf(el, use) {
  const simple = el.initial_option?.value ?? el.initial_user ?? el.initial_channel ?? el.initial_conversation;
  return simple ?? (el.default_to_current_conversation ? (use.ctx.channel ?? state.channel) : "");
}

function select(el, use) {
  const option = (each) =>
    each.group
      ? h("optgroup", { label: each.group }, each.options.map(option))
      : h("option", { value: each.value }, textOnly(each.text.text));
  const prompt = h("option", { value: "" }, textOnly(el.placeholder?.text ?? "Choose…"));
  const node = h("select", labelled(el, use), prompt, CHOICES[el.type](el).map(option));
  node.value = initialOf(el, use);
  // A confirm that is refused must not leave the refused choice on screen.
  let settled = node.value;
  node.addEventListener("change", async () => {
    if (use.dispatch && el.confirm && !(await confirmDialog(el.confirm))) {
      node.value = settled;
      return;
    }
    settled = node.value;
    await send({ ...el, confirm: undefined }, use, node.value, node);
  });
  return {
    node,
    read: () => node.value || null,
    write: (value) => {
      node.value = value ?? "";
    },
  };
}

function checklist(el, use, { type, options, initial }) {
  const name = `choice-${Math.random().toString(36).slice(2)}`;
  const boxes = options.map((option) =>
    h("input", { type, name, value: option.value, checked: initial.includes(option.value) }),
  );
  const rows = options.map((option, index) =>
    h(
      "label",
      { class: "choice" },
      boxes[index],
      h(
        "span",
        {},
        textObject(option.text),
        option.description && h("span", { class: "choice-note" }, textObject(option.description)),
      ),
    ),
  );
  const node = h(
    "div",
    {
      class: options.length > 6 ? "choices choices-long" : "choices",
      // An input block is a fieldset already; elsewhere the group needs a role and a name of its own.
      role: use.id ? null : type === "radio" ? "radiogroup" : "group",
      "aria-label": use.id ? null : el.action_id,
      dataset: { action: el.action_id },
      "aria-describedby": use.describedBy,
    },
    rows,
  );
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const read = () => (type === "radio" ? (chosen()[0] ?? null) : chosen());
  node.addEventListener("change", () => send(el, use, read(), node));
  return {
    node,
    group: true,
    input: boxes[0],
    read,
    write: (value) =>
      boxes.forEach((box) => {
        box.checked = [value].flat().includes(box.value);
      }),
  };
}

const initialList = (el) =>
  el.initial_options?.map((each) => each.value) ??
  el.initial_users ??
  el.initial_conversations ??
  el.initial_channels ??
  [];

function multi(el, use) {
  const options = CHOICES[el.type.replace("multi_", "")](el).flatMap((each) => each.options ?? [each]);
  return checklist(el, use, { type: "checkbox", options, initial: initialList(el) });
}

function text(el, use) {
  const node = h(
    el.multiline ? "textarea" : "input",
    labelled(el, use, {
      type: el.multiline ? null : "text",
      rows: el.multiline ? 4 : null,
      placeholder: el.placeholder?.text,
      minlength: el.min_length,
      maxlength: el.max_length,
      autocomplete: "off",
    }),
  );
  node.value = el.initial_value ?? "";
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !el.multiline && use.dispatch) {
      event.preventDefault();
      send(el, use, node.value, node);
    }
  });
  const io = {
    input: node,
    read: () => node.value || null,
    write: (value) => {
      node.value = value ?? "";
      node.dispatchEvent(new Event("input"));
    },
  };
  return el.max_length ? { ...io, node: counted(node, el.max_length) } : { ...io, node };
}

const SHORT_TEXT = 500;

function counted(node, max) {
  const count = h("span", { class: "char-count" });
  const update = () => {
    // A generous limit is no news before anything is written.
    count.textContent = node.value || max <= SHORT_TEXT ? `${node.value.length} / ${max}` : "";
    count.classList.toggle("near", node.value.length > max * 0.9);
  };
  node.addEventListener("input", update);
  update();
  return h("div", { class: "counted" }, node, count);
}

function native(type, initial, convert = {}) {
  return (el, use) => {
    const limits = {
      min: el.min_value,
      max: el.max_value,
      step: type === "number" ? (el.is_decimal_allowed ? "any" : "1") : null,
    };
    const node = h("input", labelled(el, use, { type, placeholder: el.placeholder?.text, ...limits }));
    const read = () => (node.value === "" ? null : (convert.read ?? String)(node.value));
    const write = (value) => {
      node.value = value === null || value === undefined ? "" : (convert.write ?? String)(value);
    };
    write(el[initial]);
    node.addEventListener("change", () => send(el, use, read(), node));
    return { node, read, write };
  };
}

const CONTROLS = {
  button,
  overflow,
  static_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  external_select: select,
  multi_static_select: multi,
  multi_users_select: multi,
  multi_channels_select: multi,
  multi_conversations_select: multi,
  radio_buttons: (el, use) =>
    checklist(el, use, { type: "radio", options: el.options, initial: [el.initial_option?.value] }),
  checkboxes: (el, use) => checklist(el, use, { type: "checkbox", options: el.options, initial: initialList(el) }),
  plain_text_input: text,
  datepicker: native("date", "initial_date"),
  timepicker: native("time", "initial_time"),
  datetimepicker: native("datetime-local", "initial_date_time", { read: fromLocal, write: toLocal }),
  number_input: native("number", "initial_value"),
  email_text_input: native("email", "initial_value"),
  url_text_input: native("url", "initial_value"),
  file_input: fileInput,
};
