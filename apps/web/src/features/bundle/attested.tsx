import { plural, t } from "@lingui/core/macro";
import type { BundleDetail } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { legName, legNames } from "./words.ts";

type Attestation = BundleDetail["attestations"][number];

function factWords({ fact, leg }: Attestation): string {
  switch (fact) {
    case "opened":
      return leg === null ? t`It was opened at the hub` : t`${legName(leg)} was opened at the hub`;
    case "prepared":
      return t`Everything is held`;
    case "receipt":
      return t`What became of ${legNames(leg === null ? [] : [leg])}`;
    case "decision":
      return t`What the hub decided`;
  }
}

const signedBy = ({ seats, epoch }: Attestation): string =>
  plural(seats.length, {
    one: `signed by # seat of epoch ${epoch}`,
    other: `signed by # seats of epoch ${epoch}`,
  });

/** Each fact that was signed, by whom, and whether these are enough to be believed elsewhere. */
export function Attested({ bundle }: { bundle: BundleDetail }) {
  const names = useWalletNames();
  if (bundle.attestations.length === 0)
    return (
      <p className="text-[0.9375rem] text-ink-2">
        {t`Nothing is attested yet. Attesters sign what they see on its chain, as soon as their policy believes the block.`}
      </p>
    );
  return (
    <ul className="divide-y divide-rule border-b border-rule">
      {bundle.attestations.map((one) => (
        <li
          key={`${one.fact}-${one.leg}-${one.epoch}-${one.at}`}
          className="grid gap-x-4 gap-y-1 py-2.5 text-[0.9375rem] sm:grid-cols-[minmax(0,1fr)_auto]"
        >
          <p className="min-w-0">
            {factWords(one)}
            <span className={`ml-2 text-sm font-semibold ${one.quorum ? "text-accent" : "text-gold"}`}>
              {one.quorum ? t`quorum` : t`not enough yet`}
            </span>
          </p>
          <TimeAgo at={one.at} className="text-sm text-ink-3" />
          <details className="col-span-full text-sm">
            <summary className="w-fit text-ink-2">{signedBy(one)}</summary>
            <ul className="mt-1 flex flex-wrap gap-x-4">
              {one.seats.map((seat) => (
                <li key={seat}>
                  <Hash value={seat} name={names(seat)} />
                </li>
              ))}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}
