-- That a provider looked and could not tell, signed by him: the last word of each key in a round. What is handed over stands
-- in no log, as with reports, so it is not read again from the chain.
create table oracle.abstentions (
  question  text not null,
  round     integer not null,
  signer    text not null,
  epoch     bigint not null,
  reason    text not null,
  -- chain time that he signed
  at        bigint not null,
  signature text not null,
  primary key (question, round, signer)
);

-- What this server decided by itself to bring an answer about, and why, in the block that it looked at. All other attempts
-- follow from logs, from what providers handed over, and from the clock; see docs/decisions/attempts.md.
create table oracle.attempts (
  question text not null,
  round    integer not null,
  kind     text not null check (kind in ('extend', 'jury')),
  block    bigint not null,
  state    text not null check (state in ('waiting', 'done', 'failed')),
  reason   text not null,
  at       bigint not null,
  primary key (question, kind, round, block)
);
create index questions_open_by_deadline on oracle.questions (deadline, id) where state = 'open';
