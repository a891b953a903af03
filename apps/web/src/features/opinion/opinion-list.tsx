import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import type { Opinion, OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { CameTo } from "./came-to.tsx";
import { ClaimOpinion } from "./claim-opinion.tsx";
import { placeOf, rejectionWords } from "./label-words.ts";
import type { OpinionLabel } from "./sheets.ts";
import { stanceColor, stanceWords } from "./stance.ts";

/** What people said, each with its stance, its stake and what became of it. */
export function OpinionList({
  market,
  items,
  labels,
}: {
  market: OpinionMarket;
  items: readonly Opinion[];
  /** What analysts said of them, by owner, once that is known. */
  labels?: ReadonlyMap<string, readonly OpinionLabel[]> | undefined;
}) {
  const account = useWallet().account?.address;
  // One's own stands above the list.
  const isPayable = account !== undefined && (market.status === "settled" || market.status === "void");
  return (
    <ol className="divide-y divide-rule" aria-label={t`Opinions`}>
      {items.map((opinion) => (
        <li key={opinion.owner} className="py-4">
          <OpinionItem opinion={opinion} />
          {(market.result !== null || market.status === "void") && (
            <CameTo market={market} opinion={opinion} />
          )}
          {isPayable && !sameAddress(account, opinion.owner) && (
            <ClaimOpinion market={market} opinion={opinion} />
          )}
          {labels?.get(opinion.owner)?.map((label) => (
            <LabelLine key={`${label.analyst} ${label.stance} ${label.quality}`} label={label} />
          ))}
        </li>
      ))}
    </ol>
  );
}

/** An analyst's label: where it saw the text stand, how good it found it, and why. */
function LabelLine({ label }: { label: OpinionLabel }) {
  const { analyst, quality, parts, keep, reason, providers } = label;
  const by = `${analyst}, ${plural(providers, { one: "# provider", other: "# providers" })}`;
  if (!keep)
    return (
      <p className="mt-1.5 text-sm text-ink-2">
        <b className="text-bad">{t`Does not count`}</b> ({by}): {rejectionWords(reason)}.
      </p>
    );
  const place = placeOf(label);
  return (
    <p
      className="mt-1.5 text-sm text-ink-2"
      title={t`clarity ${parts.clarity} of 20, insight ${parts.insight} of 30, reasoning ${parts.reasoning} of 30, originality ${parts.originality} of 20`}
    >
      <Trans>
        Read as <b className="num text-ink">{place}</b>, {stanceWords(place)}; quality{" "}
        <b className="num text-ink">{quality}</b> ({by})
      </Trans>
      {reason !== "" && `: ${reason}`}
    </p>
  );
}

function OpinionItem({ opinion }: { opinion: Opinion }) {
  const { collateral } = useNetwork();
  const names = useWalletNames();
  const { owner, stance, amount, text, erasure, at } = opinion;
  return (
    <article className="grid gap-2">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
        <Hash value={owner} name={names(owner)} to={{ to: "/opinions", search: { staker: owner } }} />
        {stance === null ? (
          <span className="rounded-full border border-rule-2 px-2 text-xs font-semibold">{t`stance hidden`}</span>
        ) : (
          <span
            className="num rounded-full px-2 text-xs font-semibold text-ink"
            style={{ background: `color-mix(in oklab, ${stanceColor(stance)} 35%, transparent)` }}
          >
            {stance}, {stanceWords(stance)}
          </span>
        )}
        <Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} />
        <TimeAgo at={at} className="text-ink-3" />
      </header>
      {text === null ? (
        <p className="text-ink-3">
          {erasure === "erased" ? (
            <Trans>
              Erased on request. Its hash stays on the chain:{" "}
              <Hash value={opinion.opinion} what={t`hash of the text`} />
            </Trans>
          ) : (
            <Trans>
              The text is not kept here. It hashes to{" "}
              <Hash value={opinion.opinion} what={t`hash of the text`} />
            </Trans>
          )}
        </p>
      ) : (
        <p className="max-w-[68ch] whitespace-pre-line" dir="auto">
          {text}
        </p>
      )}
    </article>
  );
}
