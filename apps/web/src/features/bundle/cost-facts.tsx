import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import type { BundleDetail } from "../../api.ts";
import { grouped } from "../../format/amount.ts";
import { Coin } from "./coin.tsx";
import { useChainTitle } from "./use-chains.ts";
import { legName } from "./words.ts";

/** The fee and where it went, and the gas of each leg on its chain. */
export function CostFacts({ bundle }: { bundle: BundleDetail }) {
  const title = useChainTitle();
  const { fee, fees, shown } = bundle;
  const ran = shown.filter(({ cost }) => cost !== null);
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 text-[0.9375rem]">
      <Row name={t`Fee, paid by the owner`} strong>
        <Coin wei={fee} />
      </Row>
      <Row name={t`to who brought the legs`}>
        <Coin wei={fees.paid} />
      </Row>
      <Row name={t`to attesters`}>
        <Coin wei={fees.toAttesters} />
      </Row>
      <Row name={t`back to the owner`}>
        <Coin wei={fees.toOwner} />
      </Row>
      <Row name={t`not paid yet`}>
        <Coin wei={fees.left} />
      </Row>
      {ran.map(({ place, chainId, gasUsed, cost }) => (
        <Row
          key={place}
          name={gasWords(
            legName(place),
            grouped(String(gasUsed ?? 0)),
            chainId === null ? null : title(chainId),
          )}
        >
          <Coin wei={cost ?? 0n} chainId={chainId ?? undefined} />
        </Row>
      ))}
    </dl>
  );
}

const gasWords = (leg: string, gas: string, chain: string | null): string =>
  chain === null ? t`${leg}, ${gas} gas` : t`${leg}, ${gas} gas on ${chain}`;

function Row({ name, strong = false, children }: { name: string; strong?: boolean; children: ReactNode }) {
  return (
    <>
      <dt className={strong ? "font-semibold" : "text-ink-2"}>{name}</dt>
      <dd className={`num text-right whitespace-nowrap ${strong ? "font-semibold" : ""}`}>{children}</dd>
    </>
  );
}
