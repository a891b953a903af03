import { t } from "@lingui/core/macro";
import { BANDS, stanceOf } from "@sooth/markets/core";
import { Amount } from "../components/figures.tsx";
import { stanceColor } from "../features/opinion/stance.ts";
import { FiguresTable } from "./figures-table.tsx";
import { useWidth } from "./use-width.ts";

export type BandTotal = { staked: bigint; count: number };

const [HEIGHT, TOP, BOTTOM] = [170, 14, 24];
/** Of the widest label, “100”: on a phone its bar is narrower. */
const HALF_LABEL = 11;

/** How much stands on each of 21 stances, with the score and one's own stance marked. The table holds the same numbers. */
export function BandBars({
  bands,
  score,
  own,
  decimals,
  symbol,
}: {
  bands: readonly BandTotal[];
  score: number | null;
  /** The band of one's own opinion. */
  own: number | null;
  decimals: number;
  symbol: string;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(560);
  const most = bands.reduce((top, { staked }) => (staked > top ? staked : top), 1n);
  const step = width / BANDS;
  const tall = (staked: bigint) => (Number((staked * 10_000n) / most) / 10_000) * (HEIGHT - TOP - BOTTOM);
  const base = HEIGHT - BOTTOM;
  const place = (value: number) => (value / 100) * (width - step) + step / 2;
  return (
    <figure>
      <div ref={frame} className="overflow-hidden">
        <svg
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          className="block"
          role="img"
          aria-label={score === null ? t`Stakes by stance` : t`Stakes by stance; the score is ${score}`}
        >
          {bands.map(({ staked }, band) => (
            <rect
              key={stanceOf(band)}
              x={band * step + 1.5}
              width={Math.max(1, step - 3)}
              y={base - tall(staked)}
              height={tall(staked)}
              rx="1.5"
              fill={stanceColor(stanceOf(band))}
              stroke={band === own ? "var(--ink)" : "none"}
              strokeWidth="2"
            />
          ))}
          <line x1="0" x2={width} y1={base} y2={base} stroke="var(--rule-2)" />
          {score !== null && (
            <>
              <line
                x1={place(score)}
                x2={place(score)}
                y1={4}
                y2={base}
                stroke="var(--ink)"
                strokeDasharray="3 3"
              />
              <circle cx={place(score)} cy={5} r="4" fill="var(--ink)" />
            </>
          )}
          {[0, 25, 50, 75, 100].map((value) => (
            <text
              key={value}
              x={Math.min(place(value), width - HALF_LABEL)}
              y={HEIGHT - 6}
              fontSize="11"
              fill="var(--ink-3)"
              textAnchor="middle"
              className="num"
            >
              {value}
            </text>
          ))}
        </svg>
      </div>
      <FiguresTable
        caption={t`Stakes by stance`}
        head={[t`Stance`, t`Opinions`, t`Staked`].map((label) => ({ key: label, label }))}
        rows={bands.map(({ staked, count }, band) => ({
          key: band,
          name: stanceOf(band),
          cells: [count, <Amount key="staked" value={staked} decimals={decimals} symbol={symbol} />],
        }))}
      />
    </figure>
  );
}
