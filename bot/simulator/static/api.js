// The simulator's API. A refused request throws an Error that carries the server's Chinese sentence.

async function ask(path, options) {
  let response;
  try {
    response = await fetch(`/try/api/${path}`, options);
  } catch (error) {
    throw new Error("连不上模拟器，它可能已经关了。");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `出错了（${response.status}）`);
  return body;
}

const query = (fields) => {
  const pairs = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
};

export const get = (path, fields = {}) => ask(`${path}?${query(fields)}`);

export const post = (path, body, fields = {}) => ask(`${path}?${query(fields)}`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

export function upload(path, file, fields = {}) {
  const form = new FormData();
  form.append("file", file);
  return ask(`${path}?${query(fields)}`, { method: "POST", body: form });
}

/** An id for one message; said again with the same id it is the same message. */
export const newMsgid = () => `page-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
