-- Programs cannot act on its schema. Null schemas are unknown; of feeds from before this was noted nobody looked yet.
alter table oracle.feeds add column unreadable boolean not null default false;
-- Feeds of providers, the oldest first: those that a server tells where it tells all.
create index feeds_by_creation on oracle.feeds (created_block nulls first, created_log, feed)
  where schema is not null and signer is null and not unreadable;
