-- The schema sessions after all migrations. Written by `npm run gen`: change the migrations instead.

-- tables

create table sessions.nonces (
  nonce text not null,
  expires_at bigint not null,
  constraint nonces_pkey PRIMARY KEY (nonce)
);

create table sessions.sessions (
  id bigint generated always as identity not null,
  token_sha256 text not null,
  address text not null,
  created_at bigint not null,
  expires_at bigint not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_token_sha256_key UNIQUE (token_sha256)
);

create table sessions.signed_out (
  address text not null,
  up_to bigint not null,
  constraint signed_out_pkey PRIMARY KEY (address)
);

-- indexes

CREATE INDEX nonces_by_expiry ON sessions.nonces USING btree (expires_at);

CREATE INDEX sessions_by_address ON sessions.sessions USING btree (address, id DESC);

CREATE INDEX sessions_by_expiry ON sessions.sessions USING btree (expires_at);
