import { at, need } from "@sooth/kernel";
import { columns } from "../bench/table.ts";
import { money } from "./cast.ts";
import type { DemoResult } from "./run-demo.ts";

/** A table of the markets and the verdict, for people. */
export function reportText({ opened, audit, kills, seconds }: DemoResult): string {
  const rows = opened.map(({ key, market, planned }) => {
    const proven = need(
      audit.recomputed.markets.find((one) => one.market === market),
      `market ${key} in the logs`,
    );
    const own = audit.recomputed.rows.filter((row) => row.market === market);
    const paid = own.reduce((sum, row) => sum + (row.paid ?? 0n), 0n);
    const ended =
      proven.result?.kind === "won"
        ? `"${at(planned.outcomes, proven.result.winner)}" won`
        : "void, refunded";
    const pool = proven.pools.reduce((sum, one) => sum + one, 0n);
    return [key, ended, String(own.length), money(pool), money(paid), money(proven.fee), money(proven.dust)];
  });
  const { rows: positions, findings } = audit.recomputed;
  const verdict =
    audit.differences.length === 0
      ? [`RECONCILED: ${positions.length} positions, every pay-out right to the unit.`]
      : [`${audit.differences.length} DIFFERENCES:`, ...audit.differences.map((text) => `  ${text}`)];
  return [
    "",
    columns([["market", "ended", "positions", "pool", "paid", "fee", "dust"], ...rows], [2, 3, 4, 5, 6]),
    "",
    `${audit.logs} logs read, ${audit.signatures} answers and reopenings checked by their signatures, ${findings.length} logs wrong`,
    ...(kills > 0 ? [`the server was killed with -9 ${kills} times`] : []),
    ...verdict,
    `${seconds.toFixed(1)} s`,
  ].join("\n");
}

/** The same for machines. Amounts are decimal strings in the collateral's smallest unit. */
export function reportJson({ days, opened, audit, kills, seconds }: DemoResult): unknown {
  const keyOf = (market: string): string => opened.find((one) => one.market === market)?.key ?? market;
  return {
    reconciled: audit.differences.length === 0,
    differences: audit.differences,
    days,
    markets: audit.recomputed.markets.map(({ market, question, pools, result, fee, dust }) => ({
      key: keyOf(market),
      market,
      question,
      result:
        result?.kind === "won" ? { kind: "won", winner: result.winner } : { kind: result?.kind ?? "open" },
      pools: pools.map(String),
      fee: String(fee),
      dust: String(dust),
    })),
    positions: audit.recomputed.rows.map(({ market, owner, outcome, staked }) => ({
      market: keyOf(market),
      owner,
      outcome,
      staked: String(staked),
    })),
    payouts: audit.recomputed.rows
      .filter(({ paid }) => paid !== null)
      .map(({ market, owner, outcome, due, paid }) => ({
        market: keyOf(market),
        owner,
        outcome,
        due: String(due),
        paid: String(paid),
      })),
    logs: audit.logs,
    kills,
    durationSeconds: Number(seconds.toFixed(2)),
  };
}
