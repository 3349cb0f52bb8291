// The live connection. After a break the page loads everything anew: the server may be another one by then, and the
// browser's own reconnect would only ask for the old starting point again.

import { emit, state } from "./state.js";
import { apply } from "./store.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/** Follow the stream from a sequence number on; reload({forgetful}) loads the world and answers where it stands. */
export function follow(since, reload) {
  let wait = FIRST_WAIT;

  function setLive(live) {
    if (live === state.live) return;
    state.live = live;
    emit("live");
  }

  function connect(seq) {
    const source = new EventSource(`/sandbox/stream?since=${seq}`);
    source.onopen = () => {
      wait = FIRST_WAIT;
      setLive(true);
    };
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.kind !== "reset") return apply(event);
      source.close();
      return restart({ forgetful: true });
    };
    source.onerror = () => {
      source.close();
      again();
    };
  }

  function again() {
    setLive(false);
    setTimeout(() => restart({ forgetful: false }), wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  async function restart(how) {
    try {
      connect(await reload(how));
    } catch {
      again();
    }
  }

  connect(since);
}
