-- What somebody objected to. The columns of the answer keep it while the question is disputed.
alter table oracle.questions
  drop constraint questions_state_check,
  add constraint questions_state_check check (state in ('open', 'answered', 'disputed')),
  add column deposit integer not null default 0,
  add column disputes integer not null default 0,
  add column ruled boolean not null default false,
  add column held integer not null default 0,
  add column dispute text;
create index questions_to_hold on oracle.questions (finalize_at) where state = 'answered';

-- All below is fed by the logs of oracle, ladder, court, slasher, guard, beacon and stake manager alone.
create table oracle.disputes (
  id           text primary key,
  -- the dispute as the ladder hashes it
  question     text not null,
  answer       numeric(78, 0) not null,
  root         text not null,
  disputer     text not null,
  claim        numeric(78, 0) not null,
  claim_root   text not null,
  deposit      numeric(78, 0) not null,
  at           bigint not null,
  block        bigint not null,
  log          integer not null,
  tx           text not null,
  -- its case at the ladder; `until` is on the court clock
  stage        text not null default 'disputed'
    check (stage in ('disputed', 'confirmed', 'sitting', 'ruled', 'corrected', 'done')),
  tier         integer not null default 0,
  verdict      integer not null default 0,
  until        bigint,
  held_claim   numeric(78, 0),
  jury         text,
  -- how it ended: the oracle's word for it, and the ladder's choice
  outcome      text check (outcome in ('uphold', 'restore', 'replace', 'reopen', 'invalid')),
  choice       integer,
  to_insurance numeric(78, 0),
  ended_at     bigint,
  ended_tx     text
);
create index disputes_by_opening on oracle.disputes (block desc, log desc);
create index disputes_by_question on oracle.disputes (question);
-- The sweep looks at these after every block.
create index disputes_open on oracle.disputes (at) where stage <> 'done';
create table oracle.dispute_steps (
  block      bigint not null,
  log        integer not null,
  dispute    text not null,
  kind       text not null check (kind in ('rereported', 'convened', 'verdict', 'appealed', 'concluded')),
  at         bigint not null,
  tx         text not null,
  -- of a re-report: its value, and what proves it
  value      numeric(78, 0),
  signatures text,
  jury       text,
  tier       integer,
  choice     integer,
  who        text,
  until      bigint,
  primary key (block, log)
);
create index dispute_steps_by_dispute on oracle.dispute_steps (dispute, block, log);
create table oracle.dispute_stakes (
  dispute text not null,
  place   integer not null,
  who     text not null,
  amount  numeric(78, 0) not null,
  side    integer not null,
  primary key (dispute, place)
);
create table oracle.dispute_awards (
  block   bigint not null,
  log     integer not null,
  dispute text not null,
  who     text not null,
  amount  numeric(78, 0) not null,
  primary key (block, log)
);
create index dispute_awards_by_dispute on oracle.dispute_awards (dispute, block, log);

create table oracle.juror_sets (
  epoch        bigint primary key,
  total_weight numeric(78, 0) not null,
  at           bigint not null
);
create table oracle.jurors (
  epoch  bigint not null,
  juror  integer not null,
  signer text not null,
  weight numeric(78, 0) not null,
  primary key (epoch, juror)
);
-- Rounds of the beacon that were proved.
create table oracle.seeds (
  round numeric(78, 0) primary key,
  seed  text not null
);
create table oracle.juries (
  id           text primary key,
  arbitrable   text not null,
  subject      text not null,
  size         integer not null,
  juror_epoch  bigint not null,
  excluded     text not null,
  fee          numeric(78, 0) not null,
  -- court clock
  opened_at    bigint not null,
  beacon_round numeric(78, 0) not null,
  at           bigint not null,
  block        bigint not null,
  log          integer not null,
  tx           text not null,
  -- of the ladder's
  dispute      text,
  votes        numeric(78, 0) not null default 0,
  closed       boolean not null default false,
  choice       integer not null default 0
);
create index juries_by_opening on oracle.juries (block desc, log desc);
create index juries_open on oracle.juries (at) where not closed;
create index juries_by_dispute on oracle.juries (dispute);
create table oracle.jury_posts (
  jury  text not null,
  batch text not null,
  at    bigint not null,
  tx    text not null,
  primary key (jury, batch)
);
create table oracle.jury_own_commits (
  jury       text not null,
  juror      integer not null,
  commitment text not null,
  primary key (jury, juror)
);
create table oracle.juror_faults (
  jury       text not null,
  juror      integer not null,
  kind       text not null check (kind in ('missing', 'incoherent', 'withheld', 'leaked', 'equivocal')),
  -- what the stake manager knows the fault by
  fault      text not null,
  challenger text,
  primary key (jury, juror, kind)
);
create index juror_faults_by_fault on oracle.juror_faults (fault);

create table oracle.slashes (
  block      bigint not null,
  log        integer not null,
  owner      text not null,
  fault      text not null,
  challenger text,
  amount     numeric(78, 0) not null,
  stake      numeric(78, 0) not null,
  at         bigint not null,
  tx         text not null,
  primary key (block, log)
);
create index slashes_by_owner on oracle.slashes (owner, block desc, log desc);
-- What the slasher says of faults: by name, or, where its log has no name, by transaction and owner.
create table oracle.named_faults (
  fault    text primary key,
  reason   text not null,
  question text
);
create table oracle.shown_equivocations (
  tx    text not null,
  owner text not null,
  primary key (tx, owner)
);
-- Slashed collateral that an account may claim from the stake manager.
create table oracle.slash_credits (
  account text primary key,
  credit  numeric(78, 0) not null
);
alter table oracle.providers
  add column frozen_until bigint,
  add column suspended_until bigint,
  add column juror_since bigint;

create table oracle.pauses (
  number   bigint primary key,
  guardian text not null,
  from_at  bigint not null,
  until_at bigint not null
);
create table oracle.trips (
  block bigint not null,
  log   integer not null,
  why   text not null,
  found numeric(78, 0) not null,
  most  numeric(78, 0) not null,
  until bigint not null,
  at    bigint not null,
  primary key (block, log)
);
create table oracle.domain_pauses (
  domain integer primary key,
  until  bigint not null
);

-- Handed over by jurors, not read from the chain: no replay brings these back.
create table oracle.commitments (
  jury        text not null,
  juror       integer not null,
  commitment  text not null,
  signature   text not null,
  received_at bigint not null,
  primary key (jury, juror)
);
create table oracle.openings (
  jury        text not null,
  juror       integer not null,
  choice      integer not null check (choice between 1 and 3),
  salt        text not null,
  received_at bigint not null,
  primary key (jury, juror)
);
-- Only who knows the order of a batch can open it: it is kept before anything is sent.
create table oracle.batches (
  jury        text not null,
  batch       text not null,
  commitments text[] not null,
  formed_at   bigint not null,
  primary key (jury, batch)
);
-- Two signed commitments of one juror prove that he equivocates.
create table oracle.juror_equivocations (
  jury              text not null,
  juror             integer not null,
  first_commitment  text not null,
  first_signature   text not null,
  second_commitment text not null,
  second_signature  text not null,
  seen_at           bigint not null,
  primary key (jury, juror)
);
select chain.track(tracked::regclass) from unnest(array['oracle.disputes', 'oracle.dispute_steps', 'oracle.dispute_stakes',
  'oracle.dispute_awards', 'oracle.juror_sets', 'oracle.jurors', 'oracle.seeds', 'oracle.juries', 'oracle.jury_posts',
  'oracle.jury_own_commits', 'oracle.juror_faults', 'oracle.slashes', 'oracle.named_faults',
  'oracle.shown_equivocations', 'oracle.slash_credits', 'oracle.pauses', 'oracle.trips', 'oracle.domain_pauses']) as tracked;
