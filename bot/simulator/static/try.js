// The simulator's page: who speaks where, the conversation, the clock.

import { get, newMsgid, post, upload } from "./api.js";
import { drawBubble, separator } from "./bubbles.js";
import { avatar, byId, el, hush, replace, toast } from "./dom.js";
import { closeDrawers, openSide, wireDrawers } from "./drawers.js";
import { mention, opening, split } from "./mention.js";
import { drawChats, drawSpeakers } from "./rail.js";
import { drawAhead, drawMessage, loadState, showTab, wireFaults, wirePlan, wireTabs } from "./side.js";
import { wireRehearsal } from "./rehearsal.js";
import { parts } from "./time.js";

const POLL = 4000; // ms; results of slow work (Word, Excel) come by themselves
const CHIPS = ["/本周备课", "/公开课", "/报名", "/反思", "/帮助", "/汇总"];
const NEEDS_TEXT = ["/反思"];

const narrow = matchMedia("(max-width: 760px)");
const view = { group: null, speaker: "李老师", private: false, platform: "wecom", botName: "备课助手", get device() { return narrow.matches ? "phone" : "desktop"; } };
let state = null;
let bubbles = [];
let selected = null;
let listed = "";
let queue = Promise.resolve();

/* ---- loading and drawing ---- */

const person = () => (view.private ? view.speaker : null);

/** One thing at a time, so that answers never overtake each other. */
function inTurn(work) {
  queue = queue.then(work).catch((error) => toast(error.message, true));
  return queue;
}

async function load({ fresh = false } = {}) {
  const chat = `${view.group}/${person()}`;
  const after = fresh || !bubbles.length ? 0 : bubbles[bubbles.length - 1].id;
  const found = (await get("transcript", { group: view.group, person: person(), after })).bubbles;
  state = await loadState(view.group);
  if (chat !== `${view.group}/${person()}`) return;
  view.group = state.group;
  view.botName = state.bot_name;
  if (fresh) bubbles = [];
  draw(found, fresh);
}

let reachable = true;

async function poll() {
  try {
    await load();
    reachable = true;
  } catch (error) {
    if (reachable) toast(error.message, true); // once, not every four seconds
    reachable = false;
  }
}

function draw(found, fresh) {
  const log = byId("log");
  const atEnd = fresh || log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  log.setAttribute("aria-busy", String(fresh));
  if (fresh) replace(log);
  for (const bubble of found) {
    if (!bubbles.length) replace(log);
    const line = separator(bubble, bubbles[bubbles.length - 1]);
    if (line) log.append(line);
    log.append(drawBubble(bubble, view, { act: say, fill: compose, select }));
    bubbles.push(bubble);
  }
  if (!bubbles.length) replace(log, welcome());
  log.setAttribute("aria-busy", "false");
  if (atEnd && found.length) log.scrollTop = log.scrollHeight;
  drawAround();
}

function welcome() {
  const where = view.private ? `这是 ${view.speaker} 与机器人的私聊。` : `这是“${view.group}”的群聊。`;
  const how = view.private ? "直接发命令就行，别人看不到。" : `在群里要先 @${view.botName}，机器人才听得到。`;
  return el("div", { class: "welcome" },
    avatar(view.botName, true),
    el("p", {}, el("strong", {}, where)), el("p", {}, how),
    el("p", {}, "点下面的例子，或按“下一条”看看它会主动说什么。"));
}

function drawAround() {
  const now = parts(state.now);
  byId("date").textContent = now.long;
  byId("time").textContent = now.time;
  byId("week").textContent = state.week === null ? "假期" : `第${state.week}周`;
  byId("to").min = now.input;
  if (document.activeElement !== byId("to")) byId("to").value = now.input;
  byId("chat-title").textContent = view.private ? `${view.speaker}的私聊` : view.group;
  byId("chat-sub").textContent = view.private ? `与${view.botName}，只有两人看得到` : `${state.members.length} 人 · 以${view.speaker}的身份`;
  byId("hint").textContent = view.private ? "回车发送，Shift+回车换行" : `回车发送，Shift+回车换行；删掉 @${view.botName} 机器人就收不到`;
  document.body.dataset.platform = view.platform;
  press("[data-private]", (node) => node.dataset.private === String(view.private));
  press("[data-platform-name]", (node) => node.dataset.platformName === view.platform);
  byId("redeliver").disabled = !lastOwn();
  drawLists();
}

/** The lists are drawn only when they changed: a button must not vanish between press and release. */
function drawLists() {
  const now = JSON.stringify([state, view]);
  if (now === listed) return;
  listed = now;
  drawChats(state, view, go);
  drawSpeakers(state, view, go);
  drawAhead(state, { act: say });
}

function press(selector, isOn) {
  for (const node of document.querySelectorAll(selector)) node.setAttribute("aria-pressed", String(isOn(node)));
}

/* ---- moving about ---- */

function go(change) {
  closeDrawers();
  const box = byId("text");
  const written = box.value.startsWith(mention(view)) ? box.value.slice(mention(view).length) : box.value;
  Object.assign(view, change);
  remember();
  selected = null;
  box.value = opening(view) + written;
  grow();
  return inTurn(async () => { await load({ fresh: true }); await drawMessage(null, view); });
}

function select(id) {
  hush();
  selected = bubbles.find((bubble) => bubble.id === id) || null;
  press("#log .why", (node) => node.closest("[data-id]").dataset.id === String(id));
  for (const node of document.querySelectorAll("#log .message")) node.classList.toggle("chosen", node.dataset.id === String(id));
  showTab("message");
  openSide();
  drawMessage(selected, view, { redeliver });
}

function remember() {
  try {
    sessionStorage.setItem("try", JSON.stringify({ group: view.group, speaker: view.speaker, private: view.private, platform: view.platform }));
  } catch (error) {
    console.info("the choice is not remembered", error);
  }
}

function recall() {
  try {
    Object.assign(view, JSON.parse(sessionStorage.getItem("try") || "{}"));
  } catch (error) {
    console.info("nothing remembered", error);
  }
}

/* ---- talking ---- */

const lastOwn = () => bubbles.filter((bubble) => bubble.who === view.speaker && bubble.msgid).pop();

function message(text) {
  return { speaker: view.speaker, private: view.private, group: view.group, platform: view.platform, msgid: newMsgid(), ...split(view, text) };
}

async function deliver(body) {
  const answer = await post("messages", body);
  await load();
  const aside = answer.replies.filter((reply) => reply.to !== "group" && !body.private);
  if (aside.length) toast(`另有一条私下发给了${aside.map((reply) => reply.to).join("、")}。`);
  return answer;
}

/** Fill in a command (its mention too, in a group) and send it. */
/** An example to be changed: into the composer, sent by the teacher. */
function compose(command) {
  const box = byId("text");
  box.value = split(view, command).mention || view.private ? command : mention(view) + command;
  box.dispatchEvent(new Event("input"));
  box.focus();
}

function say(command) {
  closeDrawers();
  byId("text").value = split(view, command).mention || view.private ? command : mention(view) + command;
  return submit();
}

function submit() {
  const box = byId("text");
  const text = box.value;
  if (!text.trim()) return null;
  hush();
  box.value = opening(view);
  grow();
  return inTurn(async () => {
    try {
      await deliver(message(text));
    } catch (error) {
      if (box.value === opening(view)) box.value = text; // what was typed is not lost
      throw error;
    }
  });
}

function redeliver(bubble) {
  const { text, mention: heard } = split(view, bubble.text);
  const body = { speaker: bubble.who, private: view.private, group: view.group, platform: bubble.platform || view.platform, msgid: bubble.msgid, text, mention: heard };
  return inTurn(async () => {
    const before = bubbles.length;
    const answer = await deliver(body);
    const first = answer.replies.length ? answer.replies[0].text.split("\n")[0] : "（没有回答）";
    const added = bubbles.length - before;
    toast(added ? `又送到一次，聊天里多了 ${added} 条。` : `又送到一次，回答照旧：${first}`);
  });
}

/* ---- clock ---- */

function move(body) {
  return inTurn(async () => {
    const { now, posts } = await post("clock", body);
    await load();
    const at = parts(now);
    const elsewhere = posts.filter((each) => each.group !== view.group || each.to !== (person() || "group"));
    const more = elsewhere.length ? `，其中 ${elsewhere.length} 条在别的会话` : "";
    toast(`${at.short} ${at.time}：${posts.length ? `机器人主动发了 ${posts.length} 条${more}。` : "没有要发的。"}`);
  });
}

let sure = 0;

function reset() {
  const button = byId("reset");
  if (Date.now() - sure > 4000) {
    sure = Date.now();
    button.textContent = "确定？";
    setTimeout(() => { button.textContent = "重来"; }, 4000);
    return null;
  }
  sure = 0;
  button.textContent = "重来";
  return inTurn(async () => {
    await post("reset", {});
    view.group = null;
    await load({ fresh: true });
    toast("回到了第一天。");
  });
}

/* ---- wiring ---- */

/** A file goes one-to-one, whichever chat is open: in a group the platforms deliver none. */
function attach() {
  const box = byId("attach");
  const [file] = box.files;
  if (!file) return null;
  return inTurn(async () => {
    try {
      await upload("files", file, { speaker: view.speaker, group: view.group, platform: view.platform, msgid: newMsgid() });
      await load();
      if (!view.private) toast("文件只能私下发给助手，已经发到私聊里了。");
    } finally {
      box.value = "";
    }
  });
}

function grow() {
  const box = byId("text");
  box.rows = 1; // measured anew: wrapped lines count too; 22 px a line, 20 px of padding (chat.css)
  box.rows = Math.min(6, Math.max(1, Math.floor((box.scrollHeight - 20) / 22)));
}

function wireComposer() {
  const box = byId("text");
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  byId("attach").addEventListener("change", attach);
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return; // 229: an input method is choosing
    event.preventDefault();
    submit();
  });
  replace(byId("chips"), CHIPS.map((command) => el("button", { type: "button", class: "chip", onclick: () => chip(command) }, command)));
}

function chip(command) {
  if (!NEEDS_TEXT.includes(command)) return say(command);
  const box = byId("text");
  box.value = `${opening(view)}${command} `;
  return box.focus();
}

function wire() {
  wireComposer();
  wireTabs();
  wirePlan(() => view.group, () => inTurn(() => load()));
  wireFaults(() => inTurn(() => load()));
  for (const node of document.querySelectorAll("[data-clock]")) {
    node.addEventListener("click", () => move(node.dataset.clock === "next" ? { next: true } : { advance: node.dataset.clock }));
  }
  for (const node of document.querySelectorAll("[data-private]")) node.addEventListener("click", () => go({ private: node.dataset.private === "true" }));
  for (const node of document.querySelectorAll("[data-platform-name]")) node.addEventListener("click", () => go({ platform: node.dataset.platformName }));
  byId("goto").addEventListener("submit", (event) => { event.preventDefault(); move({ to: byId("to").value }); });
  byId("reset").addEventListener("click", reset);
  byId("redeliver").addEventListener("click", () => redeliver(lastOwn()));
  wireDrawers();
  wireRehearsal(() => view.group);
  narrow.addEventListener("change", () => inTurn(() => load({ fresh: true })));
  setInterval(() => { if (!document.hidden) inTurn(poll); }, POLL);
}

recall();
wire();
inTurn(async () => {
  await load({ fresh: true }).catch(() => { view.group = null; return load({ fresh: true }); }); // the remembered group may be gone
  byId("text").value = opening(view);
  document.body.dataset.ready = "true";
  await drawMessage(null, view);
});
