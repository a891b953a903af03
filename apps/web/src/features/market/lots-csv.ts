import type * as Api from "@sooth/client";
import { plainAmount } from "../../format/amount.ts";
import { csvOf } from "../../format/csv.ts";
import { type HeldOpinion, moment } from "./portfolio-csv.ts";

/** One stake in a pool. */
export type Lot = Api.ListStakeLotsOutput["items"][number];
/** What a market paid to its creator. */
export type CreatorFee = Api.ListCreatorFeesOutput["items"][number];

const HEAD = ["kind", "market", "title", "said", "state", "staked at", "transaction", "ended at"];
const MONEY = ["amount", "proceeds", "gain"];

/**
 * Every stake as a line of its own, pools and opinions, in the order in which they were made: what was put in, when, and what came
 * of it. Of what is still open nothing came yet. Fees of markets that the wallet created are lines too, for which nothing was put in.
 */
export function lotsCsv(
  lots: readonly Lot[],
  opinions: readonly HeldOpinion[],
  fees: readonly CreatorFee[],
  { decimals, symbol }: { decimals: number; symbol: string },
): string {
  const money = (value: string | null) => (value === null ? "" : plainAmount(BigInt(value), decimals));
  const lines = [
    ...lots.map((lot) => ({
      at: lot.at,
      cells: [
        "pool",
        lot.market,
        lot.title,
        lot.label,
        lot.state,
        moment(lot.at),
        lot.transaction,
        lot.endedAt === null ? "" : moment(lot.endedAt),
        ...[lot.amount, lot.proceeds, lot.gain].map(money),
      ],
    })),
    ...opinions.map(({ on, stance, at, transaction, amount, due, paid, won }) => {
      const proceeds = cameTo(on.status, due, paid, won);
      const gain = proceeds === null ? null : String(BigInt(proceeds) - BigInt(amount));
      const said = stance === null ? "hidden" : String(stance);
      return {
        at,
        cells: [
          "opinion",
          on.id,
          on.statement,
          said,
          on.status,
          moment(at),
          transaction,
          on.finalAt === null ? "" : moment(on.finalAt),
          ...[amount, proceeds, gain].map(money),
        ],
      };
    }),
    ...fees.map(({ kind, market, title, at, transaction, amount }) => ({
      at,
      cells: [
        `creator's fee, ${kind}`,
        market,
        title,
        "",
        "paid",
        moment(at),
        transaction,
        moment(at),
        ...["0", amount, amount].map(money),
      ],
    })),
  ].toSorted((a, b) => a.at - b.at);
  const head = [...HEAD, ...MONEY.map((name) => `${name} ${symbol}`)];
  return csvOf([head, ...lines.map(({ cells }) => cells)]);
}

/** Null before a market of opinions has ended: nothing is fixed by then. */
function cameTo(status: HeldOpinion["on"]["status"], ...parts: readonly string[]): string | null {
  if (status !== "settled" && status !== "void") return null;
  return String(parts.reduce((all, one) => all + BigInt(one), 0n));
}
