-- Writing a text is free: one that no stake names a day later is forgotten. Once a stake was seen to name it, it is not looked at again.
alter table markets.contents add column named boolean not null default false;
create index contents_unnamed on markets.contents (at) where kind = 'opinion' and bytes is not null and not named;
