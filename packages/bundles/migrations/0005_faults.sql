-- What attesters signed, as whoever told it had it: the server that gathers signatures, or a transaction. Not fed by logs: a signature
-- stays evidence, whatever becomes of the block that it stood in.
create table bundles.signed_batches (
  id           bigint generated always as identity primary key,
  root         text not null,
  epoch        bigint not null,
  valid_until  bigint not null,
  -- hash of the leaves: of one root several parts may be known, each with its own proof
  part         text not null,
  -- in the order of their tree; with neither path nor flags the whole batch
  facts        jsonb not null,
  path         text[] not null,
  flags        boolean[] not null,
  -- whoever signed the root, and r | vs of each
  signers      text[] not null,
  signatures   text[] not null,
  -- what was done with it: held against what else was signed, against the hub, against the chains of legs
  compared     boolean not null default false,
  judged_hub   boolean not null default false,
  judged_legs  boolean not null default false,
  -- the newest block of each chain, by its id, at a moment when all of this was signed already
  heads        jsonb not null default '{}',
  unique (root, epoch, valid_until, part)
);
create index signed_batches_to_compare on bundles.signed_batches (id) where not compared;
create index signed_batches_to_judge on bundles.signed_batches (id) where not (judged_hub and judged_legs);

-- Who said what first: a fact of a batch stands here when somebody signed it who had not before.
create table bundles.said (
  kind    text not null,
  -- as in bundles.attestations
  subject text not null,
  -- its hash, as contracts have it
  content text not null,
  batch   bigint not null references bundles.signed_batches (id),
  place   integer not null,
  primary key (kind, subject, content, batch, place)
);

-- What speaks against a key. One subject is one fault, as the slasher counts.
create table bundles.faults (
  signer       text not null,
  kind         text not null,
  subject      text not null,
  -- conflict: two contents. false: the hub's own state shows it. unproven: another chain shows it, and no contract can see that.
  how          text not null check (how in ('conflict', 'false', 'unproven')),
  batch        bigint not null references bundles.signed_batches (id),
  place        integer not null,
  other_batch  bigint references bundles.signed_batches (id),
  other_place  integer,
  -- beside the claim, what the hub wants to see for a false one
  shown        text,
  found_at     timestamptz not null default now(),
  state        text not null default 'found' check (state in ('found', 'sent', 'punished', 'refused')),
  -- the contract's error, or what is lacking
  why          text,
  tried_at     timestamptz,
  primary key (signer, kind, subject)
);
create index faults_open on bundles.faults (found_at) where state in ('found', 'sent', 'refused');

-- How far transactions were read for what attesters signed, by chain.
create table bundles.calldata_read (
  chain_id bigint primary key,
  number   bigint not null,
  hash     text not null
);
