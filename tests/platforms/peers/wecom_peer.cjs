// WeCom's side, spoken by @wecom/crypto: each line in is {"does": …, …}, each line out its answer, both JSON.
"use strict";

const readline = require("node:readline");
const wecom = require("@wecom/crypto");
const { decryptFile } = require("@wecom/aibot-node-sdk");

const does = {
  // text → what the platform would send: the ciphertext and its signature
  seal({ token, key, id, timestamp, nonce, text }) {
    const encrypt = wecom.encrypt(key, text, id);
    return { encrypt, signature: wecom.getSignature(token, timestamp, nonce, encrypt) };
  },
  // an answer → its text, the receive id at its end, and the signature it ought to have
  open({ token, key, timestamp, nonce, encrypt }) {
    const { message, id } = wecom.decrypt(key, encrypt);
    return { text: message, id, signature: wecom.getSignature(token, timestamp, nonce, encrypt) };
  },
  // the bytes of a file as the platform keeps it and the file's own key → its bytes; all base64
  file({ sealed, key }) {
    return { bytes: decryptFile(Buffer.from(sealed, "base64"), key).toString("base64") };
  },
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = does[asked.does](asked);
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
