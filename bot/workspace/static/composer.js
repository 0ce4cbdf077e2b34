// Where one types: drafts that stay, completion, and the keys of Slack.

import { complain } from "./ask.js";
import { completions, usage } from "./complete.js";
import { button, fill, h } from "./dom.js";
import { shortcutButton } from "./shortcuts.js";
import { act, store } from "./store.js";
import { clip, shareAll } from "./clip.js";

const drafts = new Map();
let lists = 0;

/** spot: {channel, thread (ts or null), placeholder}; up: what the arrow up does in an empty line. */
export function composer(spot, up) {
  const key = `${store.me}/${spot.channel}/${spot.thread ?? ""}`;
  const id = `complete${(lists += 1)}`;
  const list = h("ul", { class: "complete", role: "listbox", id, hidden: true, "aria-label": "Suggestions" });
  const hint = h("p", { class: "usage", hidden: true });
  const area = h("textarea", {
    ...{ rows: "1", placeholder: spot.placeholder, "aria-label": spot.placeholder, dataset: { key: `composer/${key}` } },
    ...{ role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", spellcheck: "true" },
  });
  const arrow = button("➤", send, { class: "send", label: "Send" });
  const box = h("div", { class: "composer" }, list, hint, h("div", { class: "line" }, area, shortcutButton(), clip(spot), arrow));
  let found = null;
  let at = 0;
  area.value = drafts.get(key) ?? "";
  queueMicrotask(look);

  area.addEventListener("input", look);
  area.addEventListener("click", look);
  area.addEventListener("blur", hide);
  area.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    shareAll(spot, event.clipboardData.files);
  });
  area.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (found && listKey(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && !area.value && up) {
      event.preventDefault();
      up();
    }
  });
  return box;

  function look() {
    drafts.set(key, area.value);
    area.style.setProperty("height", "auto");
    area.style.setProperty("height", `${Math.min(area.scrollHeight, 240)}px`);
    arrow.disabled = !area.value.trim();
    found = document.activeElement === area ? completions(area.value, area.selectionStart, Boolean(spot.thread)) : null;
    at = 0;
    show();
  }

  function show() {
    list.hidden = !found;
    area.setAttribute("aria-expanded", String(Boolean(found)));
    area.removeAttribute("aria-activedescendant");
    const words = found ? "" : usage(area.value);
    hint.hidden = !words;
    hint.textContent = words;
    if (!found) return void fill(list);
    fill(list, found.items.map(row));
    area.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function row(item, i) {
    const pick = (event) => {
      event.preventDefault();
      take(item);
    };
    const words = [h("b", {}, item.label), item.description ? h("span", {}, item.description) : null];
    return h("li", { role: "option", id: `${id}-${i}`, "aria-selected": String(i === at), on: { pointerdown: pick } }, words);
  }

  function hide() {
    found = null;
    show();
  }

  /** True if the key was for the list. */
  function listKey(event) {
    const { items, exact } = found;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
      show();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      hide();
    } else if (event.key === "Tab" ? !event.shiftKey : event.key === "Enter" && !event.shiftKey && !exact) {
      take(items[at]);
    } else {
      return false;
    }
    return true;
  }

  function take(item) {
    area.setRangeText(item.insert, found.from, found.to, "end");
    area.focus();
    look();
  }

  async function send() {
    const text = area.value.trim();
    if (!text) return;
    area.value = "";
    look();
    area.focus();
    const place = spot.thread ? { channel: spot.channel, thread_ts: spot.thread } : { channel: spot.channel };
    const answer = await act("say", { ...place, text });
    if (answer.ok) return;
    complain(answer.error);
    if (!area.value) {
      area.value = text;
      look();
    }
  }
}
