/** The provider says that the sign-in is over: only signing in again helps. */
export class SessionEnded extends Error {}

/** An access token with fewer seconds left is treated as expired, so that it does not expire on the way. */
const MARGIN = 5;

/**
 * Hands out an access token for one request. However many requests find it expired at once, the refresh token is used once: it rotates,
 * and using the old one again looks like theft (RFC 9700 §4.14).
 *
 * @param getUser   what is stored: `{access_token, refresh_token, expires_in}` (expires_in counts down), or null
 * @param refresh   exchanges the refresh token, stores and returns what came back; rejects with an `error` when the provider refuses
 * @returns `accessToken(rejected?)`: pass the token a resource server has answered 401 to
 */
export function tokenSource({ getUser, refresh }) {
  let refreshing = null;

  return async function accessToken(rejected) {
    const user = await getUser();
    if (!user) throw new SessionEnded("Nobody is signed in.");
    if (user.expires_in > MARGIN && user.access_token !== rejected) return user.access_token;
    if (!user.refresh_token) throw new SessionEnded("There is no refresh token.");

    refreshing ??= refreshWithRetry(refresh).finally(() => (refreshing = null));
    return (await refreshing).access_token;
  };
}

async function refreshWithRetry(refresh) {
  try {
    // Without an `error` the answer got lost, and with it perhaps the new refresh token. Asked again right away, the provider knows a
    // retry from a theft.
    return await refresh().catch((failure) => (failure.error ? Promise.reject(failure) : refresh()));
  } catch (failure) {
    if (failure.error === "invalid_grant") throw new SessionEnded("The refresh token is no longer good.", { cause: failure });
    throw failure;
  }
}
