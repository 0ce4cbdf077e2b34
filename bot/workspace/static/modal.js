// The stack of the app's modals: the one on top is shown, those below keep what was typed.

import { drawBlocks, setError } from "./blocks.js";
import { button, fill, h, Kept, keptOf } from "./dom.js";
import { filledIn, forget } from "./elements.js";
import { act, store } from "./store.js";

const box = h("dialog", { class: "modal", id: "modal" });
const kept = new Kept();
let shown = [];

box.addEventListener("cancel", (event) => {
  event.preventDefault();
  close(shown.at(-1));
});
document.body.append(box);

const surface = (view) => ({ key: view.id, where: { view_id: view.id } });

export function drawModals() {
  const before = shown;
  shown = store.modals;
  const top = shown.at(-1);
  const rows = shown.map((view) => [view.id, [view.hash, view === top, store.names], (node) => form(view, view === top, node)]);
  kept.draw(box, rows);
  for (const view of before) if (!shown.some((each) => each.id === view.id)) forget(surface(view));
  if (!top) return void (box.open && box.close());
  box.setAttribute("aria-label", top.title?.text ?? "Form");
  if (!box.open) box.showModal();
  if (before.at(-1)?.id !== top.id) focusFirst(box.querySelector("form:not([hidden])"));
}

function focusFirst(node) {
  const first = node.querySelector("[data-first]") ?? node.querySelector(".inside :is(input, textarea, select)");
  (first ?? node.querySelector("footer button") ?? node.querySelector("button")).focus();
}

function form(view, onTop, known) {
  const node = known ?? h("form", { novalidate: true });
  node.hidden = !onTop;
  node.onsubmit = (event) => {
    event.preventDefault();
    submit(view, node);
  };
  node.onkeydown = (event) => {
    const plain = event.target.tagName === "INPUT" && !event.isComposing;
    if (event.key !== "Enter" || !(plain || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (view.submit) submit(view, node);
  };
  keptOf(node).draw(node, [
    ["head", [view.title?.text], () => head(view)],
    ["alert", [], () => h("p", { class: "alert", role: "alert" })],
    ["blocks", [view], (inside) => blocks(view, inside ?? h("div", { class: "inside" }))],
    ["foot", [view.hash], () => foot(view)],
  ]);
  return node;
}

function head(view) {
  return h("header", {}, h("h2", {}, view.title?.text ?? ""), button("✕", () => close(view, true), { class: "quiet", label: "Close" }));
}

function blocks(view, inside) {
  drawBlocks(inside, surface(view), view.blocks);
  return inside;
}

function foot(view) {
  const no = button(view.close?.text ?? (view.submit ? "Cancel" : "Close"), () => close(view), { class: "button" });
  const yes = view.submit ? h("button", { type: "submit", class: "button filled primary" }, view.submit.text) : null;
  return h("footer", {}, no, yes);
}

function close(view, all = false) {
  act("close", { view_id: view.id, all });
}

async function submit(view, node) {
  const send = node.querySelector("[type=submit]");
  if (send.getAttribute("aria-busy") === "true") return;
  send.setAttribute("aria-busy", "true");
  const answer = await act("submit", { view_id: view.id, values: filledIn(surface(view)) });
  send.removeAttribute("aria-busy");
  complaints(node, answer);
}

function complaints(node, answer) {
  const errors = answer.errors ?? {};
  const inputs = [...node.querySelectorAll(".block.input")];
  for (const each of inputs) setError(each, errors[each.dataset.block] ?? "");
  const wrong = inputs.find((each) => errors[each.dataset.block]);
  fill(node.querySelector(".alert"), answer.ok || wrong ? "" : answer.error);
  wrong?.querySelector(".field, .choices input")?.focus();
}
