-- Phases of opinion markets whose transaction failed, by the key of the first attempt, while they are due still. Not fed by logs.
create table markets.failed_phases (
  key         text primary key,
  market      text not null,
  phase       text not null,
  -- whose stance it tells, of a reveal
  owner       text,
  failures    integer not null check (failures > 0),
  -- with so many it is given up; a person who has it tried again raises it
  give_up_at  integer not null,
  -- of the hub, from which on it is tried again; null: it is given up
  again_block bigint,
  -- unix seconds at which what is given up is tried once more
  again_at    bigint
);
create index failed_phases_by_market on markets.failed_phases (market);
