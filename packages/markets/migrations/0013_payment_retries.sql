-- Attempts that a person granted to a payment which had failed too often for time to mend it: beyond those that every payment has.
-- Not fed by logs.
create table markets.payment_retries (
  -- of the outbox, as of the payment's first attempt
  key        text primary key,
  market     text not null,
  granted    integer not null check (granted > 0),
  changed_at timestamptz not null default now()
);
create index payment_retries_by_market on markets.payment_retries (market);
