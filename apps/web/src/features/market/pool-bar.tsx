import type { Market } from "../../api.ts";
import { formatShare } from "../../format/amount.ts";
import { seriesColor } from "../../format/series.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** Outcomes in the order that they are read: Yes before No, everything else as the terms name them. */
export const inReadingOrder = (market: Market): Market["outcomes"] =>
  market.question.schema.kind === "bool" ? market.outcomes.toReversed() : market.outcomes;

/** How the stakes are spread over the outcomes, as one bar. The numbers stand beside it in words. */
export function PoolBar({ market, className = "" }: { market: Market; className?: string }) {
  const { outcomes } = market;
  const total = outcomes.reduce((sum, { shareBps }) => sum + shareBps, 0);
  return (
    <div
      className={`flex h-1.5 gap-px overflow-hidden rounded-full bg-sunken ${className}`}
      aria-hidden="true"
    >
      {total > 0 &&
        inReadingOrder(market).map(({ index, label, shareBps }) => (
          <div
            key={index}
            title={`${sayAnswer(label)} ${formatShare(shareBps)}`}
            className="transition-[flex-grow] duration-500"
            style={{
              flexGrow: shareBps,
              background: seriesColor(market.question.schema.kind, index, outcomes.length),
            }}
          />
        ))}
    </div>
  );
}

/** The outcome that the page speaks of first: the winner, else Yes, else the largest pool. */
export function headline(market: Market): Market["outcomes"][number] | undefined {
  if (market.winner !== null) return market.outcomes[market.winner];
  if (BigInt(market.volume) === 0n) return undefined;
  if (market.question.schema.kind === "bool") return market.outcomes[1];
  return market.outcomes.toSorted((a, b) => b.shareBps - a.shareBps)[0];
}
