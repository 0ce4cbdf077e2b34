// Small dialogs of the page itself: questions, and what went wrong.

import { button, h } from "./dom.js";

/** Show a dialog until it is closed; resolves with what `close(value)` was given. make: close => children. */
export function dialog(title, make, { wide = false } = {}) {
  return new Promise((resolve) => {
    const box = h("dialog", { class: wide ? "modal wide" : "modal", "aria-label": title });
    const close = (value) => {
      resolve(value);
      box.close();
    };
    const head = h("header", {}, h("h2", {}, title), button("✕", () => close(), { class: "quiet", label: "Close" }));
    box.append(h("form", { method: "dialog" }, head, make(close)));
    box.addEventListener("close", () => {
      resolve();
      box.remove();
    });
    document.body.append(box);
    box.showModal();
    box.querySelector("[autofocus]")?.focus();
  });
}

/** Yes or no. danger: the yes is red. */
export async function sure(title, words, yes, no, danger) {
  const answer = await dialog(title, (close) => [
    h("div", { class: "inside" }, words),
    h(
      "footer",
      {},
      button(no, () => close(false), { class: "button" }),
      button(yes, () => close(true), { class: danger ? "button filled danger" : "button filled primary", autofocus: true }),
    ),
  ]);
  return Boolean(answer);
}

/** A confirm object of Slack's. */
export function confirmed(confirm, words) {
  return sure(
    confirm.title.text,
    words(confirm.text),
    confirm.confirm.text,
    confirm.deny.text,
    confirm.style === "danger",
  );
}

/** One line to be typed; resolves with it, or with undefined. */
export function asked(title, label, yes) {
  return dialog(title, (close) => {
    const line = h("input", { type: "text", class: "field", "aria-label": label, autofocus: true, autocomplete: "off" });
    line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      close(line.value.trim());
    });
    const done = button(yes, () => close(line.value.trim()), { class: "button filled primary" });
    return [h("div", { class: "inside" }, h("label", {}, h("b", {}, label), line)), h("footer", {}, done)];
  });
}

/** Say in a corner what did not work; it goes by itself, or by a click. */
export function complain(sentence) {
  const host = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const note = h("div", { class: "toast", role: "alert" }, h("span", {}, sentence));
  note.append(button("✕", () => note.remove(), { class: "quiet", label: "Dismiss" }));
  document.querySelector(".toast")?.remove();
  host.append(note);
  setTimeout(() => note.remove(), 12_000);
}
