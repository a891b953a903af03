import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { at as elementAt } from "@sooth/kernel";
import { useId, useState } from "react";
import { Amount } from "../components/figures.tsx";
import { useWidth } from "./use-width.ts";

const [HEIGHT, TOP, BOTTOM, LEFT, RIGHT] = [170, 12, 26, 10, 10];

/**
 * What a stake is paid at each score, 0 to 100, to the unit. The slider goes through the scores by keyboard; the dashed line
 * is what was staked.
 */
export function PayCurve({
  curve,
  staked,
  stance,
  decimals,
  symbol,
  start,
}: {
  /** 101 amounts, one for each score. */
  curve: readonly bigint[];
  staked: bigint;
  /** Where the stake stands, 0 to 100. */
  stance: number;
  decimals: number;
  symbol: string;
  /** The score that is shown first. */
  start: number;
}) {
  const [frame, width] = useWidth<HTMLDivElement>(260);
  const [picked, setPicked] = useState<number>();
  const id = useId();
  const score = picked ?? start;
  const most = curve.reduce((top, paid) => (paid > top ? paid : top), staked);
  // Only the drawing is in floats: what is told below is the amount itself.
  const part = (amount: bigint) => Number((amount * 10_000n) / most) / 10_000;
  const x = (place: number) => LEFT + (place / 100) * (width - LEFT - RIGHT);
  const y = (amount: bigint) => TOP + (1 - part(amount)) * (HEIGHT - TOP - BOTTOM);
  const line = curve
    .map((paid, place) => `${place === 0 ? "M" : "L"}${x(place).toFixed(1)} ${y(paid).toFixed(1)}`)
    .join("");
  const paid = elementAt(curve, score);
  const base = HEIGHT - BOTTOM;
  const pick = (clientX: number, box: DOMRect) => {
    const place = Math.round(((clientX - box.left - LEFT) / (box.width - LEFT - RIGHT)) * 100);
    setPicked(Math.max(0, Math.min(100, place)));
  };
  return (
    <figure>
      <div ref={frame} className="overflow-hidden">
        <svg
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          className="block touch-pan-y"
          role="img"
          aria-label={t`What this stake is paid at each score`}
          onPointerMove={(event) => pick(event.clientX, event.currentTarget.getBoundingClientRect())}
        >
          <path d={`${line}L${x(100)} ${base}L${x(0)} ${base}Z`} fill="var(--wash)" />
          <line x1={x(0)} x2={x(100)} y1={base} y2={base} stroke="var(--rule-2)" />
          <line
            x1={x(0)}
            x2={x(100)}
            y1={y(staked)}
            y2={y(staked)}
            stroke="var(--ink-3)"
            strokeDasharray="3 4"
          />
          <path d={line} fill="none" stroke="var(--accent)" strokeWidth="2" strokeLinejoin="round" />
          <line x1={x(stance)} x2={x(stance)} y1={base} y2={base + 6} stroke="var(--ink)" strokeWidth="2" />
          <line x1={x(score)} x2={x(score)} y1={TOP} y2={base} stroke="var(--ink-2)" />
          <circle cx={x(score)} cy={y(paid)} r="4" fill="var(--accent)" />
          {[0, 25, 50, 75, 100].map((place) => (
            <text
              key={place}
              x={x(place)}
              y={HEIGHT - 6}
              fontSize="11"
              fill="var(--ink-3)"
              className="num"
              textAnchor={place === 0 ? "start" : place === 100 ? "end" : "middle"}
            >
              {place}
            </text>
          ))}
        </svg>
      </div>
      <label htmlFor={id} className="sr-only">
        {t`Score to look at`}
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        value={score}
        className="scrubber w-full"
        aria-valuetext={t`score ${score}`}
        onChange={(event) => setPicked(Number(event.target.value))}
      />
      <p className="text-[0.9375rem]" aria-live="polite">
        <Trans>
          At a score of <b className="num">{score}</b> you get{" "}
          <b className={paid >= staked ? "text-accent" : "text-bad"}>
            <Amount value={paid} decimals={decimals} symbol={symbol} />
          </b>
        </Trans>
        {paid === staked ? (
          t`, your stake`
        ) : paid > staked ? (
          <Trans>
            , more than your <Amount value={staked} decimals={decimals} symbol={symbol} />
          </Trans>
        ) : (
          <Trans>
            , less than your <Amount value={staked} decimals={decimals} symbol={symbol} />
          </Trans>
        )}
      </p>
    </figure>
  );
}
