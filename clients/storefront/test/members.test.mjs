import assert from "node:assert/strict";
import test from "node:test";
import { membersApi, readFields } from "../src/members.mjs";

/** A members API that gives these answers one after the other, and remembers what it was asked. */
function answering(...answers) {
  const requests = [];
  const rejected = [];
  const api = membersApi({
    base: "http://localhost:5101",
    accessToken: async (token) => (token ? (rejected.push(token), "at_2") : "at_1"),
    language: () => "zh-CN",
    fetch: async (url, options) => {
      requests.push({ url, ...options });
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { api, requests, rejected };
}

const json = (status, body, headers) => new Response(JSON.stringify(body), { status, headers });

test("loads the profile as the person, in the person's language", async () => {
  const { api, requests } = answering(json(200, { name: "Alice" }));
  assert.deepEqual(await api.loadProfile(), { name: "Alice" });
  assert.equal(requests[0].url, "http://localhost:5101/api/profile");
  assert.equal(requests[0].method, "GET");
  assert.equal(requests[0].headers.Authorization, "Bearer at_1");
  assert.equal(requests[0].headers["Accept-Language"], "zh-CN");
});

test("takes 404 and 204 for no profile yet", async () => {
  assert.equal(await answering(json(404, { code: "NOT_FOUND" })).api.loadProfile(), null);
  assert.equal(await answering(new Response(null, { status: 204 })).api.loadProfile(), null);
});

test("saves the profile as JSON", async () => {
  const { api, requests } = answering(json(200, {}));
  await api.saveProfile({ name: "Alice", birth_date: "1980-04-03" });
  assert.equal(requests[0].method, "POST");
  assert.equal(requests[0].headers["Content-Type"], "application/json");
  assert.deepEqual(JSON.parse(requests[0].body), { name: "Alice", birth_date: "1980-04-03" });
});

test("replays a request answered 401 once, with a fresh token", async () => {
  const { api, requests, rejected } = answering(json(401, {}), json(200, {}));
  await api.saveProfile({ name: "Alice" });
  assert.deepEqual(requests.map((request) => request.headers.Authorization), ["Bearer at_1", "Bearer at_2"]);
  assert.equal(requests[1].body, requests[0].body);
  assert.deepEqual(rejected, ["at_1"]);
});

test("takes the second 401 for an answer", async () => {
  const { api, requests } = answering(json(401, {}), json(401, { code: "AUTH_UNAUTHENTICATED" }), json(200, {}));
  await assert.rejects(api.loadProfile(), { status: 401, code: "AUTH_UNAUTHENTICATED" });
  assert.equal(requests.length, 2);
});

test("reads what the API says about a refusal", async () => {
  const body = { error: "Check the fields.", code: "REQUEST_INVALID", requestId: "r1", details: { fields: { name: "Needed." } } };
  await assert.rejects(answering(json(400, body)).api.saveProfile({}), {
    status: 400, code: "REQUEST_INVALID", message: "Check the fields.", requestId: "r1", fields: { name: "Needed." },
  });
});

test("finds the request id in the header when the body tells nothing", async () => {
  const { api } = answering(new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "X-Request-Id": "r2" } }));
  await assert.rejects(api.saveProfile({}), { status: 502, requestId: "r2", fields: {} });
});

test("tells an API that cannot be reached from one that refuses", async () => {
  await assert.rejects(answering(new TypeError("Failed to fetch")).api.loadProfile(), { status: 0, code: "UNREACHABLE" });
});

test("reads the ways in which fields can be named", () => {
  assert.deepEqual(readFields({ name: "Needed.", email: ["Wrong.", "Too long."] }), { name: "Needed.", email: "Wrong." });
  assert.deepEqual(readFields([{ field: "name", message: "Needed." }, "email"]), { name: "Needed.", email: "" });
  assert.deepEqual(readFields(undefined), {});
});
