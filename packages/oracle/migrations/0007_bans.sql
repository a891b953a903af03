-- A banned owner stays banned, whatever becomes of his stake.
alter table oracle.providers add column banned boolean not null default false;
