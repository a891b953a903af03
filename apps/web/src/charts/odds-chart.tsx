import { at as elementAt } from "@sooth/kernel";
import { useState } from "react";
import type { Market } from "../api.ts";
import { formatShare } from "../format/amount.ts";
import { seriesColor } from "../format/series.ts";
import { formatAbsolute, formatMoment } from "../format/time.ts";
import { FiguresTable } from "./figures-table.tsx";
import { pointAt, spread, type OddsPoint } from "./odds.ts";
import { useWidth } from "./use-width.ts";

const HEIGHT = 250;
const TOP = 12;
const BOTTOM = 28;
const LEFT = 36;
const LINES_SHOWN = 6;
const LABEL_GAP = 16;

/**
 * Share of the stakes on each outcome over time, as steps: odds change when somebody stakes and stay until the next.
 * The slider below moves through the points by keyboard; the table holds the same numbers.
 */
export function OddsChart({
  market,
  points,
  until,
}: {
  market: Market;
  points: readonly OddsPoint[];
  until: number;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(640);
  const [picked, setPicked] = useState<number>();
  const { kind } = market.question.schema;
  const last = elementAt(points, points.length - 1);
  const lines = linesOf(market, last);
  const right = width < 480 ? 86 : 132;
  const start = elementAt(points, 0).at;
  const end = Math.max(until, last.at, start + 60);
  const x = (at: number) => LEFT + ((at - start) / (end - start)) * (width - LEFT - right);
  const y = (bps: number) => TOP + (1 - bps / 10_000) * (HEIGHT - TOP - BOTTOM);
  const index = Math.min(picked ?? points.length - 1, points.length - 1);
  const shown = elementAt(points, index);
  const labels = spread(
    lines.map(({ index }) => y(last.shares[index] ?? 0)),
    LABEL_GAP,
    TOP + 4,
    HEIGHT - BOTTOM,
  );
  const color = (outcome: number) => seriesColor(kind, outcome, market.outcomes.length);
  const pick = (clientX: number, box: DOMRect) =>
    setPicked(
      pointAt(points, start + ((clientX - box.left - LEFT) / (width - LEFT - right)) * (end - start)),
    );

  return (
    <figure>
      <div ref={frame}>
        <svg
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          className="block touch-pan-y"
          role="img"
          aria-label={`Odds over time. Now ${lines.map(({ index, label }) => `${label} ${formatShare(last.shares[index] ?? 0)}`).join(", ")}.`}
          onPointerMove={(event) => pick(event.clientX, event.currentTarget.getBoundingClientRect())}
          onPointerLeave={() => setPicked(undefined)}
        >
          {[0, 2_500, 5_000, 7_500, 10_000].map((bps) => (
            <g key={bps}>
              <line
                x1={LEFT}
                x2={width - right}
                y1={y(bps)}
                y2={y(bps)}
                stroke="var(--rule)"
                strokeWidth={bps === 0 ? 1.5 : 1}
              />
              <text
                x={LEFT - 8}
                y={y(bps) + 4}
                fontSize="11"
                fill="var(--ink-3)"
                textAnchor="end"
                className="num"
              >
                {`${bps / 100}%`}
              </text>
            </g>
          ))}
          <text x={LEFT} y={HEIGHT - 8} fontSize="11" fill="var(--ink-3)" className="num">
            {formatMoment(start)}
          </text>
          {width > 420 && (
            <text
              x={width - right}
              y={HEIGHT - 8}
              fontSize="11"
              fill="var(--ink-3)"
              textAnchor="end"
              className="num"
            >
              {formatMoment(end)}
            </text>
          )}
          {lines.map(({ index: outcome, label }, row) => (
            <g key={outcome}>
              <path
                d={stepPath(points, outcome, x, y, end)}
                fill="none"
                stroke={color(outcome)}
                strokeWidth="2"
                strokeLinejoin="round"
              />
              <circle cx={x(end)} cy={y(last.shares[outcome] ?? 0)} r="3" fill={color(outcome)} />
              <rect
                x={width - right + 10}
                y={(labels[row] ?? 0) - 5}
                width="4"
                height="10"
                rx="1"
                fill={color(outcome)}
              />
              <text
                x={width - right + 19}
                y={(labels[row] ?? 0) + 4}
                fontSize="12"
                fontWeight="600"
                fill="var(--ink)"
              >
                {label.length > (width < 480 ? 6 : 12) ? `${label.slice(0, width < 480 ? 5 : 11)}…` : label}{" "}
                <tspan className="num" fontWeight="400" fill="var(--ink-2)">
                  {formatShare(last.shares[outcome] ?? 0)}
                </tspan>
              </text>
            </g>
          ))}
          {picked !== undefined && (
            <g>
              <line
                x1={x(shown.at)}
                x2={x(shown.at)}
                y1={TOP}
                y2={HEIGHT - BOTTOM}
                stroke="var(--ink-3)"
                strokeDasharray="2 3"
              />
              {lines.map(({ index: outcome }) => (
                <circle
                  key={outcome}
                  cx={x(shown.at)}
                  cy={y(shown.shares[outcome] ?? 0)}
                  r="4"
                  fill="var(--surface)"
                  stroke={color(outcome)}
                  strokeWidth="2"
                />
              ))}
            </g>
          )}
        </svg>
      </div>
      <input
        type="range"
        min={0}
        max={points.length - 1}
        value={index}
        disabled={points.length < 2}
        onChange={(event) => setPicked(Number(event.target.value))}
        onBlur={() => setPicked(undefined)}
        aria-label="Point in time"
        aria-valuetext={describe(market, shown)}
        className="scrubber block"
        style={{ width: width - right - LEFT + 14, marginLeft: LEFT - 7 }}
      />
      <figcaption className="num mt-1 min-h-10 text-sm text-ink-2">
        {describe(market, shown, LINES_SHOWN)}
      </figcaption>
      <FiguresTable
        tall
        caption="Odds over time"
        head={[
          { key: "time", label: "Time" },
          ...market.outcomes.map(({ index, label }) => ({ key: index, label })),
        ]}
        rows={points.toReversed().map((point) => ({
          key: point.at,
          name: formatAbsolute(point.at),
          cells: market.outcomes.map(({ index }) => formatShare(point.shares[index] ?? 0)),
        }))}
      />
    </figure>
  );
}

/** The outcomes drawn as lines: for yes/no one line says it all, of many the largest few. */
function linesOf(market: Market, last: OddsPoint): { index: number; label: string }[] {
  if (market.question.schema.kind === "bool") return market.outcomes.slice(1, 2);
  return market.outcomes
    .toSorted((a, b) => (last.shares[b.index] ?? 0) - (last.shares[a.index] ?? 0))
    .slice(0, LINES_SHOWN);
}

function stepPath(
  points: readonly OddsPoint[],
  outcome: number,
  x: (at: number) => number,
  y: (bps: number) => number,
  end: number,
): string {
  const moves = points.map(({ at, shares }, index) => {
    const height = y(shares[outcome] ?? 0).toFixed(1);
    return index === 0 ? `M${x(at).toFixed(1)} ${height}` : `H${x(at).toFixed(1)}V${height}`;
  });
  return `${moves.join("")}H${x(end).toFixed(1)}`;
}

function describe(market: Market, point: OddsPoint, limit = market.outcomes.length): string {
  const shares = market.outcomes
    .map(({ index, label }) => ({ label, bps: point.shares[index] ?? 0 }))
    .toSorted((a, b) => b.bps - a.bps);
  const told = shares.slice(0, limit).map(({ label, bps }) => `${label} ${formatShare(bps)}`);
  return `${formatMoment(point.at)}: ${told.join(", ")}${shares.length > limit ? `, ${shares.length - limit} more` : ""}`;
}
