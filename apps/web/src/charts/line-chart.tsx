import { t } from "@lingui/core/macro";
import { at as elementAt } from "@sooth/kernel";
import { formatAbsolute, formatMoment } from "../format/time.ts";
import { ChartMarks, MARKS_ROOM } from "./chart-marks.tsx";
import { FiguresTable } from "./figures-table.tsx";
import { useWidth } from "./use-width.ts";

/** `text`: the figure in full, where the drawing rounds it. */
export type LinePoint = { at: number; value: number; text?: string };

const PLOT = 138;
const TOP = 12;
const BOTTOM = 26;
const LEFT = 44;
const RIGHT = 12;

/**
 * One figure over time as a step line: it holds until the next is known. The table holds the same numbers. `marks`: moments with a
 * number each, from 1, of what is told beside the drawing.
 */
export function LineChart({
  name,
  points,
  from,
  until,
  to = until,
  marks,
  min = 0,
  max,
  format,
}: {
  /** What is drawn, for the caption and for screen readers. */
  name: string;
  points: readonly LinePoint[];
  /** Where the axis begins; left out: with the first point. */
  from?: number;
  /** As long as the last point holds. */
  until: number;
  /** Where the axis ends; left out: there. */
  to?: number;
  marks?: readonly number[];
  /** Zero or less. */
  min?: number;
  max: number;
  format: (value: number) => string;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(560);
  const start = from ?? elementAt(points, 0).at;
  const last = elementAt(points, points.length - 1);
  const end = Math.max(to, until, last.at, start + 60);
  // Where nothing comes after it the line goes to the end of the axis, which has some length even where all lies in one moment.
  const holds = to > until ? Math.max(until, last.at) : end;
  const top = marks ? MARKS_ROOM : TOP;
  const height = top + PLOT;
  const x = (at: number) => LEFT + ((at - start) / (end - start)) * (width - LEFT - RIGHT);
  const y = (value: number) => top + (1 - (value - min) / (max - min)) * (PLOT - BOTTOM);
  const path = points
    .map(
      ({ at, value }, index) =>
        `${index === 0 ? "M" : "H"}${x(at).toFixed(1)}${index === 0 ? " " : "V"}${y(value).toFixed(1)}`,
    )
    .join("");
  return (
    <figure>
      <div ref={frame}>
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          className="block"
          role="img"
          aria-label={t`${name} over time, now ${last.text ?? format(last.value)}`}
        >
          {[...new Set(min < 0 ? [min, 0, max] : [0, max / 2, max])].map((value) => (
            <g key={value}>
              <line x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} stroke="var(--rule)" />
              <text
                x={LEFT - 8}
                y={y(value) + 4}
                fontSize="11"
                fill="var(--ink-3)"
                textAnchor="end"
                className="num"
              >
                {format(value)}
              </text>
            </g>
          ))}
          {marks && (
            <ChartMarks
              xs={marks.map(x)}
              left={LEFT}
              right={width - RIGHT}
              top={top}
              bottom={height - BOTTOM}
            />
          )}
          <path
            d={`${path}H${x(holds).toFixed(1)}`}
            fill="none"
            stroke="var(--accent)"
            strokeWidth="2"
            strokeLinejoin="round"
          />
          <circle cx={x(holds)} cy={y(last.value)} r="3.5" fill="var(--accent)" />
          <text x={LEFT} y={height - 6} fontSize="11" fill="var(--ink-3)" className="num">
            {formatMoment(start)}
          </text>
          {width > 400 && (
            <text
              x={width - RIGHT}
              y={height - 6}
              fontSize="11"
              fill="var(--ink-3)"
              textAnchor="end"
              className="num"
            >
              {formatMoment(end)}
            </text>
          )}
        </svg>
      </div>
      <FiguresTable
        caption={t`${name} over time`}
        head={[
          { key: "from", label: t`From` },
          { key: "value", label: name },
        ]}
        rows={points.toReversed().map(({ at, value, text }) => ({
          key: at,
          name: formatAbsolute(at),
          cells: [text ?? format(value)],
        }))}
      />
    </figure>
  );
}
