// What people use in blocks: buttons, lists, dates, lines of text. What is typed is kept by block_id and action_id.

import { complain, confirmed } from "./ask.js";
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { openMenu } from "./menu.js";
import { allowed, mrkdwn } from "./mrkdwn.js";
import { act, personName, store } from "./store.js";

const typed = new Map(); // surface.key → block_id → action_id → value
let ids = 0;

export const freshId = () => `f${(ids += 1)}`;

/** A text object of Slack's → what can be appended. */
export function words(text) {
  if (text.type === "mrkdwn") return mrkdwn(text.text);
  return [text.emoji === false ? text.text : withEmoji(text.text)];
}

/** Everything that was filled in on a message or a view: surface = {key, where}. */
export function filledIn(surface) {
  return typed.get(surface.key) ?? {};
}

export function forget(surface) {
  typed.delete(surface.key);
}

function remember(spot, value) {
  const { surface, block } = spot;
  if (!typed.has(surface.key)) typed.set(surface.key, {});
  const values = typed.get(surface.key);
  values[block.block_id] = { ...values[block.block_id], [spot.element.action_id]: value };
}

function current(spot, initial) {
  const values = filledIn(spot.surface)[spot.block.block_id] ?? {};
  return spot.element.action_id in values ? values[spot.element.action_id] : initial;
}

/** One element of `block`. acts: tells the app at every change; names: attributes that label it. */
export function element(surface, block, made, { acts = true, names = {} } = {}) {
  const draw = DRAWN[made.type];
  if (!draw) return h("span", { class: "unknown" }, `[${made.type}]`);
  const key = `${surface.key}/${block.block_id}/${made.action_id}`;
  return draw({ surface, block, element: made, acts, attributes: { ...names, dataset: { key } } });
}

/** Tell the app, after the question that the element may carry. False: the person said no. */
async function use(node, spot, value) {
  const { surface, block, element: made } = spot;
  if (node.getAttribute("aria-busy") === "true") return false;
  if (made.confirm && !(await confirmed(made.confirm, words))) return false;
  node.setAttribute("aria-busy", "true");
  const ids = { block_id: block.block_id, action_id: made.action_id };
  const answer = await act("click", { ...surface.where, ...ids, value, values: filledIn(surface) });
  node.removeAttribute("aria-busy");
  if (!answer.ok) complain(answer.error);
  return true;
}

async function chosen(node, spot, value, back) {
  const before = current(spot, undefined);
  remember(spot, value);
  if (!spot.acts || (await use(node, spot, value))) return;
  remember(spot, before);
  back();
}

function pushbutton(spot) {
  const { element: made } = spot;
  const look = `button ${made.style ?? ""}`;
  const label = made.accessibility_label;
  if (made.url && allowed(made.url)) {
    const link = { href: made.url, target: "_blank", rel: "noreferrer noopener", class: look, "aria-label": label };
    return h("a", { ...link, ...spot.attributes, on: { click: (event) => use(event.currentTarget, spot) } }, words(made.text));
  }
  const press = (event) => use(event.currentTarget, spot);
  const names = { "aria-label": label, ...spot.attributes };
  return h("button", { type: "button", class: look, ...names, on: { click: press } }, words(made.text));
}

function option(value, text, selected) {
  return h("option", { value, selected }, text);
}

function picked(options, spot, initial) {
  const { element: made } = spot;
  const value = current(spot, initial) ?? "";
  const hint = made.placeholder?.text ?? "Choose …";
  const node = h("select", { class: "field", ...spot.attributes }, option("", hint, value === ""), options(value));
  node.addEventListener("change", () =>
    chosen(node, spot, node.value || null, () => {
      node.value = current(spot, initial) ?? "";
    }),
  );
  return node;
}

function select(spot) {
  const { element: made } = spot;
  const entry = (each, value) => option(each.value, words({ ...each.text, type: "plain_text" }), each.value === value);
  const group = (each, value) => h("optgroup", { label: each.label.text }, each.options.map((inner) => entry(inner, value)));
  const all = (value) => [
    (made.options ?? []).map((each) => entry(each, value)),
    (made.option_groups ?? []).map((each) => group(each, value)),
  ];
  return picked(all, spot, made.initial_option?.value);
}

function people() {
  return [...store.people.values()].filter((each) => !each.bot && !each.deleted);
}

function person(spot) {
  const all = (value) => people().map((each) => option(each.id, personName(each.id), each.id === value));
  return picked(all, spot, spot.element.initial_user);
}

/** Boxes or round buttons; a list of several is drawn as boxes too, since it can be used without a manual. */
function choices(spot, options, { several, initial }) {
  const name = freshId();
  const value = current(spot, initial);
  const isOn = (each) => (several ? (value ?? []).includes(each.value) : value === each.value);
  const box = h("div", { class: "choices", role: several ? "group" : "radiogroup", ...spot.attributes, dataset: {} });
  for (const each of options) {
    const key = `${spot.attributes.dataset.key}/${each.value}`;
    const input = h("input", { type: several ? "checkbox" : "radio", name, value: each.value, checked: isOn(each), dataset: { key } });
    const more = each.description ? h("small", {}, words(each.description)) : null;
    box.append(h("label", {}, input, h("span", {}, words(each.text), more)));
  }
  box.addEventListener("change", () => {
    const on = [...box.querySelectorAll("input:checked")].map((input) => input.value);
    chosen(box, spot, several ? on : (on[0] ?? null), () => {
      const kept = current(spot, initial);
      for (const input of box.querySelectorAll("input")) input.checked = [kept].flat().includes(input.value);
    });
  });
  return box;
}

function grouped(made) {
  return [...(made.options ?? []), ...(made.option_groups ?? []).flatMap((group) => group.options)];
}

function several(spot) {
  const initial = (spot.element.initial_options ?? []).map((each) => each.value);
  return choices(spot, grouped(spot.element), { several: true, initial });
}

function severalPeople(spot) {
  const options = people().map((each) => ({ value: each.id, text: { type: "plain_text", text: personName(each.id) } }));
  return choices(spot, options, { several: true, initial: spot.element.initial_users ?? [] });
}

function radio(spot) {
  return choices(spot, spot.element.options, { several: false, initial: spot.element.initial_option?.value });
}

function overflow(spot) {
  const items = (node) => spot.element.options.map((each) => ({ label: words(each.text), run: () => use(node, spot, each.value) }));
  const names = { "aria-label": "More", "aria-haspopup": "menu", "aria-expanded": "false", title: "More", ...spot.attributes };
  const node = h("button", { type: "button", class: "button more", ...names }, "⋯");
  node.addEventListener("click", () => openMenu(node, items(node), { label: "More" }));
  return node;
}

function moment(type, initial) {
  return (spot) => {
    const node = h("input", { type, class: "field short", ...spot.attributes });
    node.value = current(spot, spot.element[initial]) ?? "";
    node.addEventListener("change", () => chosen(node, spot, node.value || null, () => {}));
    return node;
  };
}

function line(spot) {
  const { element: made } = spot;
  const limits = { maxlength: String(made.max_length ?? 3000), placeholder: made.placeholder?.text };
  const names = { class: "field", autocomplete: "off", ...limits, ...spot.attributes };
  const node = made.multiline ? h("textarea", { rows: "3", ...names }) : h("input", { type: "text", ...names });
  node.value = current(spot, made.initial_value) ?? "";
  node.addEventListener("input", () => remember(spot, node.value));
  const when = made.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  node.addEventListener("keydown", (event) => {
    const enter = event.key === "Enter" && !event.isComposing && !event.shiftKey && !made.multiline;
    if (spot.acts && enter && when.includes("on_enter_pressed")) {
      event.preventDefault();
      event.stopPropagation();
      use(node, spot, node.value);
    }
  });
  if (spot.acts && when.includes("on_character_entered")) node.addEventListener("input", () => use(node, spot, node.value));
  return node;
}

const DRAWN = {
  button: pushbutton,
  static_select: select,
  users_select: person,
  multi_static_select: several,
  multi_users_select: severalPeople,
  checkboxes: several,
  radio_buttons: radio,
  overflow,
  datepicker: moment("date", "initial_date"),
  timepicker: moment("time", "initial_time"),
  plain_text_input: line,
};
