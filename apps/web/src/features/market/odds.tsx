import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Market } from "../../api.ts";
import { contested, oddsOf } from "../../charts/odds.ts";
import { OddsChart, type Rival } from "../../charts/odds-chart.tsx";
import { Failure } from "../../components/states.tsx";
import { historyQuery, questionDisputesQuery, questionQuery } from "../../queries.ts";
import { notesOf } from "./chart-notes.ts";
import { CompareWith } from "./compare-with.tsx";
import { hasOneLine } from "./rivals.ts";

/** Of the axis, at most so much may lie before there were odds: one part in four. */
const BEFORE_PART = 3;

/** A market's odds over time, with what happened to it, beside another's where that means something. */
export function Odds({ market, now }: { market: Market; now: number }) {
  const [other, setOther] = useState<Market>();
  const { question, terms } = market;
  const wasAnswered = question.status !== "open";
  const history = useQuery(historyQuery(market.id));
  const detail = useQuery({ ...questionQuery(question.id), enabled: wasAnswered });
  const disputes = useQuery({ ...questionDisputesQuery(question.id), enabled: wasAnswered });
  const rival = useRival(other, now);
  // All that is drawn comes at once, so that nothing below moves.
  if (history.isPending || detail.isLoading || disputes.isLoading)
    return <div className="skeleton h-[26rem]" role="status" aria-label={t`Loading`} />;
  if (history.error && !history.data)
    return <Failure error={history.error} retry={() => void history.refetch()} />;
  const all = oddsOf(history.data.items);
  if (all.length === 0) return <p className="text-ink-2">{t`The first stake draws the first point.`}</p>;
  const points = contested(all);
  const [first] = points;
  if (!first)
    return (
      <p className="text-ink-2">{t`One outcome alone has stakes so far. Odds begin with a stake on another.`}</p>
    );
  const notes = notesOf(market, detail.data, disputes.data ?? [], now);
  // A stake may be of a block that is later than the page's clock.
  const staked = Math.max(Math.min(now, terms.closesAt), ...points.map(({ at }) => at));
  const until = Math.max(staked, ...notes.map(({ at }) => at));
  const isSoon = (first.at - market.openedAt) * BEFORE_PART <= until - first.at;
  return (
    <OddsChart
      {...{ market, points, staked, until, notes, rival }}
      from={isSoon ? market.openedAt : first.at}
    >
      {hasOneLine(market) && <CompareWith market={market} other={other} onChange={setOther} />}
    </OddsChart>
  );
}

/** The line of another market; none while it is fetched, or has no odds. */
function useRival(other: Market | undefined, now: number): Rival | undefined {
  const history = useQuery({ ...historyQuery(other?.id ?? ""), enabled: other !== undefined });
  const points = contested(oddsOf(history.data?.items ?? []));
  if (!other || points.length === 0) return undefined;
  return { label: other.title, outcome: 1, points, until: Math.min(now, other.terms.closesAt) };
}
