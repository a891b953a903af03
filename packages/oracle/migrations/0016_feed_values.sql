-- Fed by the logs: every value that a feed took.
create table oracle.feed_values (
  feed        text not null,
  round       bigint not null,
  value       numeric(78, 0) not null,
  observed_at bigint not null,
  transaction text not null,
  primary key (feed, round)
);
select chain.track('oracle.feed_values');

-- What providers handed over. Of use for a heartbeat, shown for a day.
create table oracle.feed_reports (
  feed        text not null,
  observed_at bigint not null,
  epoch       bigint not null,
  signer      text not null,
  seat        integer not null,
  weight      numeric(78, 0) not null,
  value       numeric(78, 0) not null,
  signature   text not null,
  received_at bigint not null,
  primary key (feed, observed_at, epoch, signer)
);

-- Two values of one key for one moment: proof for the slasher.
create table oracle.feed_equivocations (
  feed             text not null,
  observed_at      bigint not null,
  epoch            bigint not null,
  signer           text not null,
  first_value      numeric(78, 0) not null,
  first_signature  text not null,
  second_value     numeric(78, 0) not null,
  second_signature text not null,
  seen_at          bigint not null,
  primary key (feed, observed_at, epoch, signer)
);
