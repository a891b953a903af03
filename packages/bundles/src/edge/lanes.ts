import { escrowAbi } from "@sooth/abi";
import { type Chain, unlessAway } from "@sooth/chain";
import { gauge } from "@sooth/runtime";
import { type Executor, rows, sql } from "@sooth/store";
import type { Address } from "@sooth/kernel";
import { BundlesError, type Leg, type Place, type WireLanes } from "../core/index.ts";
import { chainsOf, type Deps } from "./deps.ts";

type LaneDeps = Pick<Deps, "store" | "hub" | "rollups" | "addresses">;

/** An escrow's chain, another one on which its bundles have legs, and a token: so much of it may enter within an hour. */
export type Lane = { chainId: number; other: number; token: Address; perHour: bigint };
/** What a lane takes now, by its chain. */
export type LaneNow = Lane & { room: bigint; restsUntil: number };

const resting = gauge(
  "bundles_lane_resting",
  "1 while nothing enters an escrow for bundles with legs on another chain, as more came back than was paid",
  ["chain", "other", "token"],
);
const full = gauge("bundles_lane_filled", "Part of an hour's limit of a lane that is used up, 0 to 1", [
  "chain",
  "other",
  "token",
]);
export const LANE_RESTING = resting.metric;

/** Lanes that are bounded, as escrows' logs say. By themselves none is. */
export const boundedLanes = (db: Executor): Promise<Lane[]> =>
  rows(
    db,
    sql`select chain_id as "chainId", other_id as other, token, per_hour as "perHour"
      from bundles.lanes where per_hour > 0 order by chain_id, other_id, token`,
  );

/** @throws chain.rpc_unreachable */
async function laneNow({ client }: Chain, escrow: Address, lane: Lane): Promise<LaneNow> {
  const at = { address: escrow, abi: escrowAbi, args: [BigInt(lane.other), lane.token] } as const;
  const [room, restsUntil] = await Promise.all([
    client.readContract({ ...at, functionName: "roomAcross" }),
    client.readContract({ ...at, functionName: "laneRestsUntil" }),
  ]);
  return { ...lane, room, restsUntil };
}

/** The lanes that held legs are on, and the places of those legs. Each counts on the lane of every other chain of its bundle. */
export function lanesOfLegs(
  lanes: readonly Lane[],
  legs: readonly Leg[],
): { lane: Lane; places: Place[]; amount: bigint }[] {
  return lanes.flatMap((lane) => {
    if (!legs.some(({ chainId }) => chainId === lane.other)) return [];
    const own = [...legs.entries()].filter(
      ([, { kind, chainId, target }]) =>
        kind === "escrow" && chainId === lane.chainId && target.toLowerCase() === lane.token,
    );
    if (own.length === 0) return [];
    const amount = own.reduce((sum, [, { value }]) => sum + value, 0n);
    return [{ lane, places: own.map(([place]) => place), amount }];
  });
}

/** What the lanes of these legs take now; those whose chain does not answer are left out. */
export async function lanesNow(
  deps: LaneDeps,
  legs: readonly Leg[],
): Promise<{ now: LaneNow; places: Place[]; amount: bigint }[]> {
  const lanes = await boundedLanes(deps.store.db);
  if (lanes.length === 0) return [];
  const chains = new Map(chainsOf(deps).map((chain) => [chain.definition.id, chain]));
  const found = await Promise.all(
    lanesOfLegs(lanes, legs).map(async ({ lane, ...of }) => {
      const chain = chains.get(lane.chainId);
      const now = chain && (await unlessAway(() => laneNow(chain, deps.addresses.escrow, lane)));
      return now ? [{ ...of, now }] : [];
    }),
  );
  return found.flat();
}

/** Every bounded lane, and what it takes now. */
export async function readLanes(deps: LaneDeps): Promise<WireLanes> {
  const chains = new Map(chainsOf(deps).map((chain) => [chain.definition.id, chain]));
  const lanes = await Promise.all(
    (await boundedLanes(deps.store.db)).map(async (lane) => {
      const chain = chains.get(lane.chainId);
      const now = chain && (await unlessAway(() => laneNow(chain, deps.addresses.escrow, lane)));
      return {
        ...lane,
        perHour: String(lane.perHour),
        now: now ? { room: String(now.room), restsUntil: now.restsUntil > 0 ? now.restsUntil : null } : null,
      };
    }),
  );
  return { lanes };
}

/** Refuses what an escrow would not let in now. @throws bundles.lane_rests, bundles.lane_full */
export async function checkLanes(deps: LaneDeps, legs: readonly Leg[]): Promise<void> {
  for (const { now, places, amount } of await lanesNow(deps, legs)) {
    const { chainId, other, room, restsUntil } = now;
    const of = { leg: places[0] ?? 0, chain: chainId, other };
    if (restsUntil > 0) throw BundlesError.lane_rests({ ...of, until: restsUntil });
    if (amount > room) throw BundlesError.lane_full({ ...of, room, wanted: amount });
  }
}

/** Tells of every bounded lane how full it is. */
export async function tellLanes(deps: LaneDeps): Promise<void> {
  const chains = new Map(chainsOf(deps).map((chain) => [chain.definition.id, chain]));
  await Promise.all(
    (await boundedLanes(deps.store.db)).map(async (lane) => {
      const chain = chains.get(lane.chainId);
      const now = chain && (await unlessAway(() => laneNow(chain, deps.addresses.escrow, lane)));
      if (!chain || !now) return;
      const other = chains.get(lane.other)?.definition.name ?? String(lane.other);
      const labels = { chain: chain.definition.name, other, token: lane.token };
      resting.set(labels, now.restsUntil > 0 ? 1 : 0);
      // A floor may be above the limit that was set.
      const left = now.room < lane.perHour ? now.room : lane.perHour;
      full.set(labels, 1 - Number(left) / Number(lane.perHour));
    }),
  );
}
