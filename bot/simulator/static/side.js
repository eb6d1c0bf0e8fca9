// The right column: what is coming, one message explained, a plan document, faults.

import { get, post, upload } from "./api.js";
import { avatar, byId, el, replace, toast } from "./dom.js";
import { drawBlocks } from "./bubbles.js";
import { when } from "./time.js";

const ROLES = { leader: "组长", deputy: "副组长", member: "组员", mentor: "导师", apprentice: "徒弟", visitor: "访客" };
const STATUS = { ok: "办好了", refused: "听懂了，没有办", question: "反问", menu: "没听懂，给了菜单", error: "出了故障" };
const FRAMES = [
  ["wecom_desktop", "企业微信 · 电脑"], ["wecom_phone", "企业微信 · 手机"],
  ["dingtalk_desktop", "钉钉 · 电脑"], ["dingtalk_phone", "钉钉 · 手机"],
];
const FAULTS = { refuse: "连不上", timeout: "发出后没有回音", reset: "中途断开", rate: "被限流", reject: "被拒收" };

const none = (text) => el("li", { class: "none" }, text);

export function drawAhead(state, on) {
  replace(byId("upcoming"), state.upcoming.length ? state.upcoming.map((each) => el("li", {},
    el("span", { class: "row-when" }, when(each.at)),
    el("span", { class: "row-main" }, each.title),
    el("span", { class: "row-tag" }, each.to === "group" ? "发到群里" : `私下给${each.to}`))) : none("近期没有要发的。"));
  replace(byId("items"), state.items.length ? state.items.map((item) => drawItem(item, on)) : none("现在没有能报名的。"));
  replace(byId("members"), state.members.map((member) => el("li", { class: "member" },
    avatar(member.name), el("span", { class: "row-main" }, member.name), el("span", { class: "row-tag" }, ROLES[member.role] || member.role))));
  const faults = Object.entries(state.faults);
  replace(byId("faults"), faults.length
    ? faults.map(([name, times]) => el("li", {}, el("span", { class: "row-main" }, FAULTS[name] || name), el("span", { class: "row-tag" }, `还有 ${times} 次`)))
    : none("平台一切正常。"));
}

function drawItem(item, on) {
  const full = item.seats !== null && item.taken >= item.seats;
  const seats = item.seats === null ? "不限" : `${item.taken}/${item.seats}${full ? " 已满" : ""}`;
  return el("li", {},
    el("span", { class: "number" }, String(item.number)),
    el("span", { class: "row-main" }, item.title, el("small", {}, `${item.kind} · ${seats}`)),
    el("button", { type: "button", class: "act", onclick: () => on.act(`/报名 ${item.number}`), "aria-label": `报名 ${item.number}` }, "报名"));
}

export async function drawMessage(bubble, view, on) {
  const panel = byId("panel-message");
  if (!bubble) return replace(panel, el("p", { class: "empty" }, "点一条消息下面的“为什么”，看机器人怎么想，以及它在两个平台上的样子。"));
  if (bubble.who !== "bot") return drawTyped(panel, bubble, view, on);
  const [own, other] = [true, false].map((mine) => FRAMES.filter(([key]) => key.startsWith(view.platform) === mine));
  return replace(panel,
    el("h3", {}, "为什么这样说"),
    el("ul", { class: "reasons" }, ...(bubble.why.length ? bubble.why : ["没有记下原因。"]).map((reason) => el("li", {}, reason))),
    bubble.status ? el("p", { class: "lead" }, `结果：${STATUS[bubble.status] || bubble.status}`) : null,
    el("h3", {}, "在各平台上的样子"),
    ...[...own, ...other].filter(([key]) => bubble.previews[key]).map(([key, title]) => drawFrame(key, title, bubble.previews[key])));
}

function drawFrame(key, title, preview) {
  const [platform, device] = key.split("_");
  const share = Math.round((preview.bytes / preview.limit) * 100);
  return el("figure", { class: `frame ${platform} ${device}`, "data-preview": key },
    el("figcaption", {}, el("span", {}, title), el("span", { class: share > 100 ? "over" : "" }, `${preview.bytes} / ${preview.limit} 字节`)),
    el("progress", { max: preview.limit, value: Math.min(preview.bytes, preview.limit), "aria-label": `用了上限的 ${share}%` }),
    el("div", { class: "screen" }, el("div", { class: "mini" }, ...drawBlocks(preview.blocks, { exact: true, platform }))),
    ...preview.notes.map((note) => el("p", { class: "note" }, note)));
}

async function drawTyped(panel, bubble, view, on) {
  replace(panel, el("h3", {}, "机器人怎么理解"), el("p", { class: "lead" }, "……"));
  const lines = [];
  try {
    const found = await post("explain", { text: bubble.text, platform: bubble.platform || view.platform, bot_name: view.botName });
    if (!bubble.heard) lines.push("群里没有 @ 机器人，所以它根本收不到。要是收到了：");
    lines.push(found.command ? `命令：/${found.command}` : "没有对上命令。");
    if (found.argument) lines.push(`内容：${found.argument}`);
    if (found.suggest.length) lines.push(`会建议：${found.suggest.map((name) => `/${name}`).join("、")}`);
  } catch (error) {
    lines.push(error.message);
  }
  replace(panel, el("h3", {}, "机器人怎么理解"), el("ul", { class: "reasons" }, ...lines.map((line) => el("li", {}, line))),
    el("h3", {}, "重复投递"),
    el("p", { class: "lead" }, "平台有时会把同一条消息送两次。"),
    el("button", { type: "button", disabled: !bubble.msgid, onclick: () => on.redeliver(bubble) }, "重发同一条"));
}

/* ---- plan document ---- */

const KINDS = {
  weekly: "每周", biweekly: "隔周", monthly: "每月", monthly_week: "每月某周", week_number: "教学周", date: "日期", month: "月份",
  term_start: "学期初", term_mid: "期中", term_end: "期末", all_term: "全学期", irregular: "不定期",
};
const WEEKDAYS = ["", "周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const list = (value) => (Array.isArray(value) ? value : [value]);

function details(entry) {
  const found = [];
  if (entry.parity) found.push(entry.parity === "odd" ? "单周" : "双周");
  if (entry.weeks) found.push(entry.list ? `第${entry.weeks.join("、")}周` : `第${entry.weeks.join("–")}周`);
  if (entry.months) found.push(`${entry.months.join("、")}月`);
  if (entry.date) found.push(entry.date_to ? `${entry.date} 至 ${entry.date_to}` : entry.date);
  if (entry.weekday) found.push(list(entry.weekday).map((day) => WEEKDAYS[day] || day).join("、"));
  if (entry.periods) found.push(`第${entry.periods.join("、")}节`);
  if (entry.time) found.push(entry.time);
  if (entry.place) found.push(entry.place);
  return found.join(" · ");
}

function drawEntry(entry) {
  return el("li", { class: entry.sure ? "entry sure" : "entry unsure" },
    el("div", { class: "entry-head" }, el("span", { class: "kind" }, entry.rule || KINDS[entry.kind] || entry.kind), el("strong", {}, entry.activity)),
    el("small", {}, `第 ${entry.line} 行`, details(entry) ? ` · ${details(entry)}` : ""),
    entry.question ? el("p", { class: "question" }, `要问组长：${entry.question}`) : null);
}

export function wirePlan(currentGroup, changed) {
  const file = byId("plan-file");
  const text = byId("plan-text");
  const activate = byId("plan-activate");
  const read = (fields) => (file.files[0] ? upload("plan", file.files[0], fields) : post("plan", { text: text.value }, fields));
  const run = async (fields) => {
    if (!file.files[0] && !text.value.trim()) return toast("先选一个文件，或粘贴几行计划。", true);
    try {
      const entries = await read({ group: currentGroup(), ...fields });
      const unsure = entries.filter((entry) => !entry.sure).length;
      const summary = `读出 ${entries.length} 项，${unsure ? `其中 ${unsure} 项要问组长` : "都很确定"}。`;
      replace(byId("plan-result"), el("p", { class: "summary" }, fields.activate ? `${summary}确定的已经启用。` : summary), el("ol", { class: "entries" }, ...entries.map(drawEntry)));
      activate.disabled = entries.length === 0;
      if (fields.activate) await changed();
    } catch (error) {
      toast(error.message, true);
    }
    return null;
  };
  file.addEventListener("change", () => {
    byId("plan-name").textContent = file.files[0] ? file.files[0].name : "还没选";
    activate.disabled = true;
  });
  text.addEventListener("input", () => { activate.disabled = true; });
  byId("plan-form").addEventListener("submit", (event) => { event.preventDefault(); run({}); });
  activate.addEventListener("click", () => run({ activate: "1" }));
}

export function wireFaults(changed) {
  byId("fault-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await post("faults", { fault: byId("fault").value, times: Number(byId("fault-times").value) });
      await changed();
    } catch (error) {
      toast(error.message, true);
    }
  });
}

/* ---- tabs ---- */

export function showTab(name) {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    const chosen = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !chosen;
  }
}

export function wireTabs() {
  const tabs = Array.from(document.querySelectorAll("[data-tab]"));
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => showTab(tab.dataset.tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      showTab(next.dataset.tab);
      next.focus();
    });
  });
}

export const loadState = (group) => get("state", { group });
