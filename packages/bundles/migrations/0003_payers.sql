-- Who pays something into an escrow by these legs, in small letters: whoever pays is told of the bundle. Not those who prepare a
-- participant: that is the owner.
create function bundles.payers_of(legs jsonb) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct '0x' || lower(substr(leg ->> 'data', 27, 40))), '{}')
  from jsonb_array_elements(case when jsonb_typeof(legs) = 'array' then legs else '[]' end) leg
  where leg ->> 'kind' = 'escrow' and length(leg ->> 'data') = 130
$$;
create index bundles_by_payer on bundles.bundles using gin (bundles.payers_of(payloads)) where mode = 'escrowed';
create index payloads_by_payer on bundles.payloads using gin (bundles.payers_of(legs)) where header ->> 'mode' = 'escrowed';
