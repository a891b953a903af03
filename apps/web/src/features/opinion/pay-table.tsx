import { t } from "@lingui/core/macro";
import { never } from "@sooth/kernel";
import type { Opinion, OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { CrossIcon } from "../../components/icons.tsx";
import { formatAmount } from "../../format/amount.ts";
import { formatCount } from "../../format/signs.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { cameTo, PARTS, type PayLine, payLines, sumOf } from "./pay-lines.ts";

const PART_DIGITS = String(PARTS).length - 1;

/** How one opinion came to what it was paid, line by line, worked out in this page. */
export function PayTable({ market, opinion }: { market: OpinionMarket; opinion: Opinion }) {
  const { collateral } = useNetwork();
  const { decimals, symbol } = collateral;
  const lines = payLines(market, opinion);
  const sum = sumOf(lines);
  const more = sum - BigInt(opinion.amount);
  const told = cameTo(opinion);
  return (
    <div className="mt-2 grid gap-2">
      <table className="w-full max-w-[36rem] text-sm">
        <caption className="sr-only">{t`What it came to, line by line`}</caption>
        <tbody>
          {lines.map((line) => (
            <tr key={keyOf(line)} className="border-b border-rule align-top">
              <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                {nameOf(line)}
                <Weighed line={line} decimals={decimals} symbol={symbol} />
              </th>
              <td className="py-1.5 text-right">
                <Amount value={line.parts} decimals={decimals + PART_DIGITS} symbol={symbol} />
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row" className="py-1.5 pr-4 text-left font-semibold">
              {t`Together`}
            </th>
            <td className="py-1.5 text-right font-semibold">
              = <Amount value={sum} decimals={decimals} symbol={symbol} />
            </td>
          </tr>
          <tr className="text-ink-2">
            <th scope="row" className="pr-4 text-left font-normal">
              {more < 0n ? t`Less than was staked` : t`More than was staked`}
            </th>
            <td className="text-right">
              <Amount value={more < 0n ? -more : more} decimals={decimals} symbol={symbol} />
            </td>
          </tr>
        </tbody>
      </table>
      {sum !== told && (
        <p role="alert" className="flex items-center gap-1.5 text-sm font-semibold text-bad">
          <CrossIcon className="text-lg" />
          {t`The server tells another sum: ${formatAmount(told, decimals)}`}
        </p>
      )}
    </div>
  );
}

const keyOf = (line: PayLine): string =>
  `${line.kind} ${line.kind === "prize" ? line.prize : line.kind === "rounding" ? line.of : ""}`;

function nameOf(line: PayLine): string {
  switch (line.kind) {
    case "share":
      return t`Its part of what is shared by closeness`;
    case "undrawn":
      return t`Its part of the prizes that were never drawn`;
    case "rounding":
      return t`Rounded down to the smallest unit`;
    case "prize":
      return t`Prize ${line.prize + 1}, drawn`;
    case "refund":
      return t`The stake, back: the market is void`;
    case "untold":
      return t`Nobody told its stance in time: the stake went to the others`;
    default:
      return never(line);
  }
}

function Weighed({ line, decimals, symbol }: { line: PayLine; decimals: number; symbol: string }) {
  if (line.kind !== "share" && line.kind !== "undrawn") return null;
  const pot = `${formatAmount(line.pot, decimals)} ${symbol}`;
  return (
    <span className="num block text-ink-2 break-words">
      {t`${pot} times its weight ${formatCount(line.weight)} of ${formatCount(line.weightOfAll)}`}
    </span>
  );
}
