import { type Address, type Amount, at, need } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  marketStatusAt,
  payOut,
  resultFor,
  sum,
  type wirePortfolio,
  type wirePosition,
} from "../core/index.ts";
import { type StoredMarket, marketsByIds } from "./market-rows.ts";
import { viewMarkets, type WireMarket } from "./market-view.ts";

type Row = { market: string; outcome: number; staked: Amount; paid: Amount | null };
type WirePosition = z.infer<typeof wirePosition>;

/** Positions shown. Sums count all of them. */
const MOST_SHOWN = 500;

/** Everything that one address has in markets, newest market first, with its money on chain. */
export async function portfolioOf(
  db: Executor,
  owner: Address,
  money: { collateral: bigint; credit: bigint },
  now: number,
): Promise<z.infer<typeof wirePortfolio>> {
  const held = await rows<Row>(
    db,
    sql`select market, outcome, staked, paid from markets.positions where owner = ${owner.toLowerCase()}`,
  );
  const markets = await marketsByIds(db, [...new Set(held.map(({ market }) => market))]);
  const valued = held
    .map((row) => valueOf(row, need(markets.get(row.market), `market ${row.market}`), now))
    .toSorted(
      (a, b) =>
        b.market.openedBlock - a.market.openedBlock ||
        b.market.openedLog - a.market.openedLog ||
        a.row.outcome - b.row.outcome,
    );
  const shown = valued.slice(0, MOST_SHOWN);
  const views = new Map(
    (await viewMarkets(db, [...new Set(shown.map(({ market }) => market))], now)).map((view) => [
      view.id,
      view,
    ]),
  );
  return {
    address: owner.toLowerCase(),
    collateral: String(money.collateral),
    credit: String(money.credit),
    // What is at work now: paid positions are not.
    staked: String(sum(valued.filter(({ state }) => state === "open").map(({ row }) => row.staked))),
    claimable: String(sum(valued.map(({ claimable }) => claimable))),
    paidIn: String(sum(held.map(({ staked }) => staked))),
    paidOut: String(sum(held.map(({ paid }) => paid ?? (0n as Amount)))),
    positions: shown.map((position) =>
      toWirePosition(position, need(views.get(position.market.id), `view of ${position.market.id}`)),
    ),
  };
}

type Valued = {
  row: Row;
  market: StoredMarket;
  state: WirePosition["state"];
  claimable: Amount;
  wouldPay: Amount;
};

/** What a position is worth at `now`. Exported for the claims of one market. */
export function valueOf(row: Row, market: StoredMarket, now: number): Valued {
  const { pools, terms, ending } = market;
  const nothing = 0n as Amount;
  const status = marketStatusAt(terms.closesAt, ending, now);
  const ended = status === "settled" || status === "void";
  const due = ended ? payOut(row, pools, ending.result, terms.feeBps) : nothing;
  const claimable = row.paid === null ? due : nothing;
  const state =
    row.paid !== null
      ? "claimed"
      : !ended
        ? "open"
        : due === 0n
          ? "lost"
          : status === "void"
            ? "refund"
            : "won";
  const wouldPay = ended ? due : payOut(row, pools, resultFor(pools, row.outcome), terms.feeBps);
  return { row, market, state, claimable, wouldPay };
}

const toWirePosition = (
  { row, market, state, claimable, wouldPay }: Valued,
  view: WireMarket,
): WirePosition => ({
  market: view,
  outcome: row.outcome,
  label: at(market.labels, row.outcome),
  staked: String(row.staked),
  claimable: String(claimable),
  claimed: String(row.paid ?? 0n),
  wouldPay: String(wouldPay),
  state,
});

/** The outcomes on which `owner` can claim from this market now. */
export async function claimableOutcomes(
  db: Executor,
  market: StoredMarket,
  owner: Address,
  now: number,
): Promise<number[]> {
  const held = await rows<Row>(
    db,
    sql`select market, outcome, staked, paid from markets.positions
      where owner = ${owner.toLowerCase()} and market = ${market.id} order by outcome`,
  );
  return held.filter((row) => valueOf(row, market, now).claimable > 0n).map(({ outcome }) => outcome);
}
