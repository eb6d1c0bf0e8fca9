// Building blocks of the page. Text only ever enters the document as text nodes.

export const byId = (id) => document.getElementById(id);

/** An element with attributes, properties in `on` as listeners, and children (nodes or text). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

const TINTS = 9;

/** A coloured circle with the surname; the same name always gets the same colour. */
export function avatar(name, isBot = false) {
  const [surname] = Array.from(name || "?");
  const tint = isBot ? "bot" : `t${((surname.codePointAt(0) * 143) >> 5) % TINTS}`; // tells common surnames apart
  return el("span", { class: `avatar ${tint}`, "aria-hidden": "true" }, isBot ? "备" : surname);
}

let timer = 0;

export function hush() {
  byId("toast").className = "toast";
}

export function toast(text, bad = false) {
  const box = byId("toast");
  box.textContent = text;
  box.className = `toast shown${bad ? " bad" : ""}`;
  clearTimeout(timer);
  timer = setTimeout(hush, bad ? 7000 : 4000);
}
