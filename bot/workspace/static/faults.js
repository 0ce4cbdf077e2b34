// Trouble on demand: what the app does when Slack fails.

import { complain, dialog } from "./ask.js";
import { fill, h } from "./dom.js";

async function ask(body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/page/control", body ? { method: "POST", headers, body: JSON.stringify(body) } : {});
  return answer.ok ? answer.json() : null;
}

export async function openFaults() {
  const known = await ask().catch(() => null);
  if (!known) return complain("This workspace was started without faults.");
  const box = h("div", { class: "inside choices" });
  draw(box, known);
  return dialog("Faults", () => box);
}

function draw(box, known) {
  const rows = known.faults.map(({ name, description }) => row(name, description, known.active.includes(name), (on) => ({ fault: name, on })));
  const limits = row("limits", "Slack's rate limits are kept", known.limits, (on) => ({ limits: on }));
  fill(box, h("p", {}, "Make the workspace fail as Slack can. The people's page goes on; the app has to cope."), rows, limits);

  function row(name, description, on, wanted) {
    const input = h("input", { type: "checkbox", name, checked: on });
    input.addEventListener("change", async () => {
      const now = await ask(wanted(input.checked));
      if (now) draw(box, now);
      box.querySelector(`[name="${name}"]`)?.focus();
    });
    return h("label", {}, input, h("span", {}, h("b", {}, name.replaceAll("_", " ")), h("small", {}, description)));
  }
}
