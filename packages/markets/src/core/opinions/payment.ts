import { type Amount, takeBps } from "@sooth/kernel";
import { netOf, type Shares, shareOf, type Tally } from "../rules/bands.ts";
import type { OpinionEnding } from "./status.ts";

/** An opinion as a claim sees it; `band` is null while it is hidden. */
export type Held = { band: number | null; amount: Amount; paid: boolean; shared: boolean };

/** What a claim is reckoned from, once a market has ended. */
export type Ended = {
  ending: OpinionEnding;
  shares: Shares;
  /** Null where the market is void. */
  tally: Tally | null;
  /** Staked with stances that nobody told: forfeit to those who were told. */
  untold: Amount;
};

/** What a claim pays now. Rounds down, to the unit as `Paying._claim` does it. */
export function dueOf(
  { band, amount, paid, shared }: Held,
  { ending, shares, tally, untold }: Ended,
): Amount {
  const nothing = 0n as Amount;
  if (ending === "none") return nothing;
  if (ending === "void" || tally === null) return paid ? nothing : amount;
  if (band === null) return nothing;
  const net = (netOf(tally.total, shares) + untold) as Amount;
  const own = paid ? nothing : shareOf(net, { band, amount }, shares.rule, tally);
  if (ending === "scored" || shared) return own;
  const prizes = takeBps(tally.total, shares.prizeBps);
  return (own + shareOf(prizes, { band, amount }, shares.rule, tally)) as Amount;
}
