-- What attesters signed is kept for as long as it can cost somebody his stake, and not for ever.

-- The latest end of what the same keys signed of it, Unix seconds: what was said again does not stand here again.
alter table bundles.said add column until bigint;
update bundles.said s set until = b.valid_until from bundles.signed_batches b where b.id = s.batch;
alter table bundles.said alter column until set not null;

create index said_by_age on bundles.said (until);
create index said_by_batch on bundles.said (batch);
create index faults_by_batch on bundles.faults (batch);
create index faults_by_other_batch on bundles.faults (other_batch) where other_batch is not null;
-- Pages of faults, the newest first.
create index faults_by_age on bundles.faults (found_at, signer, kind, subject);

-- All of it was said by the same keys in another batch, or it says nothing that could be said otherwise.
delete from bundles.signed_batches b where compared and judged_hub and judged_legs
  and not exists (select 1 from bundles.said s where s.batch = b.id)
  and not exists (select 1 from bundles.faults f where b.id in (f.batch, f.other_batch));

-- Transactions that reached our contracts through another one, whose calls no node told yet: asked for again until one does.
create table bundles.untraced (
  chain_id    bigint not null,
  transaction text not null,
  since       timestamptz not null default now(),
  tried_at    timestamptz not null default now(),
  why         text not null,
  primary key (chain_id, transaction)
);
