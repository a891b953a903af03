-- What may enter an escrow within an hour of a token for bundles that also have legs on another chain, as its governor last set it; 0: nothing bounds it.
create table bundles.lanes (
  chain_id     bigint not null,
  other_id     bigint not null,
  token        text not null,
  per_hour     numeric(78, 0) not null,
  strict_until bigint not null,
  primary key (chain_id, other_id, token)
);

select chain.track('bundles.lanes');
