// What a line in the message box means: a message, a command of the app, or one of the few commands of the chat itself.

import { act } from "./api.js";
import { state } from "./state.js";

const here = (more = {}) => ({ user: state.viewer, channel: state.channel, ...more });

/** Commands the chat itself understands, as Slack does. */
export const BUILT_INS = [
  { command: "/invite", usage_hint: "@person", description: "Add somebody, or the bot, to this channel", run: invite },
  {
    command: "/me",
    usage_hint: "does something",
    description: "Say what you are doing",
    run: (text) => act("message", here({ text, subtype: "me_message" })),
  },
  { command: "/leave", description: "Leave this channel", run: () => act("leave", here()) },
  {
    command: "/rename",
    usage_hint: "new-name",
    description: "Rename this channel",
    run: (name) => act("rename", here({ name })),
  },
  { command: "/archive", description: "Archive this channel", run: () => act("archive", here()) },
  { command: "/unarchive", description: "Bring this channel back", run: () => act("unarchive", here()) },
];

function invite(text) {
  const handle = text.trim().replace(/^@/, "");
  const found = state.world.users.find((each) => each.name === handle);
  if (!found) throw new Error(`There is nobody called @${handle}.`);
  return act("invite", here({ invitee: found.id }));
}

/** Send what was typed; answers whether it was taken. What went wrong with a command comes as a notice. */
export async function send({ text, files, threadTs, broadcast }) {
  const command = text.match(/^(\/[^\s/]+)(?:\s+([\s\S]*))?$/);
  if (command && !files.length) return runCommand(command[1].toLowerCase(), command[2] ?? "", threadTs);
  const body = here({ text, thread_ts: threadTs ?? undefined, broadcast: broadcast || undefined });
  await act("message", files.length ? { ...body, files } : body);
  return true;
}

async function runCommand(command, text, threadTs) {
  const ours = state.world.app.commands.some((each) => each.command === command);
  const builtIn = BUILT_INS.find((each) => each.command === command);
  if (threadTs)
    throw new Error("Slash commands do not work in threads, neither here nor on Slack. Use the channel's message box.");
  if (builtIn && !ours) {
    await builtIn.run(text);
    return true;
  }
  const answer = await act("command", here({ command, text }));
  return answer.status !== "no_such_command";
}
