import type { WalletRecord } from "../../api.ts";
import type { LinePoint } from "../../charts/line-chart.tsx";
import { formatAmount } from "../../format/amount.ts";

/** Profit over time as the chart wants it, from nothing on: the drawing in floats, what is told to the unit. */
export function profitPoints(
  history: WalletRecord["history"],
  { decimals, symbol }: { decimals: number; symbol: string },
): { points: LinePoint[]; min: number; max: number } {
  const [first] = history;
  const last = history.at(-1);
  if (!first || !last) return { points: [], min: 0, max: 0 };
  const told = history.map(({ at, profit }) => ({
    at,
    value: Number(profit) / 10 ** decimals,
    text: `${formatAmount(BigInt(profit), decimals)} ${symbol}`,
  }));
  const values = told.map(({ value }) => value);
  const before = Math.max(60, Math.round((last.at - first.at) / 20));
  return {
    points: [{ at: first.at - before, value: 0, text: `${formatAmount(0n, decimals)} ${symbol}` }, ...told],
    min: Math.min(0, ...values),
    // Of nothing but losses the line hangs from zero; of nothing at all it lies on it.
    max: Math.max(0, ...values) || (Math.min(0, ...values) < 0 ? 0 : 1),
  };
}
