-- What came of trying to open a bundle that its owner signed, for whoever opens: what was never tried is first, then what has
-- waited longest. Not fed by logs; what is lost here is tried once more.
create table bundles.openings_tried (
  bundle     text primary key references bundles.payloads on delete cascade,
  tries      integer not null,
  -- blocks in which the hub refused it: that cost whoever opened it, and its owner nothing
  refused    integer not null,
  due_at     timestamptz not null,
  -- since when it should be open, as nothing is known against it; null while its owner has to mend something
  owed_since timestamptz
);
