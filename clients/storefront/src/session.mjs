import { UserManager, WebStorageStateStore } from "oidc-client-ts";
import { checkDiscovery, checkIdToken, checkResponseIssuer } from "./checks.mjs";
import { tokenSource } from "./tokens.mjs";

/**
 * Signing in, staying signed in, signing out. Everything is kept in sessionStorage: a reload finds it, another tab and the next start of
 * the browser do not.
 */
export function createSession({ issuer, clientId }) {
  const manager = new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${location.origin}/callback`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope: "openid profile email offline_access members",
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false, // a token is renewed when a request needs one, not while nobody looks
  });
  let refreshedTimes = 0;
  const accessToken = tokenSource({
    getUser: () => manager.getUser(),
    refresh: async () => {
      const user = await manager.signinSilent();
      refreshedTimes++;
      return user;
    },
  });

  return {
    accessToken,
    user: () => manager.getUser(),
    held: async () => ({ user: await manager.getUser(), refreshedTimes }),
    forget: () => manager.removeUser().then(() => sessionStorage.removeItem("person")),

    async signIn(language) {
      checkDiscovery(await manager.metadataService.getMetadata(), issuer);
      await manager.signinRedirect({ ui_locales: language, nonce: crypto.randomUUID() });
    },

    /** Takes the answer in the address; rejects with an `error` when it is a refusal. */
    async finishSignIn() {
      const metadata = await manager.metadataService.getMetadata();
      checkDiscovery(metadata, issuer);
      checkResponseIssuer(location.href, metadata, issuer);
      const user = await manager.signinRedirectCallback();
      try {
        checkIdToken(user.profile, issuer, clientId, Date.now() / 1000);
      } catch (foreign) {
        await manager.removeUser();
        throw foreign;
      }
      await rememberPerson(metadata.userinfo_endpoint, user);
    },

    /** `{name, email}` of whoever is signed in, as far as the provider told. */
    async person() {
      const user = await manager.getUser();
      return user && { ...user.profile, ...JSON.parse(sessionStorage.getItem("person") ?? "{}") };
    },

    /** Ends the session at the provider too (OpenID Connect RP-Initiated Logout §2: the ID token says whose). */
    async signOut(language) {
      await manager.metadataService.getMetadata(); // an unreachable provider must not leave the person signed in there, unaware
      sessionStorage.removeItem("person");
      await manager.signoutRedirect({ extraQueryParams: { ui_locales: language } });
    },
  };

  // In the code flow name and address come from the userinfo endpoint (OpenID Connect Core §5.4). Not by way of the library's
  // loadUserInfo: that would ask again at every refresh, and a failure there would lose the new refresh token.
  async function rememberPerson(endpoint, user) {
    const response = await fetch(endpoint, { headers: { Authorization: `Bearer ${user.access_token}` } }).catch(() => null);
    const claims = response?.ok ? await response.json() : {};
    if (claims.sub !== user.profile.sub) return; // §5.3.2: claims of somebody else are not to be used
    sessionStorage.setItem("person", JSON.stringify({ name: claims.name, email: claims.email }));
  }
}
