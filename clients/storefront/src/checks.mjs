// What oidc-client-ts leaves to the application: whether answer and ID token come from the provider this page was configured for.

/** The answer is not the configured provider's, or not for this client: nothing of it is used. */
export class ForeignAnswer extends Error {}

/** How far the clocks of this browser and the provider may be apart, in seconds. */
const CLOCK_SKEW = 300;

/** OpenID Connect Discovery §4.3: the document's issuer is the one it was asked for. */
export function checkDiscovery(metadata, issuer) {
  if (metadata.issuer !== issuer) throw new ForeignAnswer(`The discovery document is that of ${metadata.issuer}.`);
}

/** RFC 9207 §2.4: the answer names the provider that the request went to, so that another provider's answer cannot be mixed in. */
export function checkResponseIssuer(url, metadata, issuer) {
  const named = new URL(url).searchParams.getAll("iss");
  if (named.length === 0 && !metadata.authorization_response_iss_parameter_supported) return;
  if (named.length !== 1 || named[0] !== issuer) throw new ForeignAnswer("The answer does not come from the provider that was asked.");
}

/**
 * OpenID Connect Core §3.1.3.7, steps 2 to 5 and 9. Step 6 lets TLS to the token endpoint stand in for the signature; the nonce (step 11)
 * is compared by oidc-client-ts.
 */
export function checkIdToken(claims, issuer, clientId, nowInSeconds) {
  const audience = [claims.aud].flat();
  if (claims.iss !== issuer) throw new ForeignAnswer("The ID token has another issuer.");
  if (!audience.includes(clientId)) throw new ForeignAnswer("The ID token is for another client.");
  if (audience.length > 1 && claims.azp !== clientId) throw new ForeignAnswer("The ID token was issued to another client.");
  if (!(claims.exp > nowInSeconds - CLOCK_SKEW)) throw new ForeignAnswer("The ID token has expired.");
}
