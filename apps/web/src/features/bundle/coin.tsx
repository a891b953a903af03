import { t } from "@lingui/core/macro";
import { amountParts, formatAmount } from "../../format/amount.ts";
import { signs } from "../../format/signs.ts";
import { useChain } from "./use-chains.ts";

const DECIMALS = 18;
/** Digits that are read, behind the zeros of a small amount. */
const READ = 4;

/** 0.000982738708525037 → `0.0009827`, rounded down; whole coins keep two digits behind the point. */
export function shortCoin(wei: bigint): string {
  const { whole, cents, rest } = amountParts(wei, DECIMALS);
  const fraction = `${cents}${rest}`;
  const zeros = /^0*/.exec(fraction)?.[0].length ?? 0;
  const shown = whole === "0" ? fraction.slice(0, zeros + READ) : fraction.slice(0, READ);
  return `${whole}${signs().decimal}${shown.padEnd(2, "0")}`;
}

/** Every digit, with the name of the coin of that chain; the hub's where none is named. */
export function useCoinWords(): (wei: string | bigint, chainId?: number) => string {
  const chain = useChain();
  return (wei, chainId) => `${formatAmount(BigInt(wei), DECIMALS)} ${chain(chainId)?.coin ?? t`of its coin`}`;
}

/** Wei of a chain's coin as people read them, the hub's where none is named; the title has every digit. */
export function Coin({ wei, chainId }: { wei: string | bigint; chainId?: number | undefined }) {
  const words = useCoinWords();
  const chain = useChain();
  return (
    <span className="num whitespace-nowrap" title={words(wei, chainId)}>
      {shortCoin(BigInt(wei))}
      <span className="text-[0.85em] font-normal"> {chain(chainId)?.coin ?? t`of its coin`}</span>
    </span>
  );
}
