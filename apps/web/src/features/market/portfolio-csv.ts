import type { Portfolio } from "../../api.ts";
import { amountParts } from "../../format/amount.ts";

type Collateral = { decimals: number; symbol: string };

/** A cell as RFC 4180 writes it. A text that a spreadsheet would take for a formula is made harmless with an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `1234.5`, exact and without marks between thousands: programs read it. */
function plain(value: string, decimals: number): string {
  const { negative, whole, cents, rest } = amountParts(BigInt(value), decimals);
  const fraction = `${cents}${rest}`.replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole.replaceAll(",", "")}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Every position as a line, for a spreadsheet. Amounts in whole collateral. */
export function portfolioCsv({ positions }: Portfolio, { decimals, symbol }: Collateral): string {
  const head = [
    "market",
    "title",
    "outcome",
    "state",
    `staked ${symbol}`,
    `claimable ${symbol}`,
    `claimed ${symbol}`,
    `would pay ${symbol}`,
  ];
  const lines = positions.map((position) => [
    position.market.id,
    position.market.title,
    position.label,
    position.state,
    plain(position.staked, decimals),
    plain(position.claimable, decimals),
    plain(position.claimed, decimals),
    plain(position.wouldPay, decimals),
  ]);
  return [head, ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}
