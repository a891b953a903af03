import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { BundleDetail } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useChain, useChainTitle } from "./use-chains.ts";
import { legLook, legName } from "./words.ts";

type Row = { what: string; chainId: number; hash: string; at: number | null };

/** What was done for it, on every chain, in the order of time. */
export function Transactions({ bundle }: { bundle: BundleDetail }) {
  const title = useChainTitle();
  const chain = useChain();
  const rows = rowsOf(bundle);
  if (rows.length === 0)
    return <p className="text-[0.9375rem] text-ink-2">{t`No transaction of it was seen yet.`}</p>;
  return (
    <ol className="divide-y divide-rule border-b border-rule" aria-label={t`Transactions`}>
      {rows.map(({ what, chainId, hash, at }) => (
        <li
          key={`${hash}-${what}`}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 py-2.5 text-[0.9375rem]"
        >
          <span className="min-w-0">
            <Trans>
              {what} <span className="text-sm text-ink-2">on {title(chainId)}</span>
            </Trans>
          </span>
          <span className="text-right">
            <Hash
              value={hash}
              what={t`transaction`}
              link={chain(chainId)?.explorer ? `${chain(chainId)?.explorer}/tx/${hash}` : undefined}
            />
          </span>
          {at !== null && <TimeAgo at={at} className="col-span-full text-sm text-ink-3" />}
        </li>
      ))}
    </ol>
  );
}

function rowsOf(bundle: BundleDetail): Row[] {
  const isEscrowed = bundle.mode === "escrowed";
  const rows: Row[] = [];
  const add = (what: string, chainId: number | null, hash: string | null, at: number | null) => {
    if (hash !== null && chainId !== null) rows.push({ what, chainId, hash, at });
  };
  add(t`Opened`, bundle.chainId, bundle.openedIn, bundle.openedAt);
  for (const part of bundle.shown) {
    const look = legLook(part, { isEscrowed, undoes: (part.leg?.undoes ?? null) !== null });
    // What came of it later does not make its being held undone.
    if (part.heldIn !== part.transaction)
      add(t`${legName(part.place)}: held`, part.chainId, part.heldIn, part.heldAt);
    add(`${legName(part.place)}: ${inSentence(look.text)}`, part.chainId, part.transaction, part.at);
  }
  const decided = bundle.outcome === "committed" ? t`Committed` : t`Called off`;
  add(decided, bundle.chainId, bundle.decidedIn, bundle.decidedAt);
  return rows.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** After a colon; no noun stands first in any of the words for what became of a leg. */
const inSentence = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
