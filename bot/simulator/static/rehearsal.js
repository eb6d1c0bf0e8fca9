// The rehearsal: everything the bot is going to say by itself this term, week by week. Nothing is said.

import { get } from "./api.js";
import { byId, el, replace, toast } from "./dom.js";
import { parts } from "./time.js";

const KINDS = { card: "群卡片", note: "私下提醒", change: "补一条" };
const NONE = { all: "到学期结束没有要发的。", group: "没有要发到群里的。", private: "没有要私下提醒的。" };
let found = null;
let shown = "all";

const label = (day) => parts(`${day}T00:00`).short.split(" ")[0];
const isPrivate = (row) => row.to[0] !== "group";
const wanted = (row) => shown === "all" || (shown === "private") === isPrivate(row);

function drawRow(row) {
  const at = parts(row.at);
  return el("li", { class: isPrivate(row) ? "rehearsed aside" : "rehearsed" },
    el("p", { class: "rehearsed-head" },
      el("strong", {}, `${at.short} ${at.time}`), el("span", {}, `→ ${row.readers}`), el("span", { class: "row-tag" }, KINDS[row.kind])),
    el("p", { class: "rehearsed-text" }, row.text),
    el("p", { class: "rehearsed-why" }, `为什么：${row.why.join("、")}`));
}

function drawWeek(week) {
  const rows = week.posts.filter(wanted);
  if (!rows.length) return null;
  return el("section", { class: "rehearsed-week" },
    el("h3", {}, `${week.label} ${label(week.first)}–${label(week.last)}`, el("small", {}, `${rows.length} 次`),
      week.unpublished ? el("small", { class: "unpublished" }, "放假安排未公布") : null),
    el("ol", {}, ...rows.map(drawRow)));
}

function draw() {
  for (const node of document.querySelectorAll("[data-rehearsal]")) node.setAttribute("aria-pressed", String(node.dataset.rehearsal === shown));
  const weeks = found.weeks.map(drawWeek).filter(Boolean);
  byId("rehearsal-title").textContent = `预演 · ${found.group}`;
  replace(byId("rehearsal-body"),
    el("p", { class: "summary" }, `${label(found.first)}–${label(found.last)}：群里 ${found.cards} 条，私下 ${found.notes} 条，一条也没有真的发。`),
    found.weeks.length ? el("p", { class: "lead" }, `最多的一周：卡片 ${found.most_cards} 张，同一个人私下 ${found.most_notes} 条。当作以后谁也没做什么算，做完的人到时候收不到提醒。`) : null,
    ...found.remarks.map((remark) => el("p", { class: "remark" }, `⚠️ ${remark}`)),
    ...(weeks.length ? weeks : [el("p", { class: "empty" }, NONE[shown])]));
  byId("rehearsal-body").scrollTop = 0;
}

async function open(group) {
  const button = byId("rehearse");
  button.disabled = true;
  try {
    found = await get("rehearsal", { group });
    draw();
    byId("rehearsal").showModal();
    byId("rehearsal-body").focus();
  } catch (error) {
    toast(error.message, true);
  } finally {
    button.disabled = false;
    if (!byId("rehearsal").open) button.focus();
  }
}

export function wireRehearsal(currentGroup) {
  const dialog = byId("rehearsal");
  byId("rehearse").addEventListener("click", () => open(currentGroup()));
  byId("close-rehearsal").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => byId("rehearse").focus()); // it was disabled when the dialog opened, so nobody gives it the focus back
  for (const node of document.querySelectorAll("[data-rehearsal]")) {
    node.addEventListener("click", () => { shown = node.dataset.rehearsal; draw(); });
  }
}
