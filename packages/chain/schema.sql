-- The schema chain after all migrations. Written by `npm run gen`: change the migrations instead.

-- types

create type chain.outbox_status as enum (
  'queued',
  'sent',
  'mined',
  'final',
  'failed'
);

-- functions

CREATE OR REPLACE FUNCTION chain.record_undo()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  place text[] := string_to_array(current_setting('sooth.block'), ':');
  now_row jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
begin
  insert into chain.undo (chain_id, block, relation, operation, key, row) values (
    place[1]::bigint,
    place[2]::bigint,
    format('%I.%I', tg_table_schema, tg_table_name),
    left(tg_op, 1)::"char",
    (select jsonb_object_agg(name, now_row -> name) from unnest(tg_argv) as name),
    case when tg_op = 'INSERT' then null else to_jsonb(old) end
  );
  return null;
end $function$;

CREATE OR REPLACE FUNCTION chain.track(target regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  key_columns text;
begin
  select string_agg(quote_literal(a.attname), ', ' order by a.attnum) into key_columns
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indrelid = target and i.indisprimary;
  if key_columns is null then
    raise exception '% has no primary key, so its rows cannot be undone', target;
  end if;
  -- The condition keeps writes outside a follower's transaction, and those of final blocks, at full speed.
  execute format(
    'create trigger sooth_undo after insert or update or delete on %s for each row
     when (nullif(current_setting(''sooth.block'', true), '''') is not null)
     execute function chain.record_undo(%s)', target, key_columns);
end $function$;

CREATE OR REPLACE FUNCTION chain.undo_above(of_chain bigint, keep bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  entry record;
  put_back bigint := 0;
  on_key text;
  columns text;
  changeable text;
begin
  perform set_config('sooth.block', '', true);
  for entry in
    select * from chain.undo where chain_id = of_chain and block > keep order by seq desc
  loop
    select string_agg(format('t.%I = k.%I', name, name), ' and ') into on_key from jsonb_object_keys(entry.key) as name;
    if entry.operation = 'I' then
      execute format('delete from %s t using jsonb_populate_record(null::%s, $1) k where %s',
        entry.relation, entry.relation, on_key) using entry.key;
    else
      -- Generated columns follow by themselves; an identity that is always generated can be inserted, never updated.
      select string_agg(format('%I', attname), ', ' order by attnum) filter (where attgenerated = ''),
             string_agg(format('%I = r.%I', attname, attname), ', ' order by attnum)
               filter (where attgenerated = '' and attidentity <> 'a')
        into columns, changeable
        from pg_attribute where attrelid = entry.relation::regclass and attnum > 0 and not attisdropped;
      if entry.operation = 'U' then
        execute format(
          'update %s t set %s from jsonb_populate_record(null::%s, $1) k, jsonb_populate_record(null::%s, $2) r where %s',
          entry.relation, changeable, entry.relation, entry.relation, on_key) using entry.key, entry.row;
      else
        execute format('insert into %s (%s) overriding system value select %s from jsonb_populate_record(null::%s, $1)',
          entry.relation, columns, columns, entry.relation) using entry.row;
      end if;
    end if;
    put_back := put_back + 1;
  end loop;
  delete from chain.undo where chain_id = of_chain and block > keep;
  return put_back;
end $function$;

-- tables

create table chain.blocks (
  chain_id bigint not null,
  number bigint not null,
  hash text not null,
  parent text not null,
  "timestamp" bigint not null,
  constraint blocks_pkey PRIMARY KEY (chain_id, number)
);

create table chain.cursors (
  chain_id bigint not null,
  number bigint not null,
  hash text not null,
  undo_from bigint not null,
  constraint cursors_pkey PRIMARY KEY (chain_id)
);

create table chain.direct (
  chain_id bigint not null,
  account text not null,
  nonce bigint not null,
  hash text not null,
  raw text not null,
  at_block bigint not null,
  constraint direct_pkey PRIMARY KEY (hash)
);

create table chain.histories (
  chain_id bigint not null,
  address text not null,
  through bigint,
  constraint histories_pkey PRIMARY KEY (chain_id, address)
);

create table chain.outbox (
  id bigint generated always as identity not null,
  chain_id bigint not null,
  key text not null,
  "to" text not null,
  data text not null,
  value numeric(78,0) default 0 not null,
  purpose text not null,
  priority smallint default 1 not null,
  gas_limit bigint,
  status chain.outbox_status default 'queued'::chain.outbox_status not null,
  account text,
  nonce bigint,
  gas bigint,
  decide_at_nonce bigint,
  lost_at bigint,
  refused text,
  transaction text,
  block_number bigint,
  block_hash text,
  error_name text,
  error_data text,
  error_text text,
  created_at timestamp with time zone default now() not null,
  changed_at timestamp with time zone default now() not null,
  joins_gas bigint,
  carrier bigint,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_carrier_fkey FOREIGN KEY (carrier) REFERENCES chain.outbox(id),
  constraint outbox_key_key UNIQUE (key)
);

create table chain.outbox_attempts (
  hash text not null,
  outbox_id bigint not null,
  nonce bigint not null,
  raw text not null,
  max_fee numeric(78,0) not null,
  max_priority_fee numeric(78,0) not null,
  at_block bigint not null,
  constraint outbox_attempts_pkey PRIMARY KEY (hash),
  constraint outbox_attempts_outbox_id_fkey FOREIGN KEY (outbox_id) REFERENCES chain.outbox(id) ON DELETE CASCADE
);

create table chain.undo (
  chain_id bigint not null,
  block bigint not null,
  seq bigint generated always as identity not null,
  relation text not null,
  operation "char" not null,
  key jsonb not null,
  "row" jsonb,
  constraint undo_pkey PRIMARY KEY (chain_id, seq)
);

-- indexes

CREATE INDEX direct_of ON chain.direct USING btree (chain_id, account, nonce);

CREATE INDEX outbox_attempts_of ON chain.outbox_attempts USING btree (outbox_id);

CREATE INDEX outbox_carried ON chain.outbox USING btree (carrier) WHERE (carrier IS NOT NULL);

CREATE INDEX outbox_joining ON chain.outbox USING btree (chain_id, id) WHERE ((status = 'queued'::chain.outbox_status) AND (joins_gas IS NOT NULL) AND (carrier IS NULL));

CREATE UNIQUE INDEX outbox_nonce ON chain.outbox USING btree (chain_id, account, nonce) WHERE (nonce IS NOT NULL);

CREATE INDEX outbox_open ON chain.outbox USING btree (chain_id, account) WHERE (status = ANY (ARRAY['sent'::chain.outbox_status, 'mined'::chain.outbox_status]));

CREATE INDEX outbox_queued ON chain.outbox USING btree (chain_id, priority, id) WHERE ((status = 'queued'::chain.outbox_status) AND (carrier IS NULL));

CREATE INDEX outbox_recent ON chain.outbox USING btree (chain_id, purpose, created_at);

CREATE INDEX outbox_reverted ON chain.outbox USING btree (chain_id, account) WHERE ((status = 'failed'::chain.outbox_status) AND (block_hash IS NOT NULL));

CREATE INDEX undo_by_block ON chain.undo USING btree (chain_id, block);
