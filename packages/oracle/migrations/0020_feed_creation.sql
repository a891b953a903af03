-- Where the log stands that created it: the order of feeds that nobody can choose. Null: before this was noted.
alter table oracle.feeds
  add column created_block bigint,
  add column created_log integer;
