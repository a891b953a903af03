-- Handed over by providers, not read from the chain: no replay brings these back.
create table oracle.reports (
  question           text not null,
  round              integer not null,
  epoch              bigint not null,
  signer             text not null,
  seat               integer not null,
  weight             numeric(78, 0) not null,
  value              numeric(78, 0) not null,
  signature          text not null,
  evidence           text not null,
  evidence_signature text not null,
  received_at        bigint not null,
  primary key (question, round, epoch, signer)
);
create index reports_by_signer on oracle.reports (signer, received_at desc);

-- The body is kept as the very text that was hashed.
create table oracle.evidence (
  hash        text primary key,
  body        text not null,
  question    text not null,
  round       integer not null,
  signer      text not null,
  received_at bigint not null
);

-- Two values under one key in one round: the two signatures prove it.
create table oracle.equivocations (
  question         text not null,
  round            integer not null,
  epoch            bigint not null,
  signer           text not null,
  first_value      numeric(78, 0) not null,
  first_signature  text not null,
  second_value     numeric(78, 0) not null,
  second_signature text not null,
  seen_at          bigint not null,
  primary key (question, round, epoch, signer)
);
