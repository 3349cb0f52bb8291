// The page's only way to the server: the control API, spoken as JSON.

async function call(method, path, body) {
  const init = { method, headers: { "Content-Type": "application/json" } };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(`/sandbox/${path}`, init);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}

const get = (path, query = {}) => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return call("GET", given.length ? `${path}?${new URLSearchParams(given)}` : path);
};

/** Do something as a person: act("message", {user, channel, text}). */
export const act = (verb, body) => call("POST", `act/${verb}`, body);
export const getWorld = () => get("world");
export const getMessages = (channel, viewer, threadTs) => get("messages", { channel, viewer, thread_ts: threadTs });
export const advanceClock = (seconds) => call("POST", "clock", { advance: seconds });
export const resetWorld = () => call("POST", "reset", {});
export const getComplaints = () => get("complaints");
