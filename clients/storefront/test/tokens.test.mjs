import assert from "node:assert/strict";
import test from "node:test";
import { SessionEnded, tokenSource } from "../src/tokens.mjs";

/** A signed-in person, and a provider that renews: `at_1`, `rt_1` → `at_2`, `rt_2` … */
function signedIn({ expiresIn = 600, failures = [], refreshToken = "rt_1" } = {}) {
  const state = { user: { access_token: "at_1", refresh_token: refreshToken, expires_in: expiresIn }, refreshes: 0 };
  const refresh = async () => {
    const used = ++state.refreshes;
    await new Promise((resolve) => setImmediate(resolve));
    const failure = failures.shift();
    if (failure) throw failure;
    return (state.user = { access_token: `at_${used + 1}`, refresh_token: `rt_${used + 1}`, expires_in: 600 });
  };
  return { state, accessToken: tokenSource({ getUser: async () => state.user, refresh }) };
}

const refused = (error) => Object.assign(new Error(error), { error });

test("hands out the token that is there while it is good", async () => {
  const { state, accessToken } = signedIn();
  assert.equal(await accessToken(), "at_1");
  assert.equal(state.refreshes, 0);
});

test("renews a token that has expired or is about to", async () => {
  for (const expiresIn of [-100, 0, 5]) assert.equal(await signedIn({ expiresIn }).accessToken(), "at_2");
});

test("renews a token that a resource server refused, though it has not expired", async () => {
  assert.equal(await signedIn().accessToken("at_1"), "at_2");
});

test("does not renew again when another request already did", async () => {
  const { state, accessToken } = signedIn();
  await accessToken("at_1");
  assert.equal(await accessToken("at_1"), "at_2");
  assert.equal(state.refreshes, 1);
});

test("uses the refresh token once, however many requests find the token expired", async () => {
  const { state, accessToken } = signedIn({ expiresIn: 0 });
  const tokens = await Promise.all(Array.from({ length: 50 }, () => accessToken()));
  assert.deepEqual([...new Set(tokens)], ["at_2"]);
  assert.equal(state.refreshes, 1);
});

test("asks again at once when the answer got lost, and only once", async () => {
  const once = signedIn({ expiresIn: 0, failures: [new TypeError("Failed to fetch")] });
  assert.equal(await once.accessToken(), "at_3");
  const twice = signedIn({ expiresIn: 0, failures: [new TypeError("lost"), new TypeError("still lost")] });
  await assert.rejects(twice.accessToken(), { message: "still lost" });
  assert.equal(twice.state.refreshes, 2);
});

test("renews again later, after a failure", async () => {
  const { accessToken } = signedIn({ expiresIn: 0, failures: [refused("temporarily_unavailable")] });
  await assert.rejects(accessToken(), { error: "temporarily_unavailable" });
  assert.equal(await accessToken(), "at_3");
});

test("says that the session has ended when only signing in again helps", async () => {
  await assert.rejects(signedIn({ expiresIn: 0, failures: [refused("invalid_grant")] }).accessToken(), SessionEnded);
  await assert.rejects(signedIn({ expiresIn: 0, refreshToken: null }).accessToken(), SessionEnded);
  await assert.rejects(tokenSource({ getUser: async () => null })(), SessionEnded);
});

test("says so too when the retry of a lost answer is refused", async () => {
  const { accessToken } = signedIn({ expiresIn: 0, failures: [new TypeError("lost"), refused("invalid_grant")] });
  await assert.rejects(accessToken(), SessionEnded);
});
