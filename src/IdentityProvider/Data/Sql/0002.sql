-- What a person allowed a third-party client, remembered. Scopes and claims grow as the client asks for more; withdrawing deletes the row.
create table consents (
    person_id  uuid not null,
    client_id  text not null,
    scopes     text[] not null,
    claims     text[] not null,      -- asked for one by one (OpenID Connect Core §5.5), beyond what the scopes open
    given_at   timestamptz not null,
    expires_at timestamptz not null,
    primary key (person_id, client_id)
);
create index consents_expires_at on consents (expires_at);

-- The claims asked for one by one; null when there are none.
alter table authorization_codes add column id_token_claims text[], add column userinfo_claims text[];
alter table grants add column id_token_claims text[], add column userinfo_claims text[];
