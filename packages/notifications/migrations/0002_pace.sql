-- Whether the wallet has something here: it is looked at before those that cost nothing.
alter table notifications.readers add column known boolean not null default false;
drop index notifications.readers_by_look;
create index readers_by_look on notifications.readers (known, looked_at);

-- Who asked: of wallets that have nothing here, where they came from, as a keyed hash.
alter table notifications.confirmations add column known boolean not null default true;
alter table notifications.confirmations add column via text;

-- Keyed hash of the mailbox as it is surely one person's: what wants no letter again. Counts go by `target`, which is coarser. Null
-- in rows of before.
alter table notifications.mail_addresses add column mailbox text;

-- Of the server, which the browser subscribed to; null in rows of before.
alter table notifications.browsers add column public_key text;
