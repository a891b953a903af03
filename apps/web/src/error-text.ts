import { i18n } from "@lingui/core";
import type { ErrorRow } from "@sooth/kernel";
import { CommentsError, MarketsError, OpinionsError } from "@sooth/markets/core";
import { CourtError, DisputeError, OracleError, StakeManagerError } from "@sooth/oracle/core";
import { SessionError } from "@sooth/sessions/core";
import { formatAmount } from "./format/amount.ts";
import { shortHex } from "./format/hex.ts";
import { formatAbsolute } from "./format/time.ts";
import { PLAIN, type Sentence } from "./plain-errors.ts";

type Table = { readonly slice: string; readonly rows: object };
type Collateral = { decimals: number; symbol: string };

const tables: Table[] = [
  CommentsError,
  MarketsError,
  OpinionsError,
  OracleError,
  StakeManagerError,
  CourtError,
  DisputeError,
  SessionError,
];
const plainWords: Record<string, Sentence> = { ...PLAIN };

/** Words of errors that only some pages meet come with those pages: whoever reads others does not load them. */
export function bringWords(table: Table, plain: Readonly<Record<string, Sentence>>): void {
  tables.push(table);
  Object.assign(plainWords, plain);
}

const AMOUNTS = new Set([
  "stake",
  "amount",
  "minimum",
  "balance",
  "allowance",
  "credit",
  "wanted",
  "has",
  "most",
  "reward",
]);
/** Legs are counted from one on the pages. */
const PLACES = new Set(["leg", "place", "from"]);
const MOMENTS = new Set([
  "unbondsAt",
  "until",
  "endsAt",
  "closesAt",
  "expiresAt",
  "opensAt",
  "deadline",
  "latest",
  "finalizeAt",
  "notBefore",
  "earliest",
]);

/**
 * What is said of an error to people, else the sentence of its row, with its values as people read them: amounts in whole collateral, moments as dates,
 * ids shortened. Undefined when `code` is in neither or its values are not there.
 */
export function sentenceFor(code: string, data: unknown, collateral: Collateral): string | undefined {
  const [slice, name] = code.split(".");
  const table = tables.find((candidate) => candidate.slice === slice);
  const row = (table?.rows as Record<string, ErrorRow<never>> | undefined)?.[name ?? ""];
  const plain = plainWords[code];
  if ((!row && plain === undefined) || typeof data !== "object" || data === null) return undefined;
  const values = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      slice === "bundles" ? ofBundle(key, value) : readable(key, value, collateral),
    ]),
  );
  if (plain !== undefined) return typeof plain === "function" ? plain(values) : i18n._(plain);
  return row && sentence(row.text(values as never));
}

/** What bundles count is gas, bytes and wei, never collateral. */
function ofBundle(key: string, value: unknown): unknown {
  if (PLACES.has(key) && typeof value === "number") return value + 1;
  return AMOUNTS.has(key) ? value : readable(key, value, NO_COLLATERAL);
}
const NO_COLLATERAL: Collateral = { decimals: 0, symbol: "" };

function readable(key: string, value: unknown, { decimals, symbol }: Collateral): unknown {
  if (AMOUNTS.has(key) && /^\d+$/.test(String(value)))
    return `${formatAmount(BigInt(value as string), decimals)} ${symbol}`;
  if (MOMENTS.has(key) && /^\d+$/.test(String(value))) return formatAbsolute(Number(value));
  return typeof value === "string" && /^0x[0-9a-fA-F]{40,}$/.test(value) ? shortHex(value) : value;
}

/** Rows start small, because other programs put them into their own sentences. */
export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
