-- Epochs and their seats belong to a domain; a provider serves several, and may sit on juries.
alter table oracle.epochs add column domain integer not null default 0;
alter table oracle.epochs alter column domain drop default, drop constraint epochs_pkey, add primary key (domain, epoch);
alter table oracle.seats add column domain integer not null default 0;
alter table oracle.seats alter column domain drop default, drop constraint seats_pkey, add primary key (domain, epoch, seat);

alter table oracle.providers add column kinds bigint not null default 1, add column juror boolean not null default false;
alter table oracle.providers alter column kinds drop default, alter column juror drop default;

-- Whom the next epoch of a domain seats.
create table oracle.rosters (
  domain integer not null,
  owner  text not null,
  primary key (domain, owner)
);
insert into oracle.rosters select 0, owner from oracle.providers where state = 'active';

-- The trigger names the key's columns, so it is made anew for a new key.
drop trigger sooth_undo on oracle.epochs;
drop trigger sooth_undo on oracle.seats;
select chain.track('oracle.epochs');
select chain.track('oracle.seats');
select chain.track('oracle.rosters');
