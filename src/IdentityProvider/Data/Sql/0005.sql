-- Access tokens that are handles; the row says what a signed one would say of itself. What stands behind one is asked of its grant.
create table reference_tokens (
    hash       bytea primary key,             -- SHA-256 of the handle at_…
    client_id  text not null,
    grant_id   uuid,                          -- null: the client acts for itself
    scopes     text[] not null,
    audience   text[] not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null
);
create index reference_tokens_expires_at on reference_tokens (expires_at);

-- Signed access tokens that their client gave back, as SHA-256 of their jti, until they expire.
create table revoked_access_tokens (
    hash       bytea primary key,
    expires_at timestamptz not null
);
create index revoked_access_tokens_expires_at on revoked_access_tokens (expires_at);
