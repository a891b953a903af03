import { t } from "@lingui/core/macro";
import { at as elementAt } from "@sooth/kernel";
import { formatShare } from "../format/amount.ts";
import { formatMoment } from "../format/time.ts";
import { ChartMarks, MARKS_ROOM } from "./chart-marks.tsx";
import { type OddsPoint, spread } from "./odds.ts";
import type { Range } from "./ranges.ts";

/** Share of one outcome over time. Its points are those of the range that is shown; the last one holds until `end`. */
export type OddsLine = {
  key: string;
  label: string;
  outcome: number;
  points: readonly OddsPoint[];
  end: number;
  color: string;
  /** Of another market, which is drawn with dashes. */
  isRival: boolean;
};

const HEIGHT = 270;
const TOP = MARKS_ROOM;
const BOTTOM = 28;
const LEFT = 36;
const LABEL_GAP = 16;
const NARROW = 480;

/** Room for the labels at the lines' ends. */
const rightOf = (width: number) => (width < NARROW ? 86 : 132);
/** Where the time axis lies in a drawing of this width, in pixels. */
export const axisOf = (width: number) => ({ left: LEFT, length: width - LEFT - rightOf(width) });

/** The drawing alone: what it says stands beside it as text. `marks`: moments with a number each, from 1. */
export function OddsPlot({
  width,
  range,
  lines,
  marks,
  picked,
  onPick,
}: {
  width: number;
  range: Range;
  lines: readonly OddsLine[];
  marks: readonly number[];
  /** The moment that is looked at. */
  picked: number | undefined;
  onPick: (at: number | undefined) => void;
}) {
  const { left, length } = axisOf(width);
  const span = range.to - range.from;
  const x = (at: number) => left + ((at - range.from) / span) * length;
  const y = (bps: number) => TOP + (1 - bps / 10_000) * (HEIGHT - TOP - BOTTOM);
  const drawn = lines.filter(({ points }) => points.length > 0);
  const lastOf = ({ points, outcome }: OddsLine) => elementAt(points, points.length - 1).shares[outcome] ?? 0;
  const now = drawn.map((line) => `${line.label} ${formatShare(lastOf(line))}`).join(", ");
  return (
    <svg
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      className="block touch-pan-y"
      role="img"
      aria-label={t`Odds over time. At the end ${now}.`}
      onPointerMove={({ clientX, currentTarget }) =>
        onPick(range.from + ((clientX - currentTarget.getBoundingClientRect().left - left) / length) * span)
      }
      onPointerLeave={() => onPick(undefined)}
    >
      <Grid {...{ y, range }} right={left + length} isWide={width > 420} />
      <ChartMarks xs={marks.map(x)} left={LEFT} right={left + length} top={TOP} bottom={HEIGHT - BOTTOM} />
      {drawn.map((line) => (
        <g key={line.key}>
          <path
            d={stepPath(line, x, y)}
            fill="none"
            stroke={line.color}
            strokeWidth="2"
            strokeLinejoin="round"
            strokeDasharray={line.isRival ? "5 4" : undefined}
          />
          <circle cx={x(line.end)} cy={y(lastOf(line))} r="3" fill={line.color} />
        </g>
      ))}
      <Labels lines={drawn} heights={drawn.map((line) => y(lastOf(line)))} {...{ width, lastOf }} />
      {picked !== undefined && (
        <line
          x1={x(picked)}
          x2={x(picked)}
          y1={TOP}
          y2={HEIGHT - BOTTOM}
          stroke="var(--ink-3)"
          strokeDasharray="2 3"
        />
      )}
      {picked !== undefined &&
        drawn.map((line) => {
          const point = line.points.findLast(({ at }) => at <= picked);
          return (
            point && (
              <circle
                key={line.key}
                cx={x(picked)}
                cy={y(point.shares[line.outcome] ?? 0)}
                r="4"
                fill="var(--surface)"
                stroke={line.color}
                strokeWidth="2"
              />
            )
          );
        })}
    </svg>
  );
}

function Grid({
  y,
  range,
  right,
  isWide,
}: {
  y: (bps: number) => number;
  range: Range;
  right: number;
  isWide: boolean;
}) {
  const text = { fontSize: "11", fill: "var(--ink-3)", className: "num" };
  return (
    <>
      {[0, 2_500, 5_000, 7_500, 10_000].map((bps) => (
        <g key={bps}>
          <line
            x1={LEFT}
            x2={right}
            y1={y(bps)}
            y2={y(bps)}
            stroke="var(--rule)"
            strokeWidth={bps === 0 ? 1.5 : 1}
          />
          <text x={LEFT - 8} y={y(bps) + 4} textAnchor="end" {...text}>
            {`${bps / 100}%`}
          </text>
        </g>
      ))}
      <text x={LEFT} y={HEIGHT - 8} {...text}>
        {formatMoment(range.from)}
      </text>
      {isWide && (
        <text x={right} y={HEIGHT - 8} textAnchor="end" {...text}>
          {formatMoment(range.to)}
        </text>
      )}
    </>
  );
}

function Labels({
  lines,
  heights,
  width,
  lastOf,
}: {
  lines: readonly OddsLine[];
  heights: readonly number[];
  width: number;
  lastOf: (line: OddsLine) => number;
}) {
  const places = spread(heights, LABEL_GAP, TOP + 4, HEIGHT - BOTTOM);
  const x = width - rightOf(width) + 10;
  const most = width < NARROW ? 6 : 12;
  return lines.map((line, row) => (
    <g key={line.key}>
      <rect x={x} y={(places[row] ?? 0) - 5} width="4" height="10" rx="1" fill={line.color} />
      <text x={x + 9} y={(places[row] ?? 0) + 4} fontSize="12" fontWeight="600" fill="var(--ink)">
        {line.label.length > most ? `${line.label.slice(0, most - 1)}…` : line.label}{" "}
        <tspan className="num" fontWeight="400" fill="var(--ink-2)">
          {formatShare(lastOf(line))}
        </tspan>
      </text>
    </g>
  ));
}

/** Steps: odds change when somebody stakes and stay until the next does. */
function stepPath(
  { points, outcome, end }: OddsLine,
  x: (at: number) => number,
  y: (bps: number) => number,
): string {
  const moves = points.map(({ at, shares }, index) => {
    const height = y(shares[outcome] ?? 0).toFixed(1);
    return index === 0 ? `M${x(at).toFixed(1)} ${height}` : `H${x(at).toFixed(1)}V${height}`;
  });
  return `${moves.join("")}H${x(end).toFixed(1)}`;
}
