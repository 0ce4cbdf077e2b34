// Markdown of files and of markdown blocks → nodes: what a report uses, and nothing that could run.

import { h } from "./dom.js";
import { allowed, outside } from "./mrkdwn.js";

const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|(?<![\p{L}\p{N}])([*_])(?=\S)([^*_]+?)\6(?![\p{L}\p{N}])|\\([\\`*_{}[\]()#+.!|<>~-])/u;

/** The nodes of a document. */
export function markdown(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/<!--[\s\S]*?-->/g, "").split("\n");
  const nodes = [];
  while (lines.length) {
    const taken = BLOCKS.find(([starts]) => starts(lines));
    const node = taken[1](lines);
    if (node) nodes.push(node);
  }
  return nodes;
}

const TABLE = /^\s*\|.*\|\s*$/;
const ITEM = /^\s*([-*+]|\d+[.)])\s+/;

const BLOCKS = [
  [(lines) => !lines[0].trim(), (lines) => void lines.shift()],
  [(lines) => /^(```|~~~)/.test(lines[0]), fence],
  [(lines) => /^#{1,6} /.test(lines[0]), heading],
  [(lines) => /^\s*([-*_])(\s*\1){2,}\s*$/.test(lines[0]), (lines) => (lines.shift(), h("hr"))],
  [(lines) => TABLE.test(lines[0]) && /^[\s|:-]+$/.test(lines[1] ?? ""), table],
  [(lines) => /^>/.test(lines[0]), quote],
  [(lines) => ITEM.test(lines[0]), list],
  [() => true, paragraph],
];

function fence(lines) {
  const mark = lines.shift().slice(0, 3);
  const end = lines.findIndex((line) => line.startsWith(mark));
  const code = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return h("pre", { tabindex: "0" }, h("code", {}, code.join("\n")));
}

function heading(lines) {
  const [, marks, words] = /^(#+) (.*)$/.exec(lines.shift());
  return h(`h${Math.min(6, marks.length + 1)}`, {}, inline(words));
}

function table(lines) {
  const cells = (line) => line.trim().slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim());
  const titles = cells(lines.shift());
  lines.shift();
  const rows = [];
  while (lines.length && TABLE.test(lines[0])) rows.push(cells(lines.shift()));
  const row = (tag, values) => h("tr", {}, values.map((value) => h(tag, {}, inline(value))));
  const head = titles.some(Boolean) ? h("thead", {}, row("th", titles)) : null;
  const body = h("tbody", {}, rows.map((values) => row("td", values)));
  return h("div", { class: "wide", tabindex: "0" }, h("table", {}, head, body));
}

function quote(lines) {
  const inner = [];
  while (lines.length && /^>/.test(lines[0])) inner.push(lines.shift().replace(/^> ?/, ""));
  return h("blockquote", {}, markdown(inner.join("\n")));
}

function list(lines) {
  const ordered = /^\s*\d/.test(lines[0]);
  const indent = /^\s*/.exec(lines[0])[0].length;
  const items = [];
  while (lines.length && (ITEM.test(lines[0]) || (/^\s+\S/.test(lines[0]) && items.length))) {
    const line = lines[0];
    const deep = /^\s*/.exec(line)[0].length;
    if (ITEM.test(line) && deep < indent) break;
    if (ITEM.test(line) && deep > indent) items.at(-1).append(list(lines));
    else if (ITEM.test(line)) items.push(item(lines.shift().replace(ITEM, "")));
    else items.at(-1).append(" ", ...inline(lines.shift().trim()));
  }
  return h(ordered ? "ol" : "ul", {}, items);
}

function item(words) {
  const box = /^\[([ xX])\] /.exec(words);
  if (!box) return h("li", {}, inline(words));
  return h("li", { class: "todo" }, box[1] === " " ? "☐ " : "☑ ", inline(words.slice(4)));
}

function paragraph(lines) {
  const words = [lines.shift()];
  while (lines.length && BLOCKS.findIndex(([starts]) => starts(lines)) === BLOCKS.length - 1) words.push(lines.shift());
  return h("p", {}, words.flatMap((line, i) => [i ? (/ {2}$|\\$/.test(words[i - 1]) ? h("br") : "\n") : "", ...inline(line)]));
}

function inline(text) {
  const found = INLINE.exec(text);
  if (!found) return [text];
  const [whole, , code, bold, label, url, , slanted, escaped] = found;
  let node = escaped;
  if (code) node = h("code", {}, code.trim());
  else if (bold) node = h("strong", {}, inline(bold));
  else if (label) node = allowed(url) ? outside(url, inline(label)) : `${label} (${url})`;
  else if (slanted) node = h("em", {}, inline(slanted));
  return [text.slice(0, found.index), node, ...inline(text.slice(found.index + whole.length))];
}
