// Editing a message where it stands.

import { act } from "./api.js";
import { h } from "./dom.js";
import { attempt } from "./interact.js";
import { startEdit } from "./message_actions.js";
import { asTyped } from "./mrkdwn.js";
import { state } from "./state.js";

export function editor(message, opts) {
  const area = h("textarea", { class: "edit-area", "aria-label": "Edit message", rows: 2 });
  area.value = state.editDraft ?? asTyped(message.text ?? "");
  area.addEventListener("input", () => {
    state.editDraft = area.value;
  });
  const save = async () => {
    if (!area.value.trim()) return;
    const done = await attempt(
      act("edit", { user: state.viewer, channel: opts.channel, ts: message.ts, text: area.value }),
    );
    if (done) startEdit(null);
  };
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      startEdit(null);
    }
  });
  requestAnimationFrame(() => {
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  });
  return h(
    "div",
    { class: "edit" },
    area,
    h(
      "div",
      { class: "edit-foot" },
      h("button", { type: "button", class: "btn btn-small", onclick: () => startEdit(null) }, "Cancel"),
      h("button", { type: "button", class: "btn btn-small btn-primary", onclick: save }, "Save"),
    ),
  );
}
