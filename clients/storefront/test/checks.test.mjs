import assert from "node:assert/strict";
import test from "node:test";
import { checkDiscovery, checkIdToken, checkResponseIssuer, ForeignAnswer } from "../src/checks.mjs";

const ISSUER = "http://localhost:5100";
const NOW = 1_800_000_000;
const claims = { iss: ISSUER, aud: "storefront", sub: "1", exp: NOW + 600 };
const check = (changes) => () => checkIdToken({ ...claims, ...changes }, ISSUER, "storefront", NOW);

test("takes an ID token of the provider for this client", () => {
  assert.doesNotThrow(check({}));
  assert.doesNotThrow(check({ aud: ["storefront"] }));
  assert.doesNotThrow(check({ aud: ["storefront", "other"], azp: "storefront" }));
  assert.doesNotThrow(check({ exp: NOW - 299 }), "clocks differ");
});

for (const [what, changes] of Object.entries({
  "of another issuer": { iss: "http://localhost:5100/" },
  "without an issuer": { iss: undefined },
  "for another client": { aud: "other" },
  "for no client": { aud: undefined },
  "for many clients, issued to another": { aud: ["storefront", "other"], azp: "other" },
  "for many clients, issued to nobody": { aud: ["storefront", "other"] },
  "that has expired": { exp: NOW - 301 },
  "that never expires": { exp: undefined },
})) {
  test(`refuses an ID token ${what}`, () => assert.throws(check(changes), ForeignAnswer));
}

test("refuses the discovery document of another issuer", () => {
  assert.doesNotThrow(() => checkDiscovery({ issuer: ISSUER }, ISSUER));
  assert.throws(() => checkDiscovery({ issuer: "https://evil.example" }, ISSUER), ForeignAnswer);
});

test("takes only an answer that names the provider that was asked", () => {
  const answer = (query, promised = true) => () =>
    checkResponseIssuer(`http://localhost:5103/callback?${query}`, { authorization_response_iss_parameter_supported: promised }, ISSUER);
  assert.doesNotThrow(answer(`code=1&iss=${encodeURIComponent(ISSUER)}`));
  assert.doesNotThrow(answer("code=1", false));
  assert.throws(answer("code=1"), ForeignAnswer);
  assert.throws(answer("code=1&iss=https://evil.example"), ForeignAnswer);
  assert.throws(answer("code=1&iss=https://evil.example", false), ForeignAnswer);
  assert.throws(answer(`code=1&iss=${ISSUER}&iss=https://evil.example`), ForeignAnswer);
});
