import { formatAmount } from "../../format/amount.ts";

const DECIMALS = 18;
/** Digits that are read, behind the zeros of a small amount. */
const READ = 4;

/** 0.000982738708525037 → `0.0009827`, rounded down; whole coins keep two digits behind the point. */
export function shortCoin(wei: bigint): string {
  const [whole = "0", fraction = ""] = formatAmount(wei, DECIMALS).split(".");
  const zeros = /^0*/.exec(fraction)?.[0].length ?? 0;
  const shown = whole === "0" ? fraction.slice(0, zeros + READ) : fraction.slice(0, READ);
  return `${whole}.${shown.padEnd(2, "0")}`;
}

/** Wei of a chain's coin as people read them; the title has every digit. */
export function Coin({ wei }: { wei: string | bigint }) {
  const value = BigInt(wei);
  return (
    <span className="num whitespace-nowrap" title={`${formatAmount(value, DECIMALS)} ETH`}>
      {shortCoin(value)}
      <span className="text-[0.85em] font-normal"> ETH</span>
    </span>
  );
}
