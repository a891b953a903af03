-- A text that nobody objected with is forgotten; it must be found without looking at those that are kept.
alter table oracle.reasons add column used boolean not null default false;
update oracle.reasons r set used = true where exists (select from oracle.disputes d where d.reason = r.hash);
create index reasons_unused on oracle.reasons (at) where not used and text is not null;
create index disputes_by_reason on oracle.disputes (reason) where reason is not null;
