import { type BlockRef, collateralToken } from "@sooth/chain";
import { alert, gauge } from "@sooth/runtime";
import type { Deps } from "./deps.ts";
import { solvency } from "./solvency.ts";

const money = gauge(
  "markets_money",
  "Collateral that each of the markets' contracts holds, and that it may still have to pay, whole units",
  ["contract", "what"],
);
const missing = gauge(
  "markets_money_missing",
  "Collateral that a contract of the markets holds less than it may still have to pay, whole units",
  ["contract"],
);

alert({
  id: "markets.money_missing",
  severity: "page",
  forSeconds: 60,
  when: `${missing.metric} > 0`,
  runbook: "docs/runbooks/markets.md#money-is-missing",
});

/** Chain time between two looks: nobody scrapes more often. */
const EVERY = 15;
const lastTold = new WeakMap<object, number>();

/** What is owed and what is there, counted as the solvency page shows it. A contract whose past is still read is not counted. */
export async function tellMoney(
  { store, hub, addresses }: Pick<Deps, "store" | "hub" | "addresses">,
  { timestamp: now }: Pick<BlockRef, "timestamp">,
): Promise<void> {
  const before = lastTold.get(store);
  // A reorg may take the clock back.
  if (before !== undefined && Math.abs(now - before) < EVERY) return;
  const [found, { decimals }] = await Promise.all([
    solvency({ store, hub, addresses }),
    collateralToken(hub, addresses),
  ]);
  lastTold.set(store, now);
  const whole = (amount: bigint) => Number(amount) / 10 ** decimals;
  for (const { name: contract, held, owed } of found?.contracts ?? []) {
    money.set({ contract, what: "held" }, whole(held));
    money.set({ contract, what: "owed" }, whole(owed));
    missing.set({ contract }, held < owed ? whole(owed - held) : 0);
  }
}
