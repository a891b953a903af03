-- Calls of one contract may share a transaction: they go together in a call of its `multicall(bytes[])`.

alter table chain.outbox
  -- Gas that the call takes, about; null: it travels alone.
  add column joins_gas bigint,
  -- The row whose transaction carries this call. Its own status follows that one's.
  add column carrier bigint references chain.outbox (id);
create index outbox_joining on chain.outbox (chain_id, id)
  where status = 'queued' and joins_gas is not null and carrier is null;
create index outbox_carried on chain.outbox (carrier) where carrier is not null;
drop index chain.outbox_queued;
create index outbox_queued on chain.outbox (chain_id, priority, id) where status = 'queued' and carrier is null;
