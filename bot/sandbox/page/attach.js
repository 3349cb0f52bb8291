// The file input of a modal: choose files or drag them here; each is uploaded at once and goes with the submission.

import { act } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { state } from "./state.js";

const MOST_FILES = 10;
// Everything is kept in the sandbox's memory, and a log of that size is cut before anybody reads it.
const LARGEST = 20 * 1024 * 1024;

export function fileInput(el, use) {
  const box = {
    most: el.max_files ?? MOST_FILES,
    kinds: (el.filetypes ?? []).map((kind) => kind.toLowerCase()),
    files: [],
    busy: Promise.resolve(),
    list: h("ul", { class: "file-list" }),
    problem: h("p", { class: "field-error", role: "alert" }),
  };
  box.input = h("input", {
    id: use.id,
    type: "file",
    class: "sr-only",
    multiple: box.most > 1,
    accept: box.kinds.map((kind) => `.${kind}`).join(",") || null,
    "aria-describedby": use.describedBy,
    dataset: { action: el.action_id },
    onchange: () => {
      take(box, [...box.input.files]);
      // So that the same file can be chosen again after it was removed.
      box.input.value = "";
    },
  });
  box.node = layout(box);
  return {
    node: box.node,
    input: box.input,
    ready: () => box.busy,
    read: () => box.files,
    write: (files) => {
      box.files = files ?? [];
      show(box);
    },
  };
}

function layout(box) {
  const words = box.most > 1 ? "Choose files…" : "Choose a file…";
  const choose = h("label", { for: box.input.id, class: "btn btn-small" }, icon("clip"), words);
  const zone = h(
    "div",
    {
      class: "file-zone",
      ondragover: () => zone.classList.add("over"),
      ondragleave: (event) => zone.contains(event.relatedTarget) || zone.classList.remove("over"),
      ondrop: (event) => {
        zone.classList.remove("over");
        take(box, [...event.dataTransfer.files]);
      },
    },
    box.list,
    h("div", { class: "file-pick" }, box.input, choose, h("span", { class: "file-drag" }, "or drag here")),
    box.kinds.length > 0 && h("p", { class: "file-limits" }, `Only ${box.kinds.join(", ")}`),
    box.problem,
  );
  return zone;
}

/** What is wrong with these files, or "". */
function problemWith(box, files) {
  const ending = (file) => (file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "");
  const strange = files.find((file) => box.kinds.length > 0 && !box.kinds.includes(ending(file)));
  const large = files.find((file) => file.size > LARGEST);
  if (strange) return `${strange.name} cannot be attached here, only ${box.kinds.join(", ")}.`;
  if (large) return `${large.name} is larger than 20 MB. Please attach the part that matters.`;
  if (box.files.length + files.length > box.most)
    return `Please attach no more than ${box.most === 1 ? "one file" : `${box.most} files`}.`;
  return "";
}

function take(box, files) {
  // One after the other, so that a second choice counts the files of the first.
  box.busy = box.busy.then(async () => {
    box.problem.textContent = problemWith(box, files);
    if (box.problem.textContent) {
      box.problem.scrollIntoView({ block: "nearest" });
      return;
    }
    box.node.classList.add("busy");
    try {
      for (const file of files) {
        box.files = [...box.files, await upload(file)];
        show(box);
      }
    } catch (error) {
      box.problem.textContent = error.message;
    } finally {
      box.node.classList.remove("busy");
      box.node.scrollIntoView({ block: "nearest" });
    }
  });
}

async function upload(file) {
  const given = { user: state.viewer, name: file.name, base64: await encoded(file) };
  return (await act("upload", file.type ? { ...given, mimetype: file.type } : given)).file;
}

function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    // A folder that is dragged here looks like a file until it is read.
    reader.onerror = () => reject(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}

function show(box) {
  fill(
    box.list,
    box.files.map((file) => h("li", { class: "file-chip small" }, icon("file"), name(file), remover(box, file))),
  );
}

const name = (file) => h("span", { class: "file-name" }, file.name);

function remover(box, file) {
  return h(
    "button",
    {
      type: "button",
      class: "icon-btn",
      "aria-label": `Remove ${file.name}`,
      onclick: () => {
        box.files = box.files.filter((each) => each !== file);
        box.problem.textContent = "";
        show(box);
        box.input.focus();
      },
    },
    icon("close"),
  );
}
