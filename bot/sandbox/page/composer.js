// The message box: grows with its text, completes names and commands, attaches files, keeps a draft per conversation.

import { complete } from "./complete.js";
import { send } from "./commands.js";
import { askForFile } from "./dialogs.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { pulse } from "./avatar.js";
import { runShortcut } from "./message_actions.js";
import { pickEmoji } from "./picker.js";
import { channel, on, placeName, state } from "./state.js";
import { suggestions } from "./suggestions.js";
import { toast } from "./toasts.js";

/** A composer for the channel or, with thread: true, for the open thread. */
export function makeComposer({ id, thread = false }) {
  const box = { id, thread, files: [], key: null };
  box.area = h("textarea", {
    id,
    rows: 1,
    class: "composer-area",
    role: "combobox",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    "aria-controls": `${id}-list`,
    autocomplete: "off",
    spellcheck: "true",
  });
  box.list = suggestions(box.area, `${id}-list`, () => complete(box.area.value, box.area.selectionStart));
  box.chips = h("div", { class: "pending-files" });
  box.also = thread ? h("input", { type: "checkbox" }) : null;
  box.sendButton = h(
    "button",
    {
      type: "button",
      class: "send-btn",
      "aria-label": "Send message",
      title: "Send (Enter)",
      onclick: () => submit(box),
    },
    icon("send"),
  );
  box.node = layout(box);
  box.retarget = () => retarget(box);
  box.area.addEventListener("input", () => {
    grow(box);
    remember(box);
  });
  box.area.addEventListener("keydown", (event) => onKey(event, box));
  return box;
}

function layout(box) {
  const more = toolButton("Attach and shortcuts", "plus", () => openMenu(more, plusItems(box)));
  const smile = toolButton("Insert emoji", "smile", () => pickEmoji(smile, (name) => insert(box, `:${name}: `)));
  const at = toolButton("Mention somebody", "at", () => insert(box, "@"));
  const slash = h(
    "button",
    {
      type: "button",
      class: "icon-btn slash",
      "aria-label": "Run a command",
      title: "Run a command",
      onclick: () => {
        if (!box.area.value) insert(box, "/");
      },
    },
    "/",
  );
  const also = box.also && h("label", { class: "also" }, box.also, " Also send to the channel");
  return h(
    "div",
    { class: "composer" },
    box.list.node,
    h(
      "div",
      { class: "composer-box" },
      box.chips,
      box.area,
      h(
        "div",
        { class: "composer-tools" },
        more,
        box.thread ? null : slash,
        at,
        smile,
        h("span", { class: "grow" }),
        also,
        box.sendButton,
      ),
    ),
  );
}

const toolButton = (label, name, run) =>
  h("button", { type: "button", class: "icon-btn", "aria-label": label, title: label, onclick: run }, icon(name));

function plusItems(box) {
  const shortcuts = state.world.app.shortcuts.filter((each) => each.type === "global");
  const items = [{ label: "Attach a text file…", icon: icon("clip"), run: () => attach(box) }];
  if (shortcuts.length) items.push({ heading: `${state.world.app.name}: shortcuts` });
  return [
    ...items,
    ...shortcuts.map((each) => ({
      label: each.name,
      note: each.description,
      icon: pulse(),
      run: () => runShortcut(each, { user: state.viewer }),
    })),
  ];
}

async function attach(box) {
  const file = await askForFile();
  if (file) box.files.push(file);
  showFiles(box);
  box.area.focus();
}

function showFiles(box) {
  fill(
    box.chips,
    box.files.map((file) =>
      h(
        "span",
        { class: "file-chip small" },
        icon("file"),
        file.name,
        h(
          "button",
          {
            type: "button",
            class: "icon-btn",
            "aria-label": `Remove ${file.name}`,
            onclick: () => {
              box.files = box.files.filter((each) => each !== file);
              showFiles(box);
            },
          },
          icon("close"),
        ),
      ),
    ),
  );
}

function insert(box, text) {
  const { selectionStart: from, selectionEnd: to, value } = box.area;
  const gap = from > 0 && !/\s$/.test(value.slice(0, from)) ? " " : "";
  box.area.setRangeText(gap + text, from, to, "end");
  box.area.focus();
  box.area.dispatchEvent(new Event("input"));
}

function onKey(event, box) {
  if (event.isComposing || box.list.onKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    submit(box);
  }
}

async function submit(box) {
  const text = box.area.value.trim();
  const files = box.files;
  if (!text && !files.length) return;
  const target = box.key;
  setText(box, "");
  box.files = [];
  showFiles(box);
  box.sendButton.classList.add("busy");
  const giveBack = () => {
    if (box.key === target && !box.area.value) {
      setText(box, text);
      box.files = files;
      showFiles(box);
    }
  };
  try {
    const taken = await send({ text, files, threadTs: box.thread ? state.thread : null, broadcast: box.also?.checked });
    if (!taken) giveBack();
    else if (box.also) box.also.checked = false;
  } catch (error) {
    toast(error.message, "error");
    giveBack();
  } finally {
    box.sendButton.classList.remove("busy");
  }
}

function setText(box, text) {
  box.area.value = text;
  box.list.close();
  grow(box);
  remember(box);
}

function remember(box) {
  state.drafts.set(box.key, box.area.value);
}

function grow(box) {
  box.area.style.height = "auto";
  box.area.style.height = `${Math.min(box.area.scrollHeight, innerHeight * 0.4)}px`;
}

/** Point the box at what is open now, with the draft kept for it. */
function retarget(box) {
  const found = channel(state.channel);
  box.key = `${state.viewer} ${state.channel} ${box.thread ? state.thread : ""}`;
  const place = placeName(found);
  box.area.placeholder = box.thread ? "Reply…" : `Message ${place}`;
  box.area.setAttribute("aria-label", box.thread ? "Reply in thread" : `Message ${place}`);
  box.area.disabled = Boolean(found.is_archived);
  if (found.is_archived) box.area.placeholder = "This channel is archived";
  setText(box, state.drafts.get(box.key) ?? "");
}

let main = null;

export function startComposer() {
  main = makeComposer({ id: "composer-main" });
  byId("composer").append(main.node);
  on("channel viewer", () => main.retarget());
}

/** Put a text into the channel's box, ready to be sent. */
export function fillComposer(text) {
  setText(main, text);
  main.area.focus();
}
