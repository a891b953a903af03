-- When a full book dropped the order for a better-priced one: it waits here, and comes back once there is room. Null: it was not, or is back.
alter table markets.outcome_orders add column dropped_at bigint;
create index outcome_orders_dropped on markets.outcome_orders (dropped_at) where dropped_at is not null;
