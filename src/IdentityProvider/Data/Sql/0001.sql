-- Hot tables: written by plain Npgsql only. Times come from the caller; nothing here asks the server for the time.
-- No foreign keys among them: each would lock and rewrite the referenced row at every insert. Rows only ever disappear through the cleaner,
-- which takes children first.

-- One row a sign-in. id is the sid that relying parties see; what the cookie carries is another secret, kept as SHA-256.
create table sessions (
    id               text primary key,
    secret_hash      bytea not null unique,
    person_id        uuid not null,
    surface          text not null,
    client_id        text,
    device_label     text,
    address          text,
    acr              text not null,
    amr              text[] not null,
    authenticated_at timestamptz not null,
    created_at       timestamptz not null,
    last_seen_at     timestamptz not null,
    idle_until       timestamptz not null,
    expires_at       timestamptz not null,
    remembered       boolean not null,
    ended_at         timestamptz,
    ended_reason     text,
    replaced_by      text                      -- the next session of the same person in the same browser; ended together with it
);
create index sessions_person on sessions (person_id) where ended_at is null;
create index sessions_replaced_by on sessions (replaced_by) where replaced_by is not null;
create index sessions_expires_at on sessions (expires_at);

-- An authorization request while its person signs in; bound to the browser that brought it.
create table interactions (
    hash         bytea primary key,
    browser_hash bytea not null,
    client_id    text,
    parameters   jsonb not null,
    state        jsonb not null,
    started_at   timestamptz not null,
    expires_at   timestamptz not null
);
create index interactions_expires_at on interactions (expires_at);

-- The grant's columns travel on the code and become a row of grants when the code is redeemed.
create table authorization_codes (
    hash             bytea primary key,       -- SHA-256 of the handle ac_…
    grant_id         uuid not null,
    client_id        text not null,
    person_id        uuid not null,
    session_id       text not null,
    scopes           text[] not null,
    resources        text[] not null,
    authenticated_at timestamptz not null,
    acr              text not null,
    amr              text[] not null,
    redirect_uri     text not null,
    nonce            text,
    code_challenge   text,
    expires_at       timestamptz not null,
    redeemed_at      timestamptz
) with (fillfactor = 80);
create index authorization_codes_expires_at on authorization_codes (expires_at);

-- What a person allowed a client in one sign-in: the family of its refresh tokens. Lives until nothing made from it can be alive.
create table grants (
    id               uuid primary key,
    client_id        text not null,
    person_id        uuid not null,
    session_id       text not null,
    scopes           text[] not null,
    resources        text[] not null,
    authenticated_at timestamptz not null,
    acr              text not null,
    amr              text[] not null,
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    revoked_at       timestamptz,
    revoked_reason   text
);
create index grants_session on grants (session_id);
create index grants_person on grants (person_id) where revoked_at is null;
create index grants_expires_at on grants (expires_at);

-- A rotated token stays until it would have died unused, so that its reuse is noticed. A rotation changes no indexed column; the free space
-- on each page lets it stay there (heap-only update).
create table refresh_tokens (
    hash                bytea primary key,    -- SHA-256 of the handle rt_…
    grant_id            uuid not null,
    idle_until          timestamptz not null, -- never past expires_at
    expires_at          timestamptz not null, -- inherited by successors
    rotated_at          timestamptz,
    rotated_scopes      text[],               -- the scope the rotating request named; null: none
    rotated_resources   text[],               -- the resources it named
    successor_nonce     bytea,
    successor_key       int,                  -- version of the key that computed the successor
    successor_hash      bytea
) with (fillfactor = 70);
create index refresh_tokens_idle_until on refresh_tokens (idle_until);

-- PKCS#8, wrapped under the key-encryption key; states follow from active_from and the clock.
create table signing_keys (
    key_id      text primary key,
    algorithm   text not null,
    wrapped     bytea not null,
    kek_version int not null,
    active_from timestamptz not null,
    created_at  timestamptz not null
);

-- The data-protection ring, one key a row; its XML is wrapped under the key-encryption key too.
create table data_protection_keys (
    id         text primary key,
    xml        text not null,
    created_at timestamptz not null
);
