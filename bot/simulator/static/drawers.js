// The two columns that slide in where there is no room for them.

import { byId } from "./dom.js";

const BUTTONS = { chats: "open-chats", side: "open-side" };
const tight = matchMedia("(max-width: 1100px)");

function set(id, open) {
  byId(id).classList.toggle("open", open);
  byId(BUTTONS[id]).setAttribute("aria-expanded", String(open));
  byId("shade").hidden = !document.querySelector(".chats.open, .side.open");
}

export function closeDrawers() {
  const inside = document.querySelector(".chats.open, .side.open");
  const hadFocus = inside && inside.contains(document.activeElement);
  for (const id of Object.keys(BUTTONS)) set(id, false);
  if (hadFocus) byId(BUTTONS[inside.id]).focus();
}

export function openSide() {
  if (!tight.matches) return;
  set("side", true);
  byId("close-side").focus();
}

export function wireDrawers() {
  byId("open-chats").addEventListener("click", () => { set("chats", true); byId("chats").querySelector("button").focus(); });
  byId("open-side").addEventListener("click", openSide);
  byId("close-side").addEventListener("click", closeDrawers);
  byId("shade").addEventListener("click", closeDrawers);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeDrawers(); });
}
