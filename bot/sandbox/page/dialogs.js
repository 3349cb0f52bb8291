// The page's own dialogs: confirm a button, attach a file, ask for one thing. Modals of the app live in modal.js.

import { byId, h, trapFocus } from "./dom.js";
import { bookmark } from "./focus.js";
import { icon } from "./icons.js";
import { textObject } from "./mrkdwn.js";

/** Open a dialog and answer with what it was closed with ("" if it was dismissed). */
export function ask({ title, body, submit, danger, cancel = "Cancel" }) {
  return new Promise((resolve) => {
    const id = "dialog-title";
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": id });
    const form = h(
      "form",
      { method: "dialog" },
      h(
        "header",
        { class: "dialog-head" },
        h("h2", { id }, title),
        h(
          "button",
          { type: "button", class: "icon-btn", "aria-label": "Close", onclick: () => dialog.close("") },
          icon("close"),
        ),
      ),
      h("div", { class: "dialog-body" }, body),
      h(
        "footer",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "btn", onclick: () => dialog.close("") }, cancel),
        h("button", { class: `btn btn-${danger ? "danger" : "primary"}`, value: "yes" }, submit),
      ),
    );
    dialog.append(form);
    const back = bookmark();
    dialog.addEventListener("close", () => {
      dialog.remove();
      back();
      resolve(dialog.returnValue);
    });
    byId("dialogs").append(dialog);
    trapFocus(dialog);
    dialog.showModal();
    (form.querySelector("input, textarea, select") ?? form.querySelector(".btn-primary, .btn-danger")).focus();
  });
}

/** A Block Kit confirm object. */
export async function confirmDialog(confirm) {
  const words = {
    title: textObject(confirm.title),
    submit: textObject(confirm.confirm),
    cancel: textObject(confirm.deny),
  };
  return (
    (await ask({ ...words, body: h("p", {}, textObject(confirm.text)), danger: confirm.style === "danger" })) === "yes"
  );
}

/** Name and text of a file to attach, or null. */
export async function askForFile() {
  const name = h("input", { id: "file-name", type: "text", value: "notes.txt", required: true });
  const content = h("textarea", { id: "file-content", rows: 8, placeholder: "step 3100  loss nan  lr 3e-4" });
  const picked = h("input", {
    id: "file-pick",
    type: "file",
    onchange: async () => {
      const [file] = picked.files;
      if (file) [name.value, content.value] = [file.name, await file.text()];
    },
  });
  const field = (label, input) => h("div", { class: "field" }, h("label", { for: input.id }, label), input);
  const body = [field("Name", name), field("Text content", content), field("Or read a text file", picked)];
  const yes = (await ask({ title: "Attach a file", body, submit: "Attach" })) === "yes";
  return yes && name.value.trim() ? { name: name.value.trim(), content: content.value } : null;
}
