-- Contracts that came to be followed when the cursor stood further on: what was read of each by itself.
create table chain.histories (
  chain_id bigint not null,
  address text not null,
  -- the last block of its own; null: as far as the cursor, from where it goes along with all others
  through bigint,
  primary key (chain_id, address)
);
comment on table chain.histories is 'How far the logs of contracts were read that a database was not followed with from the start.';
