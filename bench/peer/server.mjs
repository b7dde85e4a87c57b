// The peer: oidc-provider as its documentation sets it up, on our endpoint paths, signing with ES256, everything kept in memory.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';

const port = Number(process.argv[2]);
const issuer = `http://localhost:${port}`;
const members = 'urn:identity:resource:members';
const scopes = 'openid profile email offline_access';

// The default adapter forgets all but the last thousand entries; this one is as fast and forgets nothing a run still needs.
const entries = new Map();
class MemoryAdapter {
  constructor(model) { this.model = model; }
  key(id) { return `${this.model}:${id}`; }
  async upsert(id, payload) {
    entries.set(this.key(id), payload);
    if (this.model === 'Session') entries.set(`uid:${payload.uid}`, id);
  }
  async find(id) { return entries.get(this.key(id)); }
  async findByUid(uid) { return this.find(entries.get(`uid:${uid}`)); }
  async findByUserCode() { return undefined; }
  async consume(id) { entries.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { entries.delete(this.key(id)); }
  async revokeByGrantId() { throw new Error('No scenario revokes a grant.'); }
}

function jwk(alg, type, options) {
  return { ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig' };
}

const provider = new Provider(issuer, {
  adapter: MemoryAdapter,
  jwks: { keys: [jwk('ES256', 'ec', { namedCurve: 'P-256' }), jwk('RS256', 'rsa', { modulusLength: 2048 })] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  clients: [
    {
      client_id: 'machine', client_secret: 'machine-development-secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    },
    {
      client_id: 'bench', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
      redirect_uris: ['http://localhost:5109/callback'], id_token_signed_response_alg: 'ES256',
    },
  ],
  routes: {
    authorization: '/connect/authorize', token: '/connect/token', userinfo: '/connect/userinfo', jwks: '/.well-known/openid-configuration/jwks',
  },
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      // The machine names no resource; a person's request names one where it wants a JWT.
      defaultResource: (ctx, client) => (client.clientId === 'machine' ? members : undefined),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'members members.read leads.write', accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'ES256' } } }),
    },
  },
  ttl: { AccessToken: 600, AuthorizationCode: 600, ClientCredentials: 600, Grant: 86_400, IdToken: 600, Interaction: 600, RefreshToken: 86_400, Session: 86_400 },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: 'Alice', email: 'alice@example.com', email_verified: true }) }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  // Consent is given by configuration, as for our first-party clients.
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const known = session.grantIdFor(client.clientId);
    if (known) return ctx.oidc.provider.Grant.find(known);
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(scopes);
    grant.addResourceScope(members, 'members');
    await grant.save();
    return grant;
  },
});

// Whoever comes is Alice: the sign-in itself is not measured.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: 'alice' } });
  ctx.respond = false;
});

provider.listen(port, '127.0.0.1');
