-- Client assertions that were used, as SHA-256 of client and jti, until they could not be sent again anyway. Logged: a restart forgets none.
create table used_assertions (
    hash       bytea primary key,
    expires_at timestamptz not null
);
create index used_assertions_expires_at on used_assertions (expires_at);
