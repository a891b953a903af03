import { spread } from "./odds.ts";

const MARK_RADIUS = 8;
const MARK_GAP = 2 * MARK_RADIUS + 2;
/** What a drawing leaves free above itself for them. */
export const MARKS_ROOM = 30;

/** Numbers above the moments at which something happened, apart from each other, each with a line to its own moment. */
export function ChartMarks({
  xs,
  left,
  right,
  top,
  bottom,
}: {
  xs: readonly number[];
  left: number;
  right: number;
  /** Where the drawing begins and ends; the numbers stand {MARKS_ROOM} above. */
  top: number;
  bottom: number;
}) {
  const places = spread(xs, MARK_GAP, left, right);
  const middle = top - MARK_RADIUS - 9;
  return xs.map((x, index) => (
    // Two marks may lie on one moment; their order is all that tells them apart.
    // oxlint-disable-next-line react/no-array-index-key
    <g key={index}>
      <path
        d={`M${places[index] ?? x} ${middle + MARK_RADIUS}L${x} ${top}V${bottom}`}
        fill="none"
        stroke="var(--gold)"
        strokeWidth="1"
        strokeDasharray="3 3"
      />
      <circle
        cx={places[index] ?? x}
        cy={middle}
        r={MARK_RADIUS}
        fill="var(--surface)"
        stroke="var(--gold)"
      />
      <text
        x={places[index] ?? x}
        y={middle + 4}
        fontSize="11"
        fontWeight="600"
        fill="var(--ink)"
        textAnchor="middle"
        className="num"
      >
        {index + 1}
      </text>
    </g>
  ));
}
