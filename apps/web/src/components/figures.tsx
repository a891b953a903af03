import { amountParts, formatAmount } from "../format/amount.ts";
import { signs } from "../format/signs.ts";

/** An exact amount. The digits beyond the cents are there, but step back. `short` cuts them off and keeps them in the title. */
export function Amount({
  value,
  decimals,
  symbol,
  short = false,
  className = "",
}: {
  value: bigint | string;
  decimals: number;
  symbol?: string | undefined;
  short?: boolean;
  className?: string;
}) {
  const units = BigInt(value);
  const { negative, whole, cents, rest } = amountParts(units, decimals);
  const exact = `${formatAmount(units, decimals)}${symbol ? ` ${symbol}` : ""}`;
  return (
    <span className={`num whitespace-nowrap ${className}`} title={short && rest !== "" ? exact : undefined}>
      {negative && "−"}
      {whole}
      {cents !== "" && `${signs().decimal}${cents}`}
      {!short && rest !== "" && <span className="text-[0.82em] font-normal">{rest}</span>}
      {symbol && <span className="text-[0.8em] font-normal"> {symbol}</span>}
    </span>
  );
}

/** A name and a figure, for the row of facts at the head of a page. */
export function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="label">{label}</dt>
      <dd className="num mt-0.5 text-base font-semibold">{children}</dd>
    </div>
  );
}
