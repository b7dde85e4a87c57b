// openid-client 6 (certified relying-party library) against the running provider.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from 'openid-client';
import { Person } from './person.mjs';

const issuer = new URL(process.env.ISSUER);
const base = Number(process.env.PORT_BASE);
const alice = () => new Person(issuer, { email: 'alice@example.com', password: 'Development-1' });
const discover = (id, metadata, authentication) => client.discovery(issuer, id, metadata, authentication, { execute: [client.allowInsecureRequests] });

async function signIn(config, { redirectUri, scope, responseMode, person = alice() }) {
  const verifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(responseMode && { response_mode: responseMode }),
  });
  const { url: arrived, form } = await person.authorize(url);
  const answer = form ? new Request(arrived, { method: 'POST', body: new URLSearchParams(form) }) : arrived;
  return { tokens: await client.authorizationCodeGrant(config, answer, checks), person };
}

test('a public client signs alice in, reads userinfo and refreshes', async () => {
  const config = await discover('storefront', undefined, client.None());
  const { tokens } = await signIn(config, { redirectUri: `http://localhost:${base + 3}/callback`, scope: 'openid profile email offline_access members' });
  const { sub } = tokens.claims();
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(userinfo.email, 'alice@example.com');
  assert.equal(userinfo.email_verified, true);

  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
  assert.equal(refreshed.claims().sub, sub);
  assert.equal(refreshed.claims().auth_time, tokens.claims().auth_time);
});

for (const [name, authentication] of [['client_secret_basic', client.ClientSecretBasic], ['client_secret_post', client.ClientSecretPost]]) {
  test(`a confidential client signs alice in by ${name} and keeps its refresh token`, async () => {
    const config = await discover('web', undefined, authentication('web-development-secret'));
    const { tokens } = await signIn(config, { redirectUri: `http://localhost:${base + 9}/callback`, scope: 'openid profile address phone offline_access' });
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    assert.ok(userinfo.address);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal(refreshed.refresh_token ?? tokens.refresh_token, tokens.refresh_token);
  });
}

test('form_post brings the same answer by form', async () => {
  const config = await discover('web', undefined, client.ClientSecretBasic('web-development-secret'));
  const { tokens } = await signIn(config, { redirectUri: `http://localhost:${base + 9}/callback`, scope: 'openid', responseMode: 'form_post' });
  assert.ok(tokens.claims().sub);
});

test('a second application gets in without a second sign-in', async () => {
  const storefront = await discover('storefront', undefined, client.None());
  const { tokens, person } = await signIn(storefront, { redirectUri: `http://localhost:${base + 3}/callback`, scope: 'openid' });
  person.password = 'never asked for';
  const web = await discover('web', undefined, client.ClientSecretBasic('web-development-secret'));
  const { tokens: second } = await signIn(web, { redirectUri: `http://localhost:${base + 9}/callback`, scope: 'openid', person });
  assert.equal(second.claims().sub, tokens.claims().sub);
  assert.equal(second.claims().sid, tokens.claims().sid);
});

test('a machine gets its scopes by client credentials', async () => {
  const config = await discover('machine', undefined, client.ClientSecretBasic('machine-development-secret'));
  const tokens = await client.clientCredentialsGrant(config, { scope: 'members.read' });
  assert.equal(tokens.scope, 'members.read');
  assert.equal(tokens.refresh_token, undefined);
});

test('sign-out by hint ends the session and returns with the state', async () => {
  const config = await discover('storefront', undefined, client.None());
  const { tokens, person } = await signIn(config, { redirectUri: `http://localhost:${base + 3}/callback`, scope: 'openid offline_access' });
  const state = client.randomState();
  const { url } = await person.authorize(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: `http://localhost:${base + 3}/`, state }));
  assert.equal(url.href, `http://localhost:${base + 3}/?state=${state}`);
  await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
});
