// What the app offers beside its commands: shortcuts that hang on a message, and such as are found everywhere.

import { complain } from "./ask.js";
import { button } from "./dom.js";
import { openMenu } from "./menu.js";
import { act, store } from "./store.js";

/** kind: "message" (with the message) or "global"; as entries of a menu. */
export function shortcuts(kind, message = null) {
  const where = message ? { channel: message.channel, ts: message.ts } : {};
  return store.shortcuts.filter((each) => each.kind === kind).map(({ name, callback_id }) => ({ label: name, run: () => take(callback_id, where) }));
}

async function take(callback_id, where) {
  const answer = await act("shortcut", { callback_id, ...where });
  if (!answer.ok) complain(`${store.app.name}: ${answer.error}`);
}

/** Opens the list of the global ones; nothing if there are none. */
export function shortcutButton() {
  const items = shortcuts("global");
  if (!items.length) return null;
  const names = { class: "quiet", label: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false" };
  return button("⚡", (event) => openMenu(event.currentTarget, items, { label: "Shortcuts" }), names);
}
