-- Written by plain Npgsql only. Times come from the caller; nothing here asks the server for the time.

-- The earliest moment at which one more event keeps within every rate "counts[i] events per windows[i]", or -infinity when that is so already
-- by count. times holds the latest events, newest first: a rate of n is kept as long as the n-th latest event lies a window back.
create function open_again_at(times timestamptz[], counts int[], windows interval[]) returns timestamptz
language sql immutable parallel safe as $$
    select coalesce(max(times[rate.n] + rate.per), '-infinity') from unnest(counts, windows) as rate (n, per)
$$;

create table challenges (
    id            bytea primary key,          -- SHA-256 of the handle ch_…
    address       text not null,              -- canonical
    purpose       text not null,
    surface       text not null,
    bound_to      bytea not null,             -- SHA-256 of what identifies the asking browser or client
    code_hash     bytea not null,             -- HMAC-SHA-256 under the code key
    key_version   int not null,
    known_device  boolean not null,
    password_hash text,
    wrong_guesses int not null default 0,
    created_at    timestamptz not null,
    resend_at     timestamptz not null,
    expires_at    timestamptz not null,
    used_at       timestamptz
);
create index challenges_expires_at on challenges (expires_at);
create index challenges_address on challenges (address);

-- Wrong codes by address; wrong passwords by account and by account and IP. The key is a SHA-256 of kind and subject.
create table guess_counters (
    key        bytea primary key,
    times      timestamptz[] not null,
    expires_at timestamptz not null
);
create index guess_counters_expires_at on guess_counters (expires_at);

create table send_counters (
    key        bytea primary key,             -- SHA-256 of the canonical address
    times      timestamptz[] not null,
    expires_at timestamptz not null
);
create index send_counters_expires_at on send_counters (expires_at);

-- Losing these in a crash gives one address a fresh minute; it is the one thing here that need not survive.
create unlogged table ip_send_counters (
    key        bytea primary key,             -- SHA-256 of the IPv4 address or IPv6 /64
    times      timestamptz[] not null,
    expires_at timestamptz not null
);
create index ip_send_counters_expires_at on ip_send_counters (expires_at);

create table mail_queue (
    message_id   text primary key,
    challenge    bytea not null,
    payload      bytea,                       -- AES-256-GCM of recipient and message; gone once it is settled
    key_version  int not null,
    state        text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
    tries        int not null default 0,      -- that ended in a transient refusal
    handed_over  int not null default 0,      -- times the last line was sent: never more than two
    due_at       timestamptz not null,        -- when the next try starts; while one runs, when its lease ends
    holder       uuid,                        -- who has the lease
    failure      text,                        -- kind and reply code of the last refusal
    created_at   timestamptz not null,
    settled_at   timestamptz,
    expires_at   timestamptz not null
);
create index mail_queue_due_at on mail_queue (due_at) where state = 'queued';
create index mail_queue_challenge on mail_queue (challenge);
create index mail_queue_expires_at on mail_queue (expires_at);

create table audit (
    id             bigint generated always as identity primary key,
    at             timestamptz not null,
    event          text not null,
    person_id      uuid,
    client_id      text,
    address_hash   bytea,
    address_masked text,
    ip             inet,
    request_id     text,
    details        jsonb
);
create index audit_at on audit (at);
create index audit_person on audit (person_id, at) where person_id is not null;

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit is append-only';
end
$$;
create trigger audit_is_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();
