import type { Address, Hex } from "@sooth/kernel";
import { rows, sql, type Store } from "@sooth/store";
import {
  bundleFromWire,
  escrowPartiesOf,
  type Leg,
  legFromWire,
  type WireBundle,
  type WireLeg,
} from "../../core/index.ts";
import type { Consent } from "./desks.ts";
import { consentKey, type HandedOver } from "./ports.ts";

type PayloadRow = { bundle: Hex; header: WireBundle; legs: WireLeg[] };
type OpeningRow = PayloadRow & { signature: Hex; private: boolean };
type PayerRow = {
  bundle: Hex;
  place: number;
  signature: Hex;
  permit: { value: string; deadline: string; v: number; r: Hex; s: Hex } | null;
};

/** The hub refused it in so many blocks: whoever opens paid for each. */
const MOST_REFUSALS = 3;
/** After the first try; twice as long after each. */
const FIRST_WAIT_SECONDS = 15;
const LONGEST_WAIT_SECONDS = 600;

/** What the API took from owners and payers, as it stands in this database. */
export function handedOverIn({ db }: Store): HandedOver {
  let since: Date | null = null;
  return {
    legs: async () => {
      const found = await rows<PayloadRow & { at: Date }>(
        db,
        sql`select bundle, header, legs, received_at as at from bundles.payloads
          where ${since}::timestamptz is null or received_at > ${since}::timestamptz - interval '2 seconds'
          order by received_at limit 5000`,
      );
      since = found.at(-1)?.at ?? since;
      return found.map(({ bundle, header, legs }) => ({
        id: bundle,
        bundle: bundleFromWire(header),
        legs: legs.map(legFromWire),
      }));
    },
    openings: async ({ limit, aside }) => {
      const found = await rows<OpeningRow>(
        db,
        sql`select bundle, header, legs, signature, private from (
            select p.*, t.due_at, row_number() over (partition by lower(header ->> 'owner')
              order by t.due_at nulls first, received_at, bundle) as turn
            from bundles.payloads p left join bundles.openings_tried t using (bundle)
            where signature is not null and (header ->> 'deadline')::bigint > extract(epoch from now())
              and (t.bundle is null or t.refused < ${MOST_REFUSALS} and t.due_at <= now())
              and bundle <> all(${[...aside.ids]}::text[])
              and lower(header ->> 'owner') <> all(${[...aside.owners]}::text[])
              and not exists (select 1 from bundles.bundles b where b.id = p.bundle)) waiting
          order by turn, due_at nulls first, received_at, bundle limit ${limit}`,
      );
      return found.map(({ header, legs, signature, private: hidden }) => ({
        bundle: bundleFromWire(header),
        signature,
        legs: hidden ? null : legs.map(legFromWire),
      }));
    },
    tried: async (found) => {
      if (found.length === 0) return;
      await sql`insert into bundles.openings_tried as t (bundle, tries, refused, due_at, owed_since)
        select bundle, 1, case came when 'refused' then 1 else 0 end, now() + ${FIRST_WAIT_SECONDS} * interval '1 second',
          case came when 'owed' then now() end
        from unnest(${found.map(({ id }) => id)}::text[], ${found.map(({ came }) => came)}::text[]) as found (bundle, came)
        where exists (select 1 from bundles.payloads p where p.bundle = found.bundle)
        on conflict (bundle) do update set tries = t.tries + 1, refused = t.refused + excluded.refused,
          due_at = now() + least(${LONGEST_WAIT_SECONDS}, ${FIRST_WAIT_SECONDS} * 2 ^ least(t.tries, 30)) * interval '1 second',
          owed_since = case when excluded.owed_since is not null then coalesce(t.owed_since, now()) end`.execute(
        db,
      );
    },
    consents: async (ids) => {
      if (ids.length === 0) return new Map();
      const [given, owned] = await Promise.all([
        rows<PayerRow>(
          db,
          sql`select bundle, place, signature, permit from bundles.payers where bundle = any(${[...ids]}::text[])`,
        ),
        rows<PayloadRow & { signature: Hex }>(
          db,
          sql`select bundle, header, legs, signature from bundles.payloads
            where bundle = any(${[...ids]}::text[]) and signature is not null`,
        ),
      ]);
      // Who signs a bundle to open it needs no second signature for what he pays himself.
      const byOwner = owned.flatMap(({ bundle, header, legs, signature }) =>
        legs.flatMap((leg, place) =>
          paysHimself(header.owner as Address, legFromWire(leg))
            ? [[consentKey(bundle, place), { signature }] as [string, Consent]]
            : [],
        ),
      );
      const byPayers = given.map(({ bundle, place, signature, permit }): [string, Consent] => [
        consentKey(bundle, place),
        {
          signature,
          ...(permit && {
            permit: { ...permit, value: BigInt(permit.value), deadline: BigInt(permit.deadline) },
          }),
        },
      ]);
      return new Map([...byOwner, ...byPayers]);
    },
  };
}

const paysHimself = (owner: Address, leg: Leg): boolean =>
  leg.kind === "participant" || escrowPartiesOf(leg)?.payer.toLowerCase() === owner.toLowerCase();
