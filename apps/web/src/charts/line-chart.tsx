import { t } from "@lingui/core/macro";
import { at as elementAt } from "@sooth/kernel";
import { formatAbsolute, formatMoment } from "../format/time.ts";
import { FiguresTable } from "./figures-table.tsx";
import { useWidth } from "./use-width.ts";

/** `text`: the figure in full, where the drawing rounds it. */
export type LinePoint = { at: number; value: number; text?: string };

const HEIGHT = 150;
const TOP = 12;
const BOTTOM = 26;
const LEFT = 44;
const RIGHT = 12;

/** One figure over time as a step line: it holds until the next is known. The table holds the same numbers. */
export function LineChart({
  name,
  points,
  until,
  min = 0,
  max,
  format,
}: {
  /** What is drawn, for the caption and for screen readers. */
  name: string;
  points: readonly LinePoint[];
  until: number;
  /** Zero or less. */
  min?: number;
  max: number;
  format: (value: number) => string;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(560);
  const start = elementAt(points, 0).at;
  const last = elementAt(points, points.length - 1);
  const end = Math.max(until, last.at, start + 60);
  const x = (at: number) => LEFT + ((at - start) / (end - start)) * (width - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - (value - min) / (max - min)) * (HEIGHT - TOP - BOTTOM);
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
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
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
          <path
            d={`${path}H${x(end).toFixed(1)}`}
            fill="none"
            stroke="var(--accent)"
            strokeWidth="2"
            strokeLinejoin="round"
          />
          <circle cx={x(end)} cy={y(last.value)} r="3.5" fill="var(--accent)" />
          <text x={LEFT} y={HEIGHT - 6} fontSize="11" fill="var(--ink-3)" className="num">
            {formatMoment(start)}
          </text>
          {width > 400 && (
            <text
              x={width - RIGHT}
              y={HEIGHT - 6}
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
