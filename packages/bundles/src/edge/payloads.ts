import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  type Bundle,
  BundlesError,
  bundleToWire,
  type Leg,
  legHash,
  legToWire,
  type Permit,
} from "../core/index.ts";
import type { Deps } from "./deps.ts";
import { tellBundles } from "./logs/record.ts";

/** Who pays a leg in, and lets others bring it. */
export type Payer = { place: number; payer: Address; signature: Hex; permit: Permit | null };

export type HandedOver = {
  id: Hex;
  bundle: Bundle;
  legs: readonly Leg[];
  isPrivate: boolean;
  /** Of the owner; null: he opens it himself. */
  signature: Hex | null;
  /** Whether somebody spends something on it. What is free for all may fill half of the room, and no more. */
  isPaid: boolean;
};

/**
 * Keeps the legs of a bundle for who relays them. The same again changes nothing, but that a signature is added, and that who said
 * once that they are no secret said it for good. What is kept is checked against the id before.
 * @throws bundles.payloads_full, bundles.owner_payloads_full
 */
export async function keepPayload(
  { store, config }: Pick<Deps, "store" | "config">,
  given: HandedOver,
): Promise<void> {
  const legs = JSON.stringify(given.legs.map(legToWire));
  const most = Math.floor(config.BUNDLES_PAYLOAD_BYTES_PER_DAY / (given.isPaid ? 1 : 2));
  await store.transaction(async (tx) => {
    const known = await one<{ bundle: string }>(
      tx,
      sql`select bundle from bundles.payloads where bundle = ${given.id}`,
    );
    if (!known) await needRoom(tx, given, legs.length, most);
    await sql`insert into bundles.payloads as p (bundle, header, hashes, legs, private, signature)
      values (${given.id}, ${JSON.stringify(bundleToWire(given.bundle))}::jsonb, ${given.legs.map(legHash)}::text[],
        ${legs}::jsonb, ${given.isPrivate}, ${given.signature})
      on conflict (bundle) do update set private = p.private and excluded.private,
        signature = coalesce(p.signature, excluded.signature)`.execute(tx);
    await tellBundles(tx, [given.id]);
  });
}

/** Of a day's room an owner may fill, once half of it is used: his signatures cost him nothing. */
const OWNERS_PART = 16;

/** @throws bundles.payloads_full, bundles.owner_payloads_full */
async function needRoom(tx: Executor, given: HandedOver, bytes: number, most: number): Promise<void> {
  const used = await bytesOfDay(tx);
  if (used + bytes > most) throw BundlesError.payloads_full({ most });
  // Who hands over legs without a signature may name anybody as their owner.
  if (given.signature === null || used + bytes <= most / 2) return;
  const { owner } = given.bundle;
  const [own, part] = [await bytesOfOwner(tx, owner), Math.floor(most / OWNERS_PART)];
  if (own > 0 && own + bytes > part) throw BundlesError.owner_payloads_full({ owner, most: part });
}

const bytesOfOwner = async (tx: Executor, owner: Address): Promise<number> =>
  (
    await one<{ bytes: number }>(
      tx,
      sql`select coalesce(sum(octet_length(legs::text)), 0)::bigint as bytes from bundles.payloads
        where received_at > now() - interval '1 day' and signature is not null
          and lower(header ->> 'owner') = ${owner.toLowerCase()}`,
    )
  )?.bytes ?? 0;

const bytesOfDay = async (tx: Executor): Promise<number> =>
  (
    await one<{ bytes: number }>(
      tx,
      sql`select coalesce(sum(octet_length(legs::text)), 0)::bigint as bytes from bundles.payloads
        where received_at > now() - interval '1 day'`,
    )
  )?.bytes ?? 0;

/** Wei that the owner's credit must pay for besides `id`: of bundles that he signed, and that the hub does not know yet. */
export async function feesWaiting(db: Executor, owner: Address, id: Hex): Promise<bigint> {
  const found = await one<{ fees: string }>(
    db,
    sql`select coalesce(sum((p.header ->> 'fee')::numeric), 0)::text as fees from bundles.payloads p
      where p.signature is not null and p.bundle <> ${id} and lower(p.header ->> 'owner') = ${owner}
        and not exists (select 1 from bundles.bundles b where b.id = p.bundle)`,
  );
  return BigInt(found?.fees ?? 0);
}

export const isOpened = async (db: Executor, id: Hex): Promise<boolean> =>
  (await one(db, sql`select 1 from bundles.bundles where id = ${id}`)) !== undefined;

/** Whether an escrow has something for it that is neither paid out nor given back. */
export const isHeld = async (db: Executor, id: Hex): Promise<boolean> =>
  (await one(db, sql`select 1 from bundles.held where bundle = ${id} and state = 'held' limit 1`)) !==
  undefined;

/** The last one counts: who signs again may bring another permit. */
export async function keepPayer(
  db: Executor,
  id: Hex,
  { place, payer, signature, permit }: Payer,
): Promise<void> {
  const told = permit && {
    ...permit,
    value: String(permit.value),
    deadline: String(permit.deadline),
  };
  await sql`insert into bundles.payers (bundle, place, payer, signature, permit)
    values (${id}, ${place}, ${payer}, ${signature}, ${told === null ? null : JSON.stringify(told)}::jsonb)
    on conflict (bundle, place) do update set payer = excluded.payer, signature = excluded.signature,
      permit = coalesce(excluded.permit, bundles.payers.permit), received_at = now()`.execute(db);
  await tellBundles(db, [id]);
}

type PermitRow = { value: string; deadline: string; v: number; r: Hex; s: Hex };

export async function payersOf(db: Executor, id: string): Promise<Payer[]> {
  const found = await rows<Omit<Payer, "permit"> & { permit: PermitRow | null }>(
    db,
    sql`select place, payer, signature, permit from bundles.payers where bundle = ${id} order by place`,
  );
  return found.map(({ permit, ...rest }) => ({
    ...rest,
    permit: permit && { ...permit, value: BigInt(permit.value), deadline: BigInt(permit.deadline) },
  }));
}

/** Of bundles that nobody opened until an hour after their deadline: no leg of them will ever run. */
export async function forgetUnopened(db: Executor, now: number): Promise<void> {
  await sql`delete from bundles.payloads p where (p.header ->> 'deadline')::bigint < ${now - 3_600}
    and not exists (select 1 from bundles.bundles b where b.id = p.bundle)
    and not exists (select 1 from bundles.held h where h.bundle = p.bundle and h.state = 'held')`.execute(db);
  await sql`delete from bundles.payers y where not exists (select 1 from bundles.payloads p where p.bundle = y.bundle)`.execute(
    db,
  );
}
