-- Fed by the stake manager's logs alone, credits by the oracle's.
create table oracle.providers (
  owner      text primary key,
  signer     text not null,
  stake      numeric(78, 0) not null,
  state      text not null check (state in ('active', 'unbonding', 'withdrawn')),
  unbonds_at bigint,
  joined_at  bigint not null
);

-- Every key that a provider ever named: it earns for its owner for ever.
create table oracle.signers (
  signer text primary key,
  owner  text not null
);
create index signers_by_owner on oracle.signers (owner);

create table oracle.epochs (
  epoch        bigint primary key,
  total_weight numeric(78, 0) not null,
  at           bigint not null,
  block        bigint not null,
  tx           text not null
);

create table oracle.seats (
  epoch  bigint not null,
  seat   integer not null,
  signer text not null,
  weight numeric(78, 0) not null,
  primary key (epoch, seat)
);
create index seats_by_signer on oracle.seats (signer, epoch);

create table oracle.credits (
  account text primary key,
  credit  numeric(78, 0) not null
);

select chain.track('oracle.providers');
select chain.track('oracle.signers');
select chain.track('oracle.epochs');
select chain.track('oracle.seats');
select chain.track('oracle.credits');
