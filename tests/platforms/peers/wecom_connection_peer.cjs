// WeCom's own client for the long connection, @wecom/aibot-node-sdk, behind lines of JSON: {"does": …, …} in, the answer
// out. Several clients by name.
"use strict";

const readline = require("node:readline");
const { WSClient } = require("@wecom/aibot-node-sdk");

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const clients = {};

const does = {
  // subscribe; → {"is": "authenticated"} or {"is": "error"}
  async connect({ name, url, bot, secret, heartbeat }) {
    const client = new WSClient({
      botId: bot, secret, wsUrl: url, heartbeatInterval: heartbeat || 700, maxAuthFailureAttempts: 0, logger: quiet,
    });
    const events = [];
    clients[name] = { client, events };
    for (const kind of ["message", "event", "disconnected", "error"]) {
      client.on(kind, (what) => events.push({ kind, what: what instanceof Error ? what.message : what }));
    }
    return new Promise((resolve) => {
      client.on("authenticated", () => resolve({ is: "authenticated" }));
      client.on("error", (error) => resolve({ is: "error", error: error.message }));
      client.connect();
    });
  },
  // what has happened, once that is so much
  async events({ name, number }) {
    while (clients[name].events.length < number) await new Promise((resolve) => setTimeout(resolve, 5));
    return { events: clients[name].events };
  },
  stream: ({ name, frame, id, text, finish }) => clients[name].client.replyStream(frame, id, text, finish),
  welcome: ({ name, frame, text }) => clients[name].client.replyWelcome(frame, { msgtype: "text", text: { content: text } }),
  card: ({ name, frame, card }) => clients[name].client.replyTemplateCard(frame, card),
  update: ({ name, frame, card, people }) => clients[name].client.updateTemplateCard(frame, card, people),
  send: ({ name, chat, text }) => clients[name].client.sendMessage(chat, { msgtype: "markdown", markdown: { content: text } }),
  async upload({ name, chat, size, filename }) {
    const data = Buffer.alloc(size, "0123456789");
    const done = await clients[name].client.uploadMedia(data, { type: "file", filename });
    await clients[name].client.sendMediaMessage(chat, "file", done.media_id);
    return done;
  },
  async disconnect({ name }) {
    clients[name].client.disconnect();
    return {};
  },
};

async function answer(line) {
  const asked = JSON.parse(line);
  try {
    return (await does[asked.does](asked)) || {};
  } catch (error) {
    return error instanceof Error ? { error: error.message } : { refused: error };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
  }
  process.exit(0);
})();
