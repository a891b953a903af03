import { deserialize, serialize } from "node:v8";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { createMonitor, type Monitor } from "../../core/index.ts";

export const DOMAINS = 16;
/** Providers that there is room for at first. Twice as much is made of it, by feeding anew, when it is full. */
const FIRST_CAPACITY = 32;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Where the monitor stands. Questions are fed in the order of finality, then of id. */
export type MonitorState = {
  monitor: Monitor;
  capacity: number;
  throughAt: number;
  throughId: Hex | "";
  fedAt: number;
  ruledAt: number;
  scannedAt: number;
};

type Row = Omit<MonitorState, "monitor"> & { state: Buffer | null };

const columns = sql`capacity, state, through_at as "throughAt", through_id as "throughId", fed_at as "fedAt",
  ruled_at as "ruledAt", scanned_at as "scannedAt"`;

/** Held until `tx` ends: of two workers the second one goes on where the first one stopped. */
export async function lockMonitor(tx: Executor): Promise<MonitorState> {
  await sql`insert into oracle.monitor (capacity) values (${FIRST_CAPACITY}) on conflict do nothing`.execute(
    tx,
  );
  const row = await one<Row>(tx, sql`select ${columns} from oracle.monitor for update`);
  if (!row) throw new Error("the row that was just made is gone");
  return opened(row);
}

/** As it was last written; undefined before the first question. */
export async function readMonitor(db: Executor): Promise<MonitorState | undefined> {
  const row = await one<Row>(db, sql`select ${columns} from oracle.monitor where state is not null`);
  return row && opened(row);
}

async function opened({ state, ...row }: Row): Promise<MonitorState> {
  const monitor = state === null ? createMonitor(row.capacity, DOMAINS) : thaw(await unpack(state));
  return { ...row, monitor };
}

const thaw = (bytes: Buffer): Monitor => deserialize(bytes) as Monitor;

export async function saveMonitor(tx: Executor, held: MonitorState): Promise<void> {
  const { monitor, capacity, throughAt, throughId, fedAt } = held;
  const state = await pack(serialize(monitor));
  await sql`update oracle.monitor set capacity = ${capacity}, state = ${state}, through_at = ${throughAt},
    through_id = ${throughId}, fed_at = ${fedAt}`.execute(tx);
}

/** An empty one with room for twice as many, to be fed from the first question on. Providers keep their numbers. */
export const roomier = (held: MonitorState, members: number): MonitorState => {
  let { capacity } = held;
  while (capacity < members) capacity *= 2;
  return { ...held, capacity, monitor: createMonitor(capacity, DOMAINS), throughAt: 0, throughId: "" };
};

/* NUMBERS */

/** Owners by number, lower case. */
export async function membersByNumber(db: Executor): Promise<Hex[]> {
  const found = await rows<{ owner: Hex }>(db, sql`select owner from oracle.monitor_members order by number`);
  return found.map(({ owner }) => owner);
}

/** Gives each of `owners` a number that has none, in their order. */
export async function numberMembers(tx: Executor, owners: readonly string[]): Promise<Map<string, number>> {
  const known = new Map((await membersByNumber(tx)).map((owner, number) => [owner as string, number]));
  const fresh = [...new Set(owners)].filter((owner) => !known.has(owner));
  if (fresh.length > 0) {
    const first = known.size;
    await sql`insert into oracle.monitor_members (owner, number)
      select * from unnest(${fresh}::text[], ${fresh.map((_, index) => first + index)}::int[])`.execute(tx);
    for (const [index, owner] of fresh.entries()) known.set(owner, first + index);
  }
  return known;
}
