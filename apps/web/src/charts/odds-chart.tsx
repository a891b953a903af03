import { t } from "@lingui/core/macro";
import { at as elementAt } from "@sooth/kernel";
import { useState, type ReactNode } from "react";
import type { Market } from "../api.ts";
import { formatShare } from "../format/amount.ts";
import { seriesColor } from "../format/series.ts";
import { formatAbsolute, formatMoment } from "../format/time.ts";
import { ChartNotes } from "./chart-notes.tsx";
import { FiguresTable } from "./figures-table.tsx";
import { type OddsPoint, pointAt } from "./odds.ts";
import { axisOf, type OddsLine, OddsPlot } from "./odds-plot.tsx";
import { OutcomeChoice } from "./outcome-choice.tsx";
import { RangeChoice } from "./range-choice.tsx";
import { pointsIn, rangesOf } from "./ranges.ts";
import { useWidth } from "./use-width.ts";
import { sayAnswer } from "../languages/answer-words.ts";

const LINES_SHOWN = 6;

/** The same share of another market, to be drawn beside this one's. `until`: as long as its last point holds. */
export type Rival = { label: string; outcome: number; points: readonly OddsPoint[]; until: number };

/**
 * Share of the stakes on each outcome over time, with what happened meanwhile. The slider below moves through the points by
 * keyboard; the table holds the same numbers.
 */
export function OddsChart({
  market,
  points,
  from,
  staked,
  until,
  notes,
  rival,
  children,
}: {
  market: Market;
  points: readonly OddsPoint[];
  from: number;
  /** When stakes ended, or now: odds hold no longer. */
  staked: number;
  until: number;
  notes: readonly { at: number; text: string }[];
  rival: Rival | undefined;
  /** Stands beside the choice of a range. */
  children?: ReactNode;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(640);
  const [picked, setPicked] = useState<number>();
  const [rangeName, setRangeName] = useState(t`All`);
  const [chosen, setChosen] = useState<readonly number[]>();
  const ranges = rangesOf({ from, staked, to: until });
  const range = ranges.find(({ name }) => name === rangeName) ?? ranges[0];
  const shownPoints = pointsIn(points, range);
  const outcomes = linesOf(market, elementAt(points, points.length - 1), chosen);
  const lines: OddsLine[] = outcomes.map(({ index, label }) => ({
    key: String(index),
    label: sayAnswer(label),
    outcome: index,
    points: shownPoints,
    end: Math.min(range.to, Math.max(staked, range.from)),
    color: seriesColor(market.question.schema.kind, index, market.outcomes.length),
    isRival: false,
  }));
  if (rival)
    lines.push({
      ...rival,
      key: "rival",
      points: pointsIn(rival.points, range),
      end: Math.min(range.to, Math.max(rival.until, range.from)),
      color: "var(--ink-2)",
      isRival: true,
    });
  const index = Math.min(picked ?? shownPoints.length - 1, shownPoints.length - 1);
  const shown = elementAt(shownPoints, index);
  const inRange = notes.filter(({ at }) => at >= range.from && at <= range.to);
  const { left, length } = axisOf(width);
  const compared = (at: number) => rivalAt(rival, at);

  return (
    <figure>
      <div className="mb-2 flex min-h-9 flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <RangeChoice
          ranges={ranges}
          value={range.name}
          onChange={(name) => {
            setRangeName(name);
            setPicked(undefined);
          }}
        />
        {children}
      </div>
      <div ref={frame}>
        <OddsPlot
          {...{ width, range, lines }}
          marks={inRange.map(({ at }) => at)}
          picked={picked === undefined ? undefined : shown.at}
          onPick={(at) => setPicked(at === undefined ? undefined : pointAt(shownPoints, at))}
        />
      </div>
      <input
        type="range"
        min={0}
        max={shownPoints.length - 1}
        value={index}
        disabled={shownPoints.length < 2}
        onChange={(event) => setPicked(Number(event.target.value))}
        onBlur={() => setPicked(undefined)}
        aria-label={t`Point in time`}
        aria-valuetext={`${describe(market, shown)}${compared(shown.at)}`}
        className="scrubber block"
        style={{ width: length + 14, marginLeft: left - 7 }}
      />
      <figcaption className="num mt-1 min-h-10 text-sm text-ink-2">
        {describe(market, shown, LINES_SHOWN)}
        {compared(shown.at)}
      </figcaption>
      <ChartNotes notes={inRange} />
      {market.outcomes.length > 2 && (
        <OutcomeChoice
          outcomes={market.outcomes}
          shown={outcomes.map((one) => one.index)}
          most={LINES_SHOWN}
          onChange={setChosen}
        />
      )}
      <FiguresTable
        tall
        caption={t`Odds over time`}
        head={[
          { key: "time", label: t`Time` },
          ...market.outcomes.map(({ index: outcome, label }) => ({ key: outcome, label: sayAnswer(label) })),
          ...(rival ? [{ key: "rival", label: rival.label }] : []),
        ]}
        rows={shownPoints.toReversed().map((point) => ({
          key: point.at,
          name: formatAbsolute(point.at),
          cells: [
            ...market.outcomes.map(({ index: outcome }) => formatShare(point.shares[outcome] ?? 0)),
            ...(rival ? [shareOf(rival, point.at) ?? "–"] : []),
          ],
        }))}
      />
    </figure>
  );
}

/** The outcomes drawn as lines: those that were chosen; else for yes/no one, which says it all, of many the largest few. */
function linesOf(
  market: Market,
  last: OddsPoint,
  chosen: readonly number[] | undefined,
): { index: number; label: string }[] {
  if (market.question.schema.kind === "bool") return market.outcomes.slice(1, 2);
  if (chosen) return market.outcomes.filter(({ index }) => chosen.includes(index));
  return market.outcomes
    .toSorted((a, b) => (last.shares[b.index] ?? 0) - (last.shares[a.index] ?? 0))
    .slice(0, LINES_SHOWN);
}

function describe(market: Market, point: OddsPoint, limit = market.outcomes.length): string {
  const shares = market.outcomes
    .map(({ index, label }) => ({ label, bps: point.shares[index] ?? 0 }))
    .toSorted((a, b) => b.bps - a.bps);
  const told = shares.slice(0, limit).map(({ label, bps }) => `${sayAnswer(label)} ${formatShare(bps)}`);
  return `${formatMoment(point.at)}: ${told.join(", ")}${shares.length > limit ? `, ${t`${shares.length - limit} more`}` : ""}`;
}

/** What held in the other market; undefined before its odds began. */
function shareOf({ points, outcome }: Rival, at: number): string | undefined {
  const point = points.findLast((one) => one.at <= at);
  return point && formatShare(point.shares[outcome] ?? 0);
}

function rivalAt(rival: Rival | undefined, at: number): string {
  if (!rival) return "";
  return `; ${rival.label} ${shareOf(rival, at) ?? t`not yet`}`;
}
