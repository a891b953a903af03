import { t } from "@lingui/core/macro";
import { BANDS, stanceOf } from "@sooth/markets/core";
import { useId, type PointerEvent, type ReactNode } from "react";
import { bandNear, stanceColor, stanceWords } from "./stance.ts";

const [WIDTH, HEIGHT, OUTER, INNER] = [280, 158, 132, 96];
const CENTRE = { x: WIDTH / 2, y: HEIGHT - 14 };
const GAP = 0.012;

/** Of a place from 0 to 100: 0 lies left, 100 right. */
const angleOf = (place: number): number => Math.PI * (1 - place / 100);
const pointAt = (angle: number, radius: number): string =>
  `${(CENTRE.x + radius * Math.cos(angle)).toFixed(2)} ${(CENTRE.y - radius * Math.sin(angle)).toFixed(2)}`;

function wedge(band: number): string {
  const [from, to] = [(band / BANDS) * 100, ((band + 1) / BANDS) * 100];
  const [first, last] = [angleOf(from) - GAP, angleOf(to) + GAP];
  return `M${pointAt(first, OUTER)}A${OUTER} ${OUTER} 0 0 1 ${pointAt(last, OUTER)}L${pointAt(last, INNER)}A${INNER} ${INNER} 0 0 0 ${pointAt(first, INNER)}Z`;
}

/** Half a circle of 21 stances, of which one is marked; what stands in its middle is the caller's. */
function Dial({
  band,
  label,
  onPoint,
  children,
}: {
  band: number | null;
  label: string;
  onPoint?: (event: PointerEvent<SVGSVGElement>) => void;
  children: ReactNode;
}) {
  return (
    <div className="relative mx-auto w-full max-w-[17.5rem]">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={`block w-full ${onPoint ? "cursor-pointer touch-none" : ""}`}
        role="img"
        aria-label={label}
        onPointerDown={onPoint}
        onPointerMove={onPoint && ((event) => event.buttons > 0 && onPoint(event))}
      >
        {Array.from({ length: BANDS }, (_, index) => (
          <path
            key={index}
            d={wedge(index)}
            fill={stanceColor(stanceOf(index))}
            opacity={band === null || index === band ? 1 : 0.32}
            stroke={index === band ? "var(--ink)" : "none"}
            strokeWidth="2"
          />
        ))}
        <text x={CENTRE.x - OUTER} y={HEIGHT - 3} fontSize="11" fill="var(--ink-3)">
          {t`against`}
        </text>
        <text x={CENTRE.x + OUTER} y={HEIGHT - 3} fontSize="11" fill="var(--ink-3)" textAnchor="end">
          {t`for`}
        </text>
      </svg>
      <div className="pointer-events-none absolute inset-x-0 bottom-3 text-center">{children}</div>
    </div>
  );
}

/** Where a score or a stance stands. */
export function ScoreDial({ place, label }: { place: number; label: string }) {
  return (
    <Dial band={bandNear(place)} label={`${label}: ${place} of 100, ${stanceWords(place)}`}>
      <p className="num text-4xl leading-none font-semibold">{place}</p>
      <p className="mt-1 text-sm text-ink-2">{stanceWords(place)}</p>
    </Dial>
  );
}

/** Picks one of 21 stances: by pointer on the half circle, by keyboard on the slider under it. */
export function StanceInput({ band, onBand }: { band: number; onBand: (band: number) => void }) {
  const id = useId();
  const place = stanceOf(band);
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const scale = WIDTH / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const angle = Math.atan2(Math.max(0, CENTRE.y - y), x - CENTRE.x);
    onBand(Math.min(BANDS - 1, Math.floor((1 - angle / Math.PI) * BANDS)));
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {t`Your stance`}
      </label>
      <Dial band={band} label={t`Stance ${place} of 100`} onPoint={point}>
        <p className="num text-4xl leading-none font-semibold">{place}</p>
        <p className="mt-1 text-sm text-ink-2">{stanceWords(place)}</p>
      </Dial>
      <input
        id={id}
        type="range"
        min={0}
        max={BANDS - 1}
        step={1}
        value={band}
        aria-valuetext={t`${place} of 100, ${stanceWords(place)}`}
        className="scrubber w-full"
        onChange={(event) => onBand(Number(event.target.value))}
      />
    </div>
  );
}
