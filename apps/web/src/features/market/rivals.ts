import type { Market } from "../../api.ts";
import { likeness } from "../create/likeness.ts";

type Candidate = Pick<Market, "id" | "title" | "openedAt" | "terms" | "outcomes" | "question">;

/** Whether one line says all of a market: then the line of another says something beside it. */
export const hasOneLine = ({ outcomes, question }: Pick<Market, "outcomes" | "question">): boolean =>
  outcomes.length === 2 && question.schema.items === undefined;

/**
 * The markets that one can be compared with: of its kind, on the same two outcomes, and with a time in which both took stakes.
 * What asks most nearly the same comes first, else they stay in their order.
 */
export function rivalsOf<T extends Candidate>(market: Candidate, others: readonly T[], most: number): T[] {
  const labels = market.outcomes.map(({ label }) => label).join();
  return [...new Map(others.map((one) => [one.id, one])).values()]
    .filter(
      (one) =>
        one.id !== market.id &&
        one.question.schema.kind === market.question.schema.kind &&
        one.outcomes.map(({ label }) => label).join() === labels &&
        one.openedAt < market.terms.closesAt &&
        market.openedAt < one.terms.closesAt,
    )
    .map((one) => ({ one, near: likeness(market.title, one.title) }))
    .toSorted((a, b) => b.near - a.near)
    .slice(0, most)
    .map(({ one }) => one);
}
