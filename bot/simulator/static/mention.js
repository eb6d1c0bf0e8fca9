// In a group the bot hears only what mentions it; the mention is part of what people type.

export const mention = (view) => `@${view.botName} `;

/** What the composer starts with. */
export const opening = (view) => (view.private ? "" : mention(view));

/** What was typed, as the API wants it: the text without its mention, and whether there was one. */
export function split(view, text) {
  if (view.private) return { text, mention: true };
  const name = view.botName.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = new RegExp(`[@\\uff20]${name}[ \\u2005\\u00a0]?`);
  return found.test(text) ? { text: text.replace(found, ""), mention: true } : { text, mention: false };
}
