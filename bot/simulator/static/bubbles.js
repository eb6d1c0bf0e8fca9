// Drawing the conversation: time separators, bubbles, and a message as a platform would show it.

import { avatar, el } from "./dom.js";
import { parts } from "./time.js";

const PAUSE = 10; // minutes of silence after which the time is written again
const LONG = 600; // characters after which a message is folded
const TAGS = { card: "定时卡片", note: "私下提醒", change: "变动通知" };
const WEB = /^https?:\/\//;

/** The rows of a message. `exact`: the actions too, written as the platform writes them. */
export function drawBlocks(blocks, { exact = false, platform = "" } = {}) {
  return blocks.map((block) => {
    if (block.kind === "heading") return el("div", { class: "b-heading" }, block.text);
    if (block.kind === "blank") return el("div", { class: "b-blank" });
    if (block.kind === "mention") return el("div", { class: "mention" }, block.text);
    if (block.kind === "file") return el("div", { class: "b-line" }, `📎 ${block.text}`);
    if (block.kind === "link") return el("div", { class: "b-line" }, "👉 ", webLink(block.text, block.url));
    if (block.kind === "action") return exact ? drawAction(block, platform) : null;
    return el("div", { class: "b-line" }, block.text);
  });
}

function drawAction(block, platform) {
  const tappable = platform === "dingtalk" && block.url;
  const label = tappable ? el("span", { class: "fake-link" }, block.text) : block.text;
  return el("div", { class: "b-line" }, label, `：${block.send}`);
}

function webLink(text, url) {
  if (!WEB.test(url)) return text;
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

function typed(text, botName) {
  const mention = `@${botName}`;
  return text.split(mention).flatMap((piece, index) => (
    index === 0 ? [piece] : [el("span", { class: "mention" }, mention), piece]
  ));
}

export function separator(bubble, previous) {
  const at = parts(bubble.at);
  const before = previous ? parts(previous.at) : null;
  if (before && before.day === at.day && at.minutes - before.minutes < PAUSE) return null;
  const text = before && before.day === at.day ? at.time : `${at.short} ${at.time}`;
  return el("div", { class: "when" }, el("span", {}, text));
}

function fold(body, length) {
  if (length <= LONG) return null;
  body.classList.add("folded");
  const button = el("button", { type: "button", class: "unfold", "aria-expanded": "false" }, `展开全文（${length} 字）`);
  button.addEventListener("click", () => {
    const folded = body.classList.toggle("folded");
    button.textContent = folded ? `展开全文（${length} 字）` : "收起";
    button.setAttribute("aria-expanded", String(!folded));
  });
  return button;
}

/** One message. `view` says who looks on; `on.select` and `on.act` are what a tap does. */
export function drawBubble(bubble, view, on) {
  const isBot = bubble.who === "bot";
  const name = isBot ? view.botName : bubble.who;
  const mine = !isBot && bubble.who === view.speaker;
  const shown = isBot && bubble.previews[`${view.platform}_${view.device}`];
  const body = el("div", { class: "body" }, ...(shown ? drawBlocks(shown.blocks) : typed(bubble.text, view.botName)));
  const classes = ["message", isBot ? "from-bot" : "from-person", mine ? "mine" : "", bubble.heard ? "" : "unheard"];
  const tag = TAGS[bubble.kind] ? el("span", { class: `tag ${bubble.kind}` }, TAGS[bubble.kind]) : null;
  return el("article", { class: classes.join(" "), "data-id": bubble.id, "aria-label": `${name}：${bubble.text.slice(0, 200)}` },
    avatar(name, isBot),
    el("div", { class: "column" },
      el("div", { class: "name" }, name, isBot ? el("span", { class: "robot" }, "机器人") : null, tag),
      el("div", { class: "row" },
        el("div", { class: `bubble status-${bubble.status || "none"}` }, body, fold(body, bubble.text.length), drawFiles(bubble.files)),
        isBot ? null : asks(bubble, on, "?", "机器人怎么理解这句")),
      bubble.heard ? null : el("div", { class: "deaf" }, `机器人收不到：没有 @${view.botName}`),
      isBot ? drawTail(bubble, on) : null));
}

function asks(bubble, on, text, label) {
  return el("button", { type: "button", class: text === "?" ? "why round" : "why", title: label, "aria-label": label, "aria-pressed": "false", onclick: () => on.select(bubble.id) }, text);
}

/** A picture is shown as the platforms show it; its numbers stand in the message beside it. */
function drawFiles(files) {
  return files.map((file) => {
    const href = file.url.startsWith("/") ? file.url : "#";
    const link = el("a", { class: "file", href, download: file.name }, `📎 ${file.name}`);
    if (!/\.(png|jpe?g)$/i.test(file.name)) return link;
    const picture = el("img", { src: href, alt: `图片：${file.name}` });
    return el("details", { class: "picture" }, el("summary", { title: "看全图" }, picture), link);
  });
}

function drawTail(bubble, on) {
  const actions = bubble.actions.map((action) => (
    el("button", { type: "button", class: "act", title: action.send, onclick: () => (action.fill ? on.fill : on.act)(action.send) }, action.label)
  ));
  return el("div", { class: "tail" }, ...actions, asks(bubble, on, "为什么", "为什么这样说，在各平台上的样子"));
}
