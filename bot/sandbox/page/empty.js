// What an empty conversation says: a first step to take.

import { pulse } from "./avatar.js";
import { h } from "./dom.js";
import { appUser, channel, channelName, isBotIm, isDirect, nameOf, state } from "./state.js";
import { fillComposer } from "./composer.js";

const FIRST_COMMAND = "/incident open sev2 loss is NaN since step 3100";

export function emptyState() {
  const found = channel(state.channel);
  if (isBotIm(found)) return botIm();
  return found.members.includes(appUser()) ? firstIncident(found) : withoutBot(found);
}

const welcome = (title, ...body) =>
  h("div", { class: "empty" }, h("div", { class: "empty-mark" }, pulse()), h("h2", {}, title), body);

function firstIncident(found) {
  return welcome(
    isDirect(found) ? `Nothing has been said here yet` : `Nothing has happened in #${found.name} yet`,
    h("p", {}, `Open an incident and see what ${state.world.app.name} does with it. Type`),
    h("p", {}, h("code", { class: "sample" }, FIRST_COMMAND)),
    h(
      "button",
      { type: "button", class: "btn btn-primary", onclick: () => fillComposer(FIRST_COMMAND) },
      "Put it into the message box",
    ),
    h(
      "p",
      { class: "empty-note" },
      "Then answer in the thread the bot opens, switch to another person at the top left, and hand the incident over.",
    ),
  );
}

function botIm() {
  const { name, home_tab: hasHome } = state.world.app;
  return welcome(
    `This is where ${name} writes to you`,
    h("p", {}, `What concerns ${nameOf(state.viewer)} alone arrives here.`),
    hasHome ? h("p", {}, `The Home tab above shows what ${name} has published for you.`) : null,
  );
}

function withoutBot(found) {
  const title = found.is_im ? `Only you and ${channelName(found)} are here` : `#${found.name} is quiet`;
  const invite = `/invite @${state.world.users.find((each) => each.id === appUser())?.name}`;
  if (found.is_im) return welcome(title, h("p", {}, `${state.world.app.name} cannot see this conversation.`));
  return welcome(
    title,
    h("p", {}, `${state.world.app.name} is not a member of this channel and sees nothing of it. To let it in, type`),
    h("p", {}, h("code", { class: "sample" }, invite)),
    h("button", { type: "button", class: "btn", onclick: () => fillComposer(invite) }, "Put it into the message box"),
  );
}
