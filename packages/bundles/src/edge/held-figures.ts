import { collateralToken } from "@sooth/chain";
import { gauge } from "@sooth/runtime";
import { type Executor, rows, sql } from "@sooth/store";
import { chainsOf, type Deps } from "./deps.ts";

const heldLegs = gauge("bundles_held_legs", "Legs of bundles that an escrow holds", ["chain"]);
const heldValue = gauge(
  "bundles_held_value",
  "Collateral that an escrow holds for legs, whole units; other tokens, which anybody may name, are left out",
  ["chain"],
);

type Held = { chainId: number; legs: number; value: bigint };

/** What escrows hold by their logs; of legs that nobody showed, and of other tokens, no value is known. */
const heldIn = (db: Executor, collateral: string): Promise<Held[]> =>
  rows(
    db,
    sql`select h.chain_id as "chainId", count(*)::int as legs,
        coalesce(sum((shown.leg ->> 'value')::numeric) filter (where lower(shown.leg ->> 'target') = ${collateral}), 0) as value
      from bundles.held h left join bundles.bundles b on b.id = h.bundle left join bundles.payloads p on p.bundle = h.bundle
      cross join lateral (select coalesce(b.payloads, p.legs) -> h.place as leg) shown
      where h.state = 'held' group by h.chain_id`,
  );

/** Tells what the escrows of all chains hold. @throws chain.rpc_unreachable */
export async function tellHeld(deps: Deps): Promise<void> {
  const [{ decimals }, found] = await Promise.all([
    collateralToken(deps.hub, deps.addresses),
    heldIn(deps.store.db, deps.addresses.collateral.toLowerCase()),
  ]);
  for (const { definition } of chainsOf(deps)) {
    const held = found.find(({ chainId }) => chainId === definition.id);
    heldLegs.set({ chain: definition.name }, held?.legs ?? 0);
    heldValue.set({ chain: definition.name }, Number(held?.value ?? 0n) / 10 ** decimals);
  }
}
