import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import type { BundleDetail } from "../../api.ts";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { useChainTitle } from "./use-chains.ts";

type Moment = { at: number; name: string; says: string };

/** What the contracts wait for, each by the clock of the chain that it counts on. */
function momentsOf(bundle: BundleDetail, isHub: boolean, isEscrowed: boolean): Moment[] {
  const { deadline, times } = bundle;
  if (isHub)
    return [
      {
        at: deadline,
        name: t`Deadline`,
        says: isEscrowed ? t`nothing held is committed later` : t`nothing runs later`,
      },
      ...(times.abortable > deadline
        ? [{ at: times.abortable, name: t`Grace ends`, says: t`then anybody can call it off` }]
        : []),
      { at: times.reclaimable, name: t`Fee`, says: t`what nobody earned of it goes back to the owner` },
    ];
  return [
    { at: deadline, name: t`Deadline`, says: isEscrowed ? t`nothing is put in later` : t`no leg runs later` },
    ...(isEscrowed
      ? [
          {
            at: times.escape,
            name: t`Escape`,
            says: t`then what is held comes back without anybody’s signature`,
          },
        ]
      : []),
  ];
}

/**
 * The clocks that count: of the hub and of each chain with a leg. They are the chains' own, which may differ by some seconds, and
 * one that answers nobody stands still.
 */
export function ChainClocks({ bundle, asked }: { bundle: BundleDetail; asked: number }) {
  const title = useChainTitle();
  const isOver = OVER.has(bundle.status.kind);
  const passed = useSecondsSince(asked, !isOver);
  const isEscrowed = bundle.mode === "escrowed";
  // A chain may be the hub and hold legs too: then both sorts of moments count there.
  const withLegs = new Set(bundle.shown.flatMap(({ chainId }) => chainId ?? []));
  if (isOver) return <Over bundle={bundle} />;
  return (
    <ul className="grid gap-4">
      {bundle.clocks.map(({ chainId, now, paused, reachable }) => {
        const time = reachable ? now + passed : now;
        const isHub = chainId === bundle.chainId;
        const moments = [
          ...(isHub ? momentsOf(bundle, true, isEscrowed) : []),
          ...(withLegs.has(chainId) && (!isHub || isEscrowed) ? momentsOf(bundle, false, isEscrowed) : []),
        ];
        return (
          <li key={chainId}>
            <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-[0.9375rem]">
              <b>
                {isHub ? (
                  <Trans>
                    {title(chainId)}
                    <span className="font-normal text-ink-2">, where it is decided</span>
                  </Trans>
                ) : (
                  title(chainId)
                )}
              </b>
              <span className="num text-sm text-ink-2">{formatAbsolute(time)}</span>
            </p>
            {!reachable && (
              <p className="text-sm font-semibold text-bad">
                {t`It does not answer. This is the time of its last block that was seen.`}
              </p>
            )}
            {paused && (
              <p className="text-sm font-semibold text-gold">
                {t`Paused by the guardian: nothing new begins, what is held comes out all the same.`}
              </p>
            )}
            <dl className="mt-1 grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 text-sm">
              {moments.map(({ at, name, says }) => (
                <MomentRow key={`${name}-${says}`} {...{ at, name, says, time }} />
              ))}
            </dl>
          </li>
        );
      })}
    </ul>
  );
}

const OVER = new Set<BundleDetail["status"]["kind"]>(["completed", "refunded", "compensated"]);

/** Nothing waits for a clock any more, but what nobody earned of the fee. */
function Over({ bundle: { decidedAt, fees, times } }: { bundle: BundleDetail }) {
  return (
    <p className="text-[0.9375rem] text-ink-2">
      {decidedAt === null ? t`It is over.` : t`It was decided on ${formatAbsolute(decidedAt)}, and is over.`}{" "}
      {t`No clock counts for it any more.`}
      {BigInt(fees.left) > 0n && (
        <>
          {" "}
          {t`What nobody earned of the fee goes back to the owner from ${formatAbsolute(times.reclaimable)} on.`}
        </>
      )}
    </p>
  );
}

function MomentRow({ at, name, says, time }: Moment & { time: number }) {
  return (
    <>
      <dt className="text-ink-2">
        <span className="font-semibold text-ink">{name}</span>: {says}
      </dt>
      <dd className="num text-right whitespace-nowrap" title={formatAbsolute(at)}>
        {time < at ? t`in ${formatDuration(at - time)}` : t`passed`}
      </dd>
    </>
  );
}

/** Seconds since `asked`, milliseconds of this device's clock, renewed every second. */
function useSecondsSince(asked: number, isGoing: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isGoing) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isGoing]);
  return Math.max(0, Math.floor((now - asked) / 1000));
}
