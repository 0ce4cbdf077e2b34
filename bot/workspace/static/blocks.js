// Block Kit → nodes. A block that did not change keeps its nodes.

import { h, keptOf } from "./dom.js";
import { dayKey } from "./dates.js";
import { element, freshId, words } from "./elements.js";
import { markdown } from "./markdown.js";
import { allowed, outside } from "./mrkdwn.js";
import { now, store } from "./store.js";

/** Draw the blocks into `box`. surface: {key, where} of the message or view that they are in. */
export function drawBlocks(box, surface, blocks) {
  const day = dayKey(now());
  const rows = blocks.map((block, i) => {
    const inputs = [surface.key, JSON.stringify(block), store.names, day];
    return [`${i}/${block.block_id}`, inputs, () => oneBlock(surface, block)];
  });
  keptOf(box).draw(box, rows);
}

function oneBlock(surface, block) {
  const draw = DRAWN[block.type];
  const node = draw ? draw(surface, block) : h("div", { class: "unknown" }, `[${block.type}]`);
  node.dataset.block = block.block_id;
  return node;
}

function section(surface, block) {
  const { text, fields, accessory } = block;
  const left = h("div", { class: "words" }, text ? h("div", { class: "text" }, words(text)) : null);
  if (fields) left.append(h("div", { class: "fields" }, fields.map((each) => h("div", { class: "text" }, words(each)))));
  if (!accessory) return h("div", { class: "block section" }, left);
  const right = accessory.type === "image" ? picture(accessory) : element(surface, block, accessory);
  return h("div", { class: "block section two" }, left, h("div", { class: "accessory" }, right));
}

function header(surface, block) {
  return h("h3", { class: "block header" }, words(block.text));
}

function context(surface, block) {
  const parts = block.elements.map((each) => (each.type === "image" ? picture(each) : h("span", { class: "text" }, words(each))));
  return h("div", { class: "block context" }, parts);
}

function actions(surface, block) {
  return h("div", { class: "block actions" }, block.elements.map((each) => element(surface, block, each)));
}

/** A picture of the workspace's own; one from elsewhere is a link, since this page loads nothing from elsewhere. */
function picture(image) {
  const id = image.slack_file?.id;
  if (id) return h("img", { src: `/page/file/${id}?as=${store.me}`, alt: image.alt_text, title: image.alt_text, loading: "lazy" });
  const label = `🖼 ${image.alt_text}`;
  return allowed(image.image_url ?? "") ? outside(image.image_url, [label]) : h("span", {}, label);
}

function image(surface, block) {
  const title = block.title ? h("figcaption", {}, words(block.title)) : null;
  return h("figure", { class: "block image" }, title, picture(block));
}

const GROUPS = new Set(["checkboxes", "radio_buttons", "multi_static_select", "multi_users_select"]);

function input(surface, block) {
  const { label, hint, optional, element: made, dispatch_action: acts = false } = block;
  const [id, labelId, hintId, errorId] = [freshId(), freshId(), freshId(), freshId()];
  const named = GROUPS.has(made.type) ? { "aria-labelledby": labelId } : { id };
  const described = { "aria-describedby": hint ? `${errorId} ${hintId}` : errorId, "aria-required": optional ? null : "true" };
  const caption = h(named.id ? "label" : "span", { class: "label", id: labelId, for: named.id }, words(label));
  if (optional) caption.append(h("span", { class: "optional" }, " (optional)"));
  const node = element(surface, block, made, { acts, names: { ...named, ...described } });
  const box = h("div", { class: "block input" }, caption, node, h("p", { class: "error", id: errorId }));
  if (hint) box.append(h("p", { class: "hint", id: hintId }, words(hint)));
  if (made.focus_on_load) node.dataset.first = "yes";
  box.addEventListener("input", () => setError(box, ""));
  return box;
}

/** Say under an input block what is wrong with it; "" takes it away. */
export function setError(box, sentence) {
  const error = box.querySelector(".error");
  if (error.textContent === sentence) return;
  error.textContent = sentence;
  const field = box.querySelector(".field, .choices");
  if (sentence) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

const DRAWN = {
  section,
  header,
  context,
  actions,
  image,
  input,
  divider: () => h("hr", { class: "block" }),
  markdown: (surface, block) => h("div", { class: "block document" }, markdown(block.text)),
};
