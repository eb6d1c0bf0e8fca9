// Who can speak and where: the list of chats on the left, the row of speakers under the conversation.

import { avatar, byId, el, replace } from "./dom.js";

const VISITOR = "新面孔";
const ROLE_MARK = { leader: "组长", apprentice: "徒弟" };

const people = (state) => [...state.members.map((member) => member.name), VISITOR];
const badge = (count) => (count ? el("span", { class: "badge", "aria-label": `${count} 条未读` }, String(count)) : null);

export function drawChats(state, view, go) {
  keepingFocus(byId("groups"), () => state.groups.map((name) => row(name, name,
    el("span", { class: "avatar square", "aria-hidden": "true" }, "群"), !view.private && name === view.group, null,
    () => go({ group: name, private: false }))));
  keepingFocus(byId("privates"), () => people(state).map((name) => row(name, name, avatar(name),
    view.private && name === view.speaker, badge(state.unread[name]), () => go({ speaker: name, private: true }))));
  const total = Object.values(state.unread).reduce((sum, count) => sum + count, 0);
  byId("unread-total").hidden = !total;
  byId("unread-total").textContent = total || "";
}

function row(key, name, picture, current, mark, onclick) {
  return el("li", {}, el("button", { type: "button", class: "chat-row", "data-key": key, "aria-current": String(current), onclick },
    picture, el("span", { class: "row-name" }, name), mark));
}

export function drawSpeakers(state, view, go) {
  const roles = Object.fromEntries(state.members.map((member) => [member.name, ROLE_MARK[member.role]]));
  keepingFocus(byId("speakers"), () => people(state).map((name) => el("button", {
    type: "button", class: "speaker", "data-key": name, "data-speaker": name, "aria-pressed": String(name === view.speaker), onclick: () => go({ speaker: name }),
  }, avatar(name), el("span", {}, name, roles[name] ? el("small", {}, roles[name]) : null))));
}

/** Redraws `box`; the button that had the keyboard keeps it. */
function keepingFocus(box, draw) {
  const key = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  replace(box, draw());
  const again = key && box.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (again) again.focus({ preventScroll: true });
}
