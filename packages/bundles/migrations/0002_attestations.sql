-- What a quorum of attesters signed, and whose signatures came with it, for people to look at. Not fed by logs: a batch carries its
-- own proof, and what is lost here is only not shown.
create table bundles.attestations (
  kind     text not null,
  -- an ordinal, an id, an epoch or a day, by the kind
  subject  text not null,
  epoch    integer not null,
  content  text not null,
  -- addresses of the keys that signed
  signers  text[] not null,
  -- unix seconds of the hub
  at       bigint not null,
  primary key (kind, subject, epoch)
);
create index attestations_by_time on bundles.attestations (at);
