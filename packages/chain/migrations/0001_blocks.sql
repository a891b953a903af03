-- What the follower of each chain has seen, and how to take it back.

create table chain.cursors (
  chain_id bigint primary key,
  number bigint not null,
  hash text not null,
  -- First block whose changes can be undone.
  undo_from bigint not null
);
comment on table chain.cursors is 'The last block of each chain whose logs are in the tables.';

create table chain.blocks (
  chain_id bigint not null,
  number bigint not null,
  hash text not null,
  parent text not null,
  timestamp bigint not null,
  primary key (chain_id, number)
);
comment on table chain.blocks is 'Headers of the blocks that may still be undone, and the last final one below them.';

create table chain.undo (
  chain_id bigint not null,
  block bigint not null,
  seq bigint generated always as identity,
  relation text not null,
  -- I: delete the row with this key. U: put this row in its place. D: insert this row.
  operation "char" not null,
  key jsonb not null,
  row jsonb,
  primary key (chain_id, seq)
);
create index undo_by_block on chain.undo (chain_id, block);
comment on table chain.undo is 'Rows as they were before a block that is not final, newest last.';

-- Records the old row while a follower's transaction has named its block by `set_config('sooth.block', 'chain:number', true)`.
create function chain.record_undo() returns trigger language plpgsql as $$
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
end $$;

-- Makes a table's rows follow reorgs. The key must come from the chain: values of a sequence would differ after a replay.
-- Not for tables with `on delete cascade` or triggers of their own that write: rows come back in the reverse order of
-- statements, and a cascade is recorded after its cause. A json null inside a row comes back as an SQL null.
create function chain.track(target regclass) returns void language plpgsql as $$
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
end $$;

-- Takes back every change of the blocks above `keep`, newest first. Returns the number of rows put back.
create function chain.undo_above(of_chain bigint, keep bigint) returns bigint language plpgsql as $$
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
end $$;
