import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { voteBreakEven } from "@sooth/oracle/core";
import type { Juror, Jury } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { formatPercent } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { oddsText, undecidedText } from "./vote-words.ts";

/** What his seats earn and what they can cost, and what it takes for a verdict: before a juror signs anything. */
export function VoteStakes({ jury, juror }: { jury: Jury; juror: Juror }) {
  const { collateral } = useNetwork();
  const { stakes } = juror;
  const rows = [
    { label: t`You vote with the verdict`, amount: stakes.coherent, gain: true },
    { label: t`You vote against it`, amount: stakes.incoherent },
    { label: t`You do not vote`, amount: stakes.missing },
    { label: t`You seal a vote and do not open it`, amount: stakes.withheld },
    { label: t`Your vote is known before votes are opened`, amount: stakes.leaked },
    ...(jury.dispute === null
      ? []
      : [{ label: t`You vote and hold a position in the question`, amount: stakes.position }]),
    { label: t`You sign two different votes; your place is lost too`, amount: stakes.equivocal },
  ];
  const breakEven = voteBreakEven({
    coherent: BigInt(stakes.coherent),
    incoherent: BigInt(stakes.incoherent),
  });
  return (
    <section aria-label={t`What your vote earns and costs`} className="grid gap-2 border-y border-rule py-3">
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1.5 text-[0.9375rem]">
        {rows.map(({ label, amount, gain = false }) => (
          <div key={label} className="contents">
            <dt>{label}</dt>
            <dd className={`text-right font-semibold ${gain ? "text-accent" : "text-bad"}`}>
              {gain ? "+" : "\u2212"}
              <Amount value={amount} decimals={collateral.decimals} symbol={collateral.symbol} short />
            </dd>
          </div>
        ))}
      </dl>
      <p className="text-sm text-ink-2">{oddsText(jury)}</p>
      <p className="text-sm text-ink-2">{undecidedText(jury)}</p>
      <p className="text-sm text-ink-2">
        {breakEven !== null && (
          <>
            {t`Who is with the verdict in more than ${formatPercent(breakEven)} of such cases gains on average.`}{" "}
          </>
        )}
        <Trans>
          Losses are of your stake, now{" "}
          <Amount value={stakes.stake} decimals={collateral.decimals} symbol={collateral.symbol} short />, and
          once, however many seats you hold.
        </Trans>
      </p>
    </section>
  );
}
