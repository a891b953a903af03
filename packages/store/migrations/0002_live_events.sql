-- What listeners were told last, so that one who was away, or comes to another replica, is told what he missed. Not logged: after
-- a crash of the database it is empty, and whoever comes back reads anew.
create unlogged table store.live_events (
  seq     bigint generated always as identity primary key,
  -- Numbers are given before transactions commit. What had ended when `floor` was taken had been told before this was.
  tx      xid8 not null default pg_current_xact_id(),
  floor   xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
  -- of an event that tells a new head of the hub
  block   bigint,
  payload text not null
);
create index live_events_by_block on store.live_events (block desc, seq) where block is not null;
