// Sending what a person did with an element to the bot, and showing when the bot did not answer.

import { act } from "./api.js";
import { state } from "./state.js";
import { toast } from "./toasts.js";

/** Report a click or a choice; the control shows that it is busy until the bot has acknowledged. */
export async function perform({ ctx, block, el, value, node }) {
  node.classList.add("busy");
  node.setAttribute("aria-busy", "true");
  try {
    const where = ctx.viewId ? { view_id: ctx.viewId } : { channel: ctx.channel, ts: ctx.ts };
    const answer = await act("click", {
      user: state.viewer,
      action_id: el.action_id,
      block_id: block.block_id,
      value,
      values: ctx.form.everything(),
      ...where,
    });
    node.classList.toggle("failed", answer.status !== "ok");
  } catch (error) {
    toast(error.message, "error");
  } finally {
    node.classList.remove("busy");
    node.removeAttribute("aria-busy");
  }
}

/** Run an act and show its error, if any, as a toast; answers null then. */
export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message, "error");
    return null;
  }
}
