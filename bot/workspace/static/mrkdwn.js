// Slack's mrkdwn → nodes. The order matters: code, then <tokens>, then emoji, then * _ ~; the three escapes come last, once.

import { filled, full } from "./dates.js";
import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { personName, store } from "./store.js";

const OPEN = "\uE000"; // a node stands here: OPEN number CLOSE
const CLOSE = "\uE001";
const NODE = new RegExp(`${OPEN}(\\d+)${CLOSE}`);
const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = "[\\p{L}\\p{N}]";
const MARKED = new RegExp(`(?<!${WORD}|[*_~])([*_~])(?=\\S)(?!\\1)([^\\n]*?[^\\s])\\1(?!${WORD}|\\1)`, "u");

export function decode(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** The nodes of a text. */
export function mrkdwn(text) {
  const nodes = [];
  const keep = (node) => `${OPEN}${nodes.push(node) - 1}${CLOSE}`;
  const safe = text.replace(/[\uE000\uE001]/g, "\uFFFD");
  const coded = safe
    .replace(/\n?```\n?([\s\S]+?)\n?```\n?/g, (_, code) => keep(block(code)))
    .replace(/`([^`\n]+)`/g, (_, code) => keep(h("code", {}, decode(code))));
  const linked = coded.replace(/<([^<>\n]+)>/g, (_, token) => keep(reference(token)));
  const lively = linked.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI.get(name) ?? whole);
  return paragraphs(lively).flatMap(([quoted, part]) => {
    const inner = formatted(part, nodes);
    return quoted ? [h("blockquote", {}, inner)] : inner;
  });
}

/** Runs of lines that are quoted, and that are not. */
function paragraphs(text) {
  const runs = [];
  for (const line of text.split("\n")) {
    const quote = /^(&gt;|>) ?/.exec(line);
    const words = quote ? line.slice(quote[0].length) : line;
    const last = runs.at(-1);
    if (last && last[0] === Boolean(quote)) last[1] += `\n${words}`;
    else runs.push([Boolean(quote), words]);
  }
  return runs;
}

function formatted(text, nodes) {
  const found = MARKED.exec(text);
  if (!found) return words(text, nodes);
  const [whole, mark, inner] = found;
  const after = text.slice(found.index + whole.length);
  const marked = h(MARKS[mark], {}, formatted(inner, nodes));
  return [...words(text.slice(0, found.index), nodes), marked, ...formatted(after, nodes)];
}

function words(text, nodes) {
  const parts = text.split(NODE);
  return parts.map((part, i) => (i % 2 ? nodes[Number(part)] : decode(part))).filter((part) => part !== "");
}

function block(code) {
  return h("pre", { tabindex: "0" }, h("code", {}, decode(code)));
}

function reference(token) {
  const [target, label] = cut(token, "|");
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return room(target.slice(1), label);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return group(target.slice(1), label);
  return link(target, label);
}

function cut(text, sign) {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function mention(id, label) {
  const mine = id === store.me ? "mention mine" : "mention";
  return h("span", { class: mine }, `@${store.people.has(id) ? personName(id) : decode(label) || id}`);
}

function room(id, label) {
  const channel = store.channels.get(id);
  if (channel) return h("a", { class: "mention", href: `#/${store.me}/${id}` }, `#${channel.name}`);
  return h("span", { class: "mention" }, label ? `#${decode(label)}` : "🔒 private channel");
}

function group(name, label) {
  const words = name.startsWith("subteam^") ? label || "@group" : `@${name}`;
  return h("span", { class: "mention mine" }, decode(words));
}

function date(token, label) {
  const [, seconds, pattern, url] = token.split("^");
  const ms = Number(seconds) * 1000;
  if (!pattern || !Number.isFinite(ms)) return document.createTextNode(decode(label || token));
  const time = h("time", { datetime: new Date(ms).toISOString(), title: full(ms) }, filled(pattern, ms));
  return url && allowed(url) ? outside(url, [time]) : time;
}

function link(target, label) {
  const url = decode(target);
  if (!allowed(url)) return document.createTextNode(decode(label ? `${label} (${target})` : `<${target}>`));
  return outside(url, [decode(label) || url.replace(/^mailto:/, "")]);
}

/** Only what opens a page or a letter; a `javascript:` address stays text. */
export function allowed(url) {
  return /^(https?|mailto):/i.test(url);
}

export function outside(url, children) {
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, children);
}
