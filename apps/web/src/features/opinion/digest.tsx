import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Digest as DigestOf } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { Section } from "../../components/page.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { digestQuery } from "../../queries.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

const SIDES = [
  ["for", msg`For it`],
  ["against", msg`Against it`],
  ["other", msg`Besides`],
] as const;

/** What was argued, in a model's words with its sources; nothing where there is no digest. */
export function Digest({ market, closed }: { market: string; closed: boolean }) {
  const { data } = useQuery(digestQuery(market, closed));
  if (!data || data.made === null || data.points.length === 0) return null;
  return (
    <Section title={t`In short`}>
      <div className="grid gap-5">
        {SIDES.map(([side, title]) => {
          const points = data.points.filter((point) => point.side === side);
          return points.length > 0 && <Side key={side} title={i18n._(title)} points={points} />;
        })}
      </div>
      <p className="mt-4 text-sm text-ink-3">
        <Trans>
          Written by a language model ({data.made.model}) from {data.made.opinions} opinions,{" "}
          <TimeAgo at={data.made.at} />. Each quote was looked up in its author’s text. Nothing is settled by
          this.
        </Trans>
      </p>
    </Section>
  );
}

function Side({ title, points }: { title: string; points: DigestOf["points"] }) {
  const names = useWalletNames();
  return (
    <div>
      <h3 className="font-semibold">{title}</h3>
      <ul className="mt-1 grid gap-3">
        {points.map(({ text, sources }) => (
          <li key={text} className="max-w-[68ch]">
            <p dir="auto" lang="en">
              {text}
            </p>
            <ul className="mt-1 grid gap-1">
              {sources.map(({ owner, quote }) => (
                <li key={owner} className="text-sm text-ink-2">
                  <q dir="auto">{quote}</q> <Hash value={owner} name={names(owner)} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  );
}
