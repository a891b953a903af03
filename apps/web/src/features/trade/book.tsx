import { t } from "@lingui/core/macro";
import type { OutcomeSide } from "@sooth/markets/core";
import type { OrderBook, Trade } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { formatAmount } from "../../format/amount.ts";
import { formatAbsolute } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";
import type { SideNames } from "./side-names.ts";

const MOST_LEVELS = 6;
const MOST_TRADES = 5;
export const priceText = (millionths: number): string => formatAmount(BigInt(millionths), 6);

/** What is offered and wanted, by the price of yes; a press takes the price into the form. */
export function Book({
  book,
  trades,
  names,
  onTake,
}: {
  book: OrderBook;
  trades: readonly Trade[];
  names: SideNames;
  onTake: ((price: number, side: OutcomeSide) => void) | undefined;
}) {
  const asks = (book.levels?.asks ?? []).slice(0, MOST_LEVELS).toReversed();
  const bids = (book.levels?.bids ?? []).slice(0, MOST_LEVELS);
  return (
    <div className={`grid content-start gap-4 ${onTake ? "min-h-72" : ""}`}>
      <table className="w-full text-[0.9375rem]">
        <caption className="mb-2 text-left text-sm font-semibold">{t`Offers, by the price of “${names.yes}”`}</caption>
        <thead className="text-left text-sm text-ink-3">
          <tr>
            <th scope="col" className="py-1 font-normal">{t`Side`}</th>
            <th scope="col" className="py-1 text-right font-normal">{t`Price`}</th>
            <th scope="col" className="py-1 text-right font-normal">{t`Tokens`}</th>
          </tr>
        </thead>
        <tbody>
          {asks.map((level) => (
            <Level
              key={level.price}
              level={level}
              what={t`offered`}
              onTake={onTake && (() => onTake(level.price, "buyYes"))}
            />
          ))}
          {bids.map((level) => (
            <Level
              key={level.price}
              level={level}
              what={t`wanted`}
              onTake={onTake && (() => onTake(level.price, "sellYes"))}
            />
          ))}
        </tbody>
      </table>
      {asks.length + bids.length === 0 && (
        <p className="text-sm text-ink-2">{t`Nobody offers anything now.`}</p>
      )}
      {trades.length > 0 && <Trades trades={trades} />}
    </div>
  );
}

function Level({
  level,
  what,
  onTake,
}: {
  level: { price: number; amount: string };
  what: string;
  onTake: (() => void) | undefined;
}) {
  const { collateral } = useNetwork();
  const price = priceText(level.price);
  return (
    <tr className="border-t border-rule">
      <td className="py-1">{what}</td>
      <td className="py-1 text-right">
        {onTake ? (
          <button
            type="button"
            className="num min-h-9 px-2 font-semibold text-accent underline underline-offset-4"
            aria-label={t`Take the price ${price}`}
            onClick={onTake}
          >
            {price}
          </button>
        ) : (
          <span className="num font-semibold">{price}</span>
        )}
      </td>
      <td className="py-1 text-right">
        <Amount value={level.amount} decimals={collateral.decimals} short />
      </td>
    </tr>
  );
}

function Trades({ trades }: { trades: readonly Trade[] }) {
  const { collateral } = useNetwork();
  return (
    <div>
      <h3 className="mb-1 text-sm font-semibold">{t`Last trades`}</h3>
      <ul className="grid gap-1 text-sm text-ink-2" aria-label={t`Last trades`}>
        {trades.slice(0, MOST_TRADES).map(({ id, at, amount, yesPrice }) => (
          <li key={id} className="flex flex-wrap justify-between gap-x-3">
            <span>{formatAbsolute(at)}</span>
            <span className="num">
              {formatAmount(BigInt(amount), collateral.decimals)} × {priceText(yesPrice)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
