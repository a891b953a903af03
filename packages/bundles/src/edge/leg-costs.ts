import type { Chain } from "@sooth/chain";
import { type Executor, rows, sql } from "@sooth/store";
import type { Hex } from "@sooth/kernel";
import type { StoredBundle } from "./rows/load-bundles.ts";

/** Gas of the transaction that a leg came in, shared equally among the legs in it, and what that cost in wei of its chain. */
export type LegCost = { gasUsed: bigint; cost: bigint };

const MOST_KEPT = 10_000;
const kept = new Map<string, Promise<{ gasUsed: bigint; price: bigint } | null>>();

/** By place. Of transactions whose chain does not answer nothing is told. */
export async function legCosts(
  db: Executor,
  chains: readonly Chain[],
  { shown }: StoredBundle,
): Promise<ReadonlyMap<number, LegCost>> {
  const seen = shown.flatMap(({ chainId, transaction }, place) =>
    chainId === null || transaction === null ? [] : [{ place, chainId, transaction }],
  );
  if (seen.length === 0) return new Map();
  const counts = await rows<{ chainId: number; tx: Hex; legs: number }>(
    db,
    sql`select chain_id as "chainId", tx, count(*)::int as legs from
      (select chain_id, tx, ordinal::text as leg from bundles.receipts where tx = any(${seen.map((one) => one.transaction)}::text[])
       union select chain_id, prepared_tx, bundle || place from bundles.held
         where prepared_tx = any(${seen.map((one) => one.transaction)}::text[])) legs
      group by chain_id, tx`,
  );
  const found = await Promise.all(
    seen.map(async ({ place, chainId, transaction }): Promise<[number, LegCost][]> => {
      const chain = chains.find(({ definition }) => definition.id === chainId);
      const spent = chain && (await spentIn(chain, transaction));
      const legs = counts.find((one) => one.chainId === chainId && one.tx === transaction)?.legs ?? 1;
      if (!spent) return [];
      const gasUsed = spent.gasUsed / BigInt(legs);
      return [[place, { gasUsed, cost: gasUsed * spent.price }]];
    }),
  );
  return new Map(found.flat());
}

function spentIn(chain: Chain, hash: Hex): Promise<{ gasUsed: bigint; price: bigint } | null> {
  const key = `${chain.definition.id} ${hash}`;
  const known = kept.get(key);
  if (known) return known;
  const oldest = kept.keys().next().value;
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  const asked = ask(chain, hash);
  kept.set(key, asked);
  // A reorg may bring it again with other gas, and a node that was away comes back: what was not told is asked anew.
  void asked.then((spent) => spent === null && kept.delete(key));
  return asked;
}

async function ask(chain: Chain, hash: Hex): Promise<{ gasUsed: bigint; price: bigint } | null> {
  try {
    const { gasUsed, effectiveGasPrice } = await chain.client.getTransactionReceipt({ hash });
    return { gasUsed, price: effectiveGasPrice };
  } catch {
    return null; // shown without its cost
  }
}
