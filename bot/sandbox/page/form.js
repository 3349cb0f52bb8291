// The values of the inputs in one view or message, and the errors shown beside them.

const keyOf = (block, el) => `${block.block_id} ${el.action_id}`;

/** A form that remembers what was typed in an earlier version of the same view. */
export function makeForm(kept = new Map()) {
  const fields = new Map();

  return {
    add(block, el, built, errorNode) {
      if (!built.read) return;
      if (kept.has(keyOf(block, el))) built.write(kept.get(keyOf(block, el)));
      fields.set(keyOf(block, el), { block, el, built, errorNode });
    },

    /** Waits until every field has its value: a file is still on its way while its name is not shown. */
    ready: () => Promise.all([...fields.values()].map(({ built }) => built.ready?.())),

    /** {block_id: {action_id: plain value}} of the input blocks: what a submission carries. */
    values() {
      const values = {};
      const inputs = [...fields.values()].filter(({ block }) => block.type === "input");
      for (const { block, el, built } of inputs) (values[block.block_id] ??= {})[el.action_id] = built.read();
      return values;
    },

    /** The same of everything that holds a value, wherever it stands: what a click carries. */
    everything() {
      const values = {};
      for (const { block, el, built } of fields.values())
        (values[block.block_id] ??= {})[el.action_id] = built.read();
      return values;
    },

    snapshot: () => new Map([...fields].map(([key, { built }]) => [key, built.read()])),

    /** What stands in the input blocks, for a message or a Home that is drawn again while somebody types into it. */
    typed: () =>
      new Map(
        [...fields].filter(([, { block }]) => block.type === "input").map(([key, { built }]) => [key, built.read()]),
      ),

    /** Show {block_id: sentence}; returns the sentences that belong to no field. */
    showErrors(errors) {
      const rest = { ...errors };
      let first = null;
      for (const { block, built, errorNode } of fields.values()) {
        if (!errorNode) continue;
        errorNode.textContent = errors[block.block_id] ?? "";
        const target = built.input ?? built.node;
        target.setAttribute("aria-invalid", String(block.block_id in errors));
        if (block.block_id in errors) first ??= target;
        delete rest[block.block_id];
      }
      first?.focus();
      return Object.values(rest);
    },
  };
}
