// Changing an own message where it stands.

import { complain } from "./ask.js";
import { button, h } from "./dom.js";
import { decode } from "./mrkdwn.js";
import { act, changed, store } from "./store.js";

let at = "";

const place = (message) => `${message.channel}/${message.ts}`;

export function isEdited(message) {
  return at === place(message);
}

export function startEditing(message) {
  at = place(message);
  changed();
}

function stop() {
  at = "";
  changed();
}

/** The text as it was typed: `<@U1>` is @ana again. */
function asTyped(text) {
  const plain = text.replace(/<([^<>]+)>/g, (_, token) => {
    const [target, label] = token.split("|");
    if (target.startsWith("@")) return `@${store.people.get(target.slice(1))?.name ?? label ?? target}`;
    if (target.startsWith("#")) return `#${store.channels.get(target.slice(1))?.name ?? label ?? target}`;
    if (target.startsWith("!")) return target.startsWith("!subteam") ? (label ?? target) : `@${target.slice(1)}`;
    return target;
  });
  return decode(plain);
}

export function editor(message) {
  const area = h("textarea", { class: "field", rows: "3", "aria-label": "Edit message", dataset: { key: `edit/${place(message)}` } });
  area.value = asTyped(message.text);
  const save = async () => {
    const answer = await act("edit", { channel: message.channel, ts: message.ts, text: area.value });
    if (answer.ok) stop();
    else complain(answer.error);
  };
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) save();
    else if (event.key === "Escape") stop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  queueMicrotask(() => area.focus());
  const buttons = [button("Cancel", stop, { class: "button" }), button("Save", save, { class: "button filled primary" })];
  return h("div", { class: "editor" }, area, h("div", { class: "actions" }, buttons));
}
