// The peer: oidc-provider as its documentation sets it up, on our endpoint paths, signing with ES256, keeping what it must keep in PostgreSQL as we do.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';
import pg from 'pg';

const port = Number(process.argv[2]);
const issuer = `http://localhost:${port}`;
const members = 'urn:identity:resource:members';
const scopes = 'openid profile email offline_access';

// What a deployment of more than one process needs: one table as the adapters its documentation lists have it, each call one prepared statement.
const pool = new pg.Pool({ connectionString: process.argv[3], max: 12 });
await pool.query(`create table if not exists oidc_entries (
  id text not null, model text not null, payload jsonb not null, grant_id text, uid text, expires_at timestamptz, consumed_at timestamptz, primary key (model, id));
  create index if not exists oidc_entries_grant on oidc_entries (grant_id);
  create index if not exists oidc_entries_uid on oidc_entries (uid)`);

const found = (rows) => rows[0] && (rows[0].consumed_at ? { ...rows[0].payload, consumed: Math.floor(rows[0].consumed_at / 1000) } : rows[0].payload);
const query = (name, text, ...values) => pool.query({ name, text, values });

class PostgresAdapter {
  constructor(model) { this.model = model; }
  upsert(id, payload, expiresIn) {
    return query('upsert', `insert into oidc_entries (model, id, payload, grant_id, uid, expires_at) values ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')
      on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid, expires_at = excluded.expires_at`,
    this.model, id, payload, payload.grantId, payload.uid, expiresIn ?? 86_400);
  }
  async find(id) { return found((await query('find', 'select payload, consumed_at from oidc_entries where model = $1 and id = $2 and expires_at > now()', this.model, id)).rows); }
  async findByUid(uid) { return found((await query('uid', 'select payload, consumed_at from oidc_entries where uid = $2 and model = $1 and expires_at > now()', this.model, uid)).rows); }
  async findByUserCode() { return undefined; }
  consume(id) { return query('consume', 'update oidc_entries set consumed_at = now() where model = $1 and id = $2', this.model, id); }
  destroy(id) { return query('destroy', 'delete from oidc_entries where model = $1 and id = $2', this.model, id); }
  revokeByGrantId(grantId) { return query('revoke', 'delete from oidc_entries where grant_id = $1', grantId); }
}

function jwk(alg, type, options) {
  return { ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig' };
}

const provider = new Provider(issuer, {
  adapter: PostgresAdapter,
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
