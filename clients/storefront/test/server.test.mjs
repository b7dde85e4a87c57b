import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createStorefront } from "../server.mjs";

let server, port, folder;

before(async () => {
  folder = await mkdtemp(`${tmpdir()}/storefront-`);
  await writeFile(`${folder}/index.html`, "<h1>storefront</h1>");
  server = createStorefront({
    issuer: "https://id.example.com/tenant", membersApi: "http://localhost:5101", dist: pathToFileURL(`${folder}/`),
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  port = server.address().port;
});

after(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Unlike fetch, sends path and Host as they are told. */
function get(path, { host = `localhost:${port}`, method = "GET" } = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, method, headers: { host }, agent: false }, async (answer) => {
      let body = "";
      for await (const chunk of answer) body += chunk;
      resolve({ status: answer.statusCode, headers: answer.headers, body });
    });
    outgoing.on("error", reject).end();
  });
}

test("serves the page at its start and at the redirect URI", async () => {
  for (const path of ["/", "/callback", "/callback?code=ac_1&state=s"]) {
    const { status, headers, body } = await get(path);
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.equal(body, "<h1>storefront</h1>");
  }
});

test("tells the page where provider and API are", async () => {
  const { headers, body } = await get("/config.json");
  assert.equal(headers["content-type"], "application/json; charset=utf-8");
  assert.deepEqual(JSON.parse(body), { issuer: "https://id.example.com/tenant", membersApi: "http://localhost:5101", clientId: "storefront" });
});

test("lets the page speak to itself, provider and API, and to nobody else", async () => {
  const { headers } = await get("/");
  const policy = headers["content-security-policy"];
  assert.match(policy, /^default-src 'none';/);
  assert.match(policy, /connect-src 'self' https:\/\/id\.example\.com http:\/\/localhost:5101;/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.equal(headers["referrer-policy"], "no-referrer");
  assert.equal(headers["x-content-type-options"], "nosniff");
});

test("serves nothing else", async () => {
  for (const path of ["/server.mjs", "/../package.json", "/%2e%2e/package.json", "/callback/", "/__proto__", "/constructor"]) {
    assert.equal((await get(path)).status, 404, path);
  }
  assert.equal((await get("/", { method: "POST" })).status, 405);
});

test("says what to do when a file is not built", async () => {
  const { status, body } = await get("/main.js");
  assert.equal(status, 503);
  assert.match(body, /npm run build/);
});

test("moves visitors to the host name that the redirect URI has", async () => {
  const { status, headers } = await get("/?a=b", { host: `127.0.0.1:${port}` });
  assert.equal(status, 307);
  assert.equal(headers.location, `http://localhost:${port}/?a=b`);
});

test("answers under no other name", async () => {
  assert.equal((await get("/config.json", { host: "rebound.example.com" })).status, 421);
});

test("answers HEAD without a body", async () => {
  const { status, body } = await get("/", { method: "HEAD" });
  assert.equal(status, 200);
  assert.equal(body, "");
});
