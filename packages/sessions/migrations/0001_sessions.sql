-- Who signed in with which wallet. Not fed by logs: a chain that starts anew signs nobody out. Times are this machine's, in unix seconds.
create table sessions.sessions (
  id           bigint generated always as identity primary key,
  -- of the token that the browser holds; the token itself is nowhere
  token_sha256 text not null unique,
  address      text not null,
  created_at   bigint not null,
  expires_at   bigint not null
);
create index sessions_by_address on sessions.sessions (address, id desc);
create index sessions_by_expiry on sessions.sessions (expires_at);

-- Given out and not used: whoever signs in takes his away.
create table sessions.nonces (
  nonce      text primary key,
  expires_at bigint not null
);
create index nonces_by_expiry on sessions.nonces (expires_at);
