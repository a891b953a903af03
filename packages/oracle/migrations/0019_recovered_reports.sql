-- Whose keys signed what late reports hold: recovering them costs a millisecond each, and the clusters of a period look at those
-- of a whole year. Follows from the words of a log alone, so it is no row fed by logs; `words` tells whether they are still the same.
create table oracle.recovered_reports (
  block   bigint not null,
  log     integer not null,
  words   text not null,
  -- in the order of the entries; empty: nobody's
  signers text[] not null,
  primary key (block, log)
);
