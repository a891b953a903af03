-- The schema notifications after all migrations. Written by `npm run gen`: change the migrations instead.

-- tables

create table notifications.browsers (
  id bigint generated always as identity not null,
  wallet text not null,
  sha256 text not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  session bigint not null,
  session_ends bigint not null,
  since bigint not null,
  expires_at bigint not null,
  public_key text,
  constraint browsers_pkey PRIMARY KEY (id),
  constraint browsers_sha256_key UNIQUE (sha256)
);

create table notifications.confirmations (
  id bigint generated always as identity not null,
  wallet text not null,
  target text not null,
  at bigint not null,
  known boolean default true not null,
  via text,
  constraint confirmations_pkey PRIMARY KEY (id)
);

create table notifications.letters (
  id bigint generated always as identity not null,
  channel text not null,
  wallet text not null,
  mail text,
  browser bigint,
  target text,
  message_id text not null,
  body jsonb not null,
  state text default 'waiting'::text not null,
  attempts integer default 0 not null,
  error text,
  created_at bigint not null,
  next_at bigint not null,
  constraint letters_pkey PRIMARY KEY (id),
  constraint letters_browser_fkey FOREIGN KEY (browser) REFERENCES notifications.browsers(id) ON DELETE CASCADE,
  constraint letters_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'push'::text]))),
  constraint letters_check CHECK ((((channel = 'mail'::text) = (mail IS NOT NULL)) AND ((channel = 'push'::text) = (browser IS NOT NULL)))),
  constraint letters_mail_fkey FOREIGN KEY (mail) REFERENCES notifications.mail_addresses(wallet) ON DELETE CASCADE,
  constraint letters_message_id_key UNIQUE (message_id),
  constraint letters_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'dead'::text])))
);

create table notifications.mail_addresses (
  wallet text not null,
  address text not null,
  target text not null,
  origin text not null,
  confirm_sha256 text,
  confirm_by bigint not null,
  since bigint,
  unsubscribe text not null,
  refused boolean default false not null,
  mailbox text,
  constraint mail_addresses_pkey PRIMARY KEY (wallet),
  constraint mail_addresses_confirm_sha256_key UNIQUE (confirm_sha256),
  constraint mail_addresses_unsubscribe_key UNIQUE (unsubscribe)
);

create table notifications.readers (
  wallet text not null,
  mail_off text[] default '{}'::text[] not null,
  push_off text[] default '{}'::text[] not null,
  until bigint default 0 not null,
  looked_at bigint default 0 not null,
  known boolean default false not null,
  constraint readers_pkey PRIMARY KEY (wallet)
);

create table notifications.silenced (
  target text not null,
  until bigint not null,
  constraint silenced_pkey PRIMARY KEY (target)
);

create table notifications.told (
  wallet text not null,
  channel text not null,
  news text not null,
  at bigint not null,
  item jsonb,
  constraint told_pkey PRIMARY KEY (wallet, channel, news),
  constraint told_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'push'::text])))
);

-- indexes

CREATE INDEX browsers_by_session ON notifications.browsers USING btree (session);

CREATE INDEX browsers_by_wallet ON notifications.browsers USING btree (wallet, id DESC);

CREATE INDEX confirmations_by_target ON notifications.confirmations USING btree (target, at);

CREATE INDEX confirmations_by_time ON notifications.confirmations USING btree (at);

CREATE INDEX confirmations_by_wallet ON notifications.confirmations USING btree (wallet, at);

CREATE INDEX letters_by_age ON notifications.letters USING btree (created_at);

CREATE INDEX letters_by_browser ON notifications.letters USING btree (browser);

CREATE INDEX letters_by_mail ON notifications.letters USING btree (mail);

CREATE INDEX letters_by_target ON notifications.letters USING btree (target, created_at);

CREATE INDEX letters_by_wallet ON notifications.letters USING btree (wallet, channel, created_at);

CREATE INDEX letters_due ON notifications.letters USING btree (next_at) WHERE (state = 'waiting'::text);

CREATE INDEX mail_addresses_by_target ON notifications.mail_addresses USING btree (target);

CREATE INDEX readers_by_look ON notifications.readers USING btree (known, looked_at);

CREATE INDEX told_waiting ON notifications.told USING btree (wallet, channel) WHERE (item IS NOT NULL);
