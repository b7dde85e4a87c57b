-- Clients to be told that a session is over (Back-Channel Logout 1.0), queued by the statement that ends it. A row is gone once its client was told, or
-- will not be.
create table logout_notices (
    id         uuid primary key,
    client_id  text not null,
    person_id  uuid not null,
    session_id text not null,
    tries      int not null default 0,      -- that have begun
    due_at     timestamptz not null,        -- when the next try starts; while one runs, when its lease ends
    holder     uuid,                        -- who has the lease
    failure    text,                        -- what came of the last try
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index logout_notices_due_at on logout_notices (due_at);
create index logout_notices_expires_at on logout_notices (expires_at);
