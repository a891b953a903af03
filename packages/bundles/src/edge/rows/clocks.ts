import { type Chain, followedHead } from "@sooth/chain";
import { type Executor, rows, sql } from "@sooth/store";

/** A chain as its rows show it: its clock is that of the last block they are of. */
export type Clock = {
  chainId: number;
  now: number;
  /** Until when a pause holds, unix seconds, in each contract that can be paused. */
  pausedUntil: Readonly<Partial<Record<"hub" | "settler" | "escrow", number>>>;
  /** Whether its escrow wants to see a bundle's other legs, since a lane is bounded there; left out: it does not. */
  lanes?: boolean;
  /** Whether a node of it answers now. */
  reachable: boolean;
};
export type Clocks = ReadonlyMap<number, Clock>;

/** Chains of which no block has been followed yet are left out. */
export async function readClocks(db: Executor, chains: readonly Chain[]): Promise<Clocks> {
  const pauses = await rows<{ chainId: number; contract: "hub" | "settler" | "escrow"; until: number }>(
    db,
    sql`select chain_id as "chainId", contract, until from bundles.pauses`,
  );
  const laned = await rows<{ chainId: number }>(
    db,
    sql`select distinct chain_id as "chainId" from bundles.lanes where per_hour > 0`,
  );
  const found = await Promise.all(
    chains.map(async (chain): Promise<Clock[]> => {
      const chainId = chain.definition.id;
      const head = await followedHead(db, chainId);
      if (!head) return [];
      const own = pauses.filter((one) => one.chainId === chainId);
      return [
        {
          chainId,
          now: head.timestamp,
          pausedUntil: Object.fromEntries(own.map(({ contract, until }) => [contract, until])),
          lanes: laned.some((one) => one.chainId === chainId),
          reachable: chain.status().rpcs.some(({ state }) => state === "usable" || state === "unknown"),
        },
      ];
    }),
  );
  return new Map(found.flat().map((clock) => [clock.chainId, clock]));
}

/** A pause ends with the second that it names. */
export const isPaused = ({ now, pausedUntil }: Clock, contract: "hub" | "settler" | "escrow"): boolean =>
  (pausedUntil[contract] ?? 0) > now;
