-- Where people are told, besides on the page, what their wallets are told of. Not fed by logs: said by whoever was signed in.
-- `at`, `since` and `until` are by the chain's clock; all other times by this machine's. Unix seconds.
create table notifications.readers (
  wallet    text primary key,
  mail_off  text[] not null default '{}',
  push_off  text[] not null default '{}',
  -- what happened up to then was looked through
  until     bigint not null default 0,
  looked_at bigint not null default 0
);
create index readers_by_look on notifications.readers (looked_at);

create table notifications.mail_addresses (
  wallet         text primary key,
  address        text not null,
  -- keyed hash of the mailbox: what is counted for each
  target         text not null,
  -- where its person opens the web app
  origin         text not null,
  -- of the link's token while nobody has used it; the token itself stands in the letter alone, until that is sent
  confirm_sha256 text unique,
  confirm_by     bigint not null,
  -- null: not confirmed, and nothing but that one letter goes there
  since          bigint,
  unsubscribe    text not null unique,
  -- the mailbox does not exist, says its server
  refused        boolean not null default false
);
create index mail_addresses_by_target on notifications.mail_addresses (target);

-- Letters that asked a mailbox for its confirmation: who had them sent, and to whom, as a keyed hash.
create table notifications.confirmations (
  id     bigint generated always as identity primary key,
  wallet text not null,
  target text not null,
  at     bigint not null
);
create index confirmations_by_target on notifications.confirmations (target, at);
create index confirmations_by_wallet on notifications.confirmations (wallet, at);
create index confirmations_by_time on notifications.confirmations (at);

-- Mailboxes whose owners want no such letter again.
create table notifications.silenced (
  target text primary key,
  until  bigint not null
);

-- Browsers that take Web Push: a subscription each.
create table notifications.browsers (
  id           bigint generated always as identity primary key,
  wallet       text not null,
  sha256       text not null unique,
  endpoint     text not null,
  p256dh       text not null,
  auth         text not null,
  session      bigint not null,
  session_ends bigint not null,
  since        bigint not null,
  expires_at   bigint not null
);
create index browsers_by_wallet on notifications.browsers (wallet, id desc);
create index browsers_by_session on notifications.browsers (session);

create table notifications.letters (
  id         bigint generated always as identity primary key,
  channel    text not null check (channel in ('mail', 'push')),
  wallet     text not null,
  mail       text references notifications.mail_addresses (wallet) on delete cascade,
  browser    bigint references notifications.browsers (id) on delete cascade,
  target     text,
  -- made from what it tells: the same news never makes a second letter
  message_id text not null unique,
  body       jsonb not null,
  state      text not null default 'waiting' check (state in ('waiting', 'sent', 'dead')),
  attempts   int not null default 0,
  error      text,
  created_at bigint not null,
  next_at    bigint not null,
  check ((channel = 'mail') = (mail is not null) and (channel = 'push') = (browser is not null))
);
create index letters_due on notifications.letters (next_at) where state = 'waiting';
create index letters_by_target on notifications.letters (target, created_at);
create index letters_by_wallet on notifications.letters (wallet, channel, created_at);
create index letters_by_mail on notifications.letters (mail);
create index letters_by_browser on notifications.letters (browser);
create index letters_by_age on notifications.letters (created_at);

-- What a wallet was told on a channel. `item` is there until a letter tells it.
create table notifications.told (
  wallet  text not null,
  channel text not null check (channel in ('mail', 'push')),
  news    text not null,
  at      bigint not null,
  item    jsonb,
  primary key (wallet, channel, news)
);
create index told_waiting on notifications.told (wallet, channel) where item is not null;
