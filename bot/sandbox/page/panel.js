// The drawer with what is the sandbox's and not the chat's: its clock, the bot's connection, a fresh start.

import { advanceClock, getComplaints, resetWorld } from "./api.js";
import { fullTime } from "./dates.js";
import { ask } from "./dialogs.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt } from "./interact.js";
import { now, on, state } from "./state.js";
import { toast } from "./toasts.js";

const STEPS = [
  ["15 min", 900],
  ["1 h", 3600],
  ["8 h", 28800],
];
const KEYS = [
  ["Enter", "send"],
  ["Shift+Enter", "new line"],
  ["Alt+1 … 4", "act as another person"],
  ["↑ ↓", "walk through messages"],
  ["Esc", "close what is open"],
];

let complaints = [];
let opener = null;

export function togglePanel(event) {
  const panel = byId("panel");
  if (!panel.hidden) {
    closePanel();
    return;
  }
  panel.hidden = false;
  opener = event.currentTarget.id ? event.currentTarget : byId("panel-button");
  render();
  panel.querySelector("button").focus();
  refreshComplaints();
}

function closePanel() {
  const panel = byId("panel");
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  if (inside) opener?.focus();
}

async function refreshComplaints() {
  const answer = await attempt(getComplaints());
  complaints = Array.isArray(answer) ? answer : (answer?.complaints ?? []);
  render();
}

function render() {
  const panel = byId("panel");
  if (panel.hidden) return;
  const focused = [...panel.querySelectorAll("button")].indexOf(document.activeElement);
  draw(panel);
  if (focused >= 0) panel.querySelectorAll("button")[focused]?.focus();
}

function draw(panel) {
  fill(
    panel,
    h(
      "header",
      { class: "panel-head" },
      h("h2", {}, "Sandbox"),
      h(
        "button",
        { type: "button", class: "icon-btn", "aria-label": "Close sandbox controls", onclick: closePanel },
        icon("close"),
      ),
    ),
    section(
      "Clock",
      h("p", { class: "panel-clock" }, icon("clock"), h("span", { id: "clock-now" }, fullTime(now()))),
      h(
        "p",
        { class: "soft" },
        "Prompts and reminders follow this clock. Move it forward to see what the bot does later.",
      ),
      h(
        "div",
        { class: "row", role: "group", "aria-label": "Advance the clock" },
        STEPS.map(([label, seconds]) =>
          h(
            "button",
            { type: "button", class: "btn", onclick: (event) => advance(event.currentTarget, label, seconds) },
            `+ ${label}`,
          ),
        ),
      ),
    ),
    section("Connection", transport()),
    complaints.length
      ? section(
          "Complaints",
          h("p", { class: "soft" }, "Calls of the bot that Slack would not have understood."),
          h(
            "ul",
            { class: "complaints" },
            complaints.map((each) => h("li", {}, h("code", {}, each.method), " ", each.problem)),
          ),
        )
      : null,
    section(
      "Keys",
      h(
        "dl",
        { class: "keys-list" },
        KEYS.flatMap(([key, what]) => [h("dt", {}, key), h("dd", {}, what)]),
      ),
    ),
    section(
      "For scripts",
      h("p", {}, h("code", {}, `${location.origin}/sandbox/`)),
      h("p", { class: "soft" }, "Does what people do here, e.g. ", h("code", {}, "POST act/command"), "."),
    ),
    section(
      "Start again",
      h(
        "p",
        { class: "soft" },
        "Empties all channels of this sandbox. What the bot keeps in its own database stays there.",
      ),
      h("button", { type: "button", class: "btn btn-danger", onclick: reset }, "Reset the sandbox…"),
    ),
  );
}

const section = (title, ...body) => h("section", { class: "panel-part" }, h("h3", {}, title), body);

function transport() {
  const { mode, connections = 0, request_url: url } = state.world.transport ?? {};
  if (mode === "http" || url)
    return h("p", {}, h("span", { class: "lamp lamp-on" }), "HTTP, delivered to ", h("code", {}, url));
  const words = connections
    ? `Socket Mode, ${connections} ${connections === 1 ? "connection" : "connections"}`
    : "Socket Mode: no bot is connected. Start the bot; messages are delivered once it is there.";
  return h("p", {}, h("span", { class: `lamp ${connections ? "lamp-on" : "lamp-off"}` }), words);
}

async function advance(button, label, seconds) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  button.classList.add("busy");
  const answer = await attempt(advanceClock(seconds));
  render();
  if (answer) toast(`The clock moved ${label} forward.`);
}

async function reset() {
  const body = h("p", {}, "All messages, reactions and modals of the sandbox go away. The bot stays connected.");
  if ((await ask({ title: "Reset the sandbox?", body, submit: "Reset", danger: true })) !== "yes") return;
  if (await attempt(resetWorld())) toast("The sandbox is empty again.");
}

export function startPanel() {
  on("world transport clock viewer live", render);
  setInterval(() => {
    const node = byId("clock-now");
    if (node) node.textContent = fullTime(now());
  }, 1000);
  byId("panel").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    closePanel();
  });
}
