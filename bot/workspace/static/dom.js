// Nodes: made, filled, and kept. Nothing here or elsewhere ever reads text as HTML.

/** A new element. What is in `props`: `class`, `dataset`, `on` (listeners), properties of the element, else attributes. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...flat(children));
  return node;
}

/** Lists in lists in one row; nothing stays of null, undefined and false. */
export function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

export function fill(box, ...children) {
  box.replaceChildren(...flat(children));
  return box;
}

/** Make `nodes` the children of `box`; what stays is not moved, so focus, selection and open lists stay too. */
export function settle(box, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...box.childNodes]) if (!wanted.has(child)) child.remove();
  let at = box.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else box.insertBefore(node, at);
  }
}

/** The children of one box by key. The same key with the same inputs keeps its node. */
export class Kept {
  #kept = new Map();

  /** rows: [key, inputs, make]; `make(node)` gets the node that the key had, and may return it again. */
  draw(box, rows) {
    const next = new Map();
    for (const [key, inputs, make] of rows) {
      const known = this.#kept.get(key);
      const same = known && known.inputs.length === inputs.length && known.inputs.every((each, i) => each === inputs[i]);
      next.set(key, same ? known : { inputs, node: make(known?.node) });
    }
    this.#kept = next;
    settle(box, [...next.values()].map((each) => each.node));
  }
}

const inside = new WeakMap();

/** The Kept that belongs to a node, made when it is first asked for. */
export function keptOf(node) {
  if (!inside.has(node)) inside.set(node, new Kept());
  return inside.get(node);
}

/** Run `change`; if the focused element was replaced, focus the one with the same data-key, caret and all. */
export function keepingFocus(change) {
  const active = document.activeElement;
  const key = active?.dataset?.key;
  const caret = key && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  change();
  if (!key || active.isConnected) return;
  const again = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (caret && caret[0] !== null && again.setSelectionRange) again.setSelectionRange(...caret);
}

/** A button with words or a sign; `label` is what a screen reader says for a sign. */
export function button(words, run, props = {}) {
  const { label, ...rest } = props;
  return h("button", { type: "button", "aria-label": label, title: label, ...rest, on: { click: run } }, words);
}
