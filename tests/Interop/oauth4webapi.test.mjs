// oauth4webapi 3: the same protocol seen from below, every check of the library on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { Person } from './person.mjs';

const issuer = new URL(process.env.ISSUER);
const base = Number(process.env.PORT_BASE);
const insecure = { [oauth.allowInsecureRequests]: true };
const discover = async () => oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...insecure }));

test('metadata is also where RFC 8414 puts it', async () => {
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
  assert.deepEqual(server, await discover());
});

test('the answer carries iss, the ID token verifies against the published keys, the access token is an RFC 9068 one', async () => {
  const server = await discover();
  const client = { client_id: 'storefront' };
  const redirectUri = `http://localhost:${base + 3}/callback`;
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id, response_type: 'code', redirect_uri: redirectUri, scope: 'openid email offline_access members', state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', max_age: '300',
  });
  const alice = new Person(issuer, { email: 'alice@example.com', password: 'Development-1' });
  const { url: arrived } = await alice.authorize(url);
  const parameters = oauth.validateAuthResponse(server, client, arrived, state);
  assert.equal(parameters.get('iss'), issuer.href.replace(/\/$/, ''));

  const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), parameters, redirectUri, verifier, insecure);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, maxAge: 300, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(server, response, insecure);

  const request = new Request('http://resource.example/', { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(server, request, 'members', insecure);
  assert.equal(claims.client_id, 'storefront');
  assert.equal(claims.sub, oauth.getValidatedIdTokenClaims(tokens).sub);

  const userinfo = await oauth.processUserInfoResponse(server, client, claims.sub, await oauth.userInfoRequest(server, client, tokens.access_token, insecure));
  assert.equal(userinfo.email, 'alice@example.com');
});

test('a wrong secret is invalid_client with a challenge', async () => {
  const server = await discover();
  const client = { client_id: 'machine' };
  const response = await oauth.clientCredentialsGrantRequest(server, client, oauth.ClientSecretBasic('wrong'), new URLSearchParams(), insecure);
  assert.equal(response.status, 401);
  assert.match(response.headers.get('www-authenticate'), /^Basic realm=/);
});
