import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ProviderDetail } from "../../api.ts";
import { SeatBead } from "../../components/bead.tsx";
import { formatShare } from "../../format/amount.ts";

/** Where a provider stands in each domain: what he holds now, and what the next epoch gives him. */
export function Standings({ provider }: { provider: ProviderDetail }) {
  if (provider.standings.length === 0)
    return <p className="text-ink-2">{t`No domain has seated this provider yet.`}</p>;
  return (
    <ul className="divide-y divide-rule">
      {provider.standings.map(({ domain, seat, weight, totalWeight, epoch, next, records }) => {
        const total = BigInt(totalWeight);
        const share = total === 0n ? 0 : Number((BigInt(weight) * 10_000n) / total);
        return (
          <li key={domain} className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 py-3">
            <SeatBead seat={seat} filled={seat !== null} />
            <div className="min-w-0">
              <p className="font-semibold">
                <Trans>Domain {domain}</Trans>
              </p>
              <p className="text-sm text-ink-2">
                {textOf(seat !== null, next, provider.domains.includes(domain), epoch)}
              </p>
              {records.at(-1)?.premium && (
                <p className="text-sm">
                  <Trans>
                    <b className="text-accent">Premium</b>: of a reward that is split now, his part is twice
                    another signer's.
                  </Trans>
                </p>
              )}
              <span className="mt-1.5 block h-1 max-w-60 rounded-full bg-sunken" aria-hidden="true">
                <span className="block h-full rounded-full bg-accent" style={{ width: `${share / 100}%` }} />
              </span>
            </div>
            <p className="num text-right">
              <span className="block text-lg font-bold">{formatShare(share)}</span>
              <span className="text-sm text-ink-3">{t`of all weight`}</span>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

function textOf(seated: boolean, next: boolean, serves: boolean, epoch: number): string {
  if (seated && next) return t`seated in epoch ${epoch} and in the next`;
  if (seated) return t`seated in epoch ${epoch}, not in the next`;
  if (next) return t`takes a seat with the next epoch`;
  return serves ? t`on the bench` : t`no longer serves it`;
}
