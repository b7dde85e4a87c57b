-- An address that was proven although nobody has it: whoever holds the handle may make the account, once.
create table registration_tokens (
    hash       bytea primary key,             -- SHA-256 of the handle rg_…
    address    text not null,                 -- canonical
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index registration_tokens_expires_at on registration_tokens (expires_at);
