-- A transaction that reverted in a block is looked at until that block is final: after a reorg it may succeed.

comment on column chain.outbox.block_hash is 'Of the transaction that was mined; null again once one that failed is final.';
create index outbox_reverted on chain.outbox (chain_id, account) where status = 'failed' and block_hash is not null;
