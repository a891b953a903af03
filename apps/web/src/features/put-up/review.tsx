import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Amount as Units } from "@sooth/kernel";
import { depositUnits } from "@sooth/oracle/core";
import type { Network, OpinionLimits } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { formatDuration } from "../../format/time.ts";
import { OpinionRules } from "../opinion/opinion-rules.tsx";
import type { Plan } from "./draft.ts";

/** What will stand on the chain, in sentences, and what it costs: looked over before anything is signed. */
export function Review({
  plan,
  limits,
  network,
}: {
  plan: Plan;
  /** Undefined while they are not known. */
  limits: OpinionLimits | undefined;
  network: Network;
}) {
  const { market } = plan;
  const { collateral } = network;
  const planned = {
    secures: plan.secures,
    terms: { ...market, creator: null },
    quietFrom: market.closesAt - market.quietSeconds,
    revealsUntil: market.closesAt + market.revealSeconds,
  };
  return (
    <div className="panel grid gap-6 p-5">
      <p className="question text-2xl" dir="auto">
        {plan.statement}
      </p>
      <section>
        <h3 className="mb-2 font-bold">{t`The rules`}</h3>
        <OpinionRules market={planned} />
        <p className="mt-3 text-sm text-ink-2">
          {t`Its times count from the moment you sign. Once it is up nobody can change a word or a number of it.`}
        </p>
      </section>
      <Secured plan={plan} limits={limits} network={network} />
      <Costs
        creationFee={limits && BigInt(limits.creationFee)}
        reward={BigInt(plan.reward)}
        collateral={collateral}
      />
    </div>
  );
}

/** What the sum that all may stake asks of those who answer, and of who objects. */
function Secured({
  plan,
  limits,
  network,
}: {
  plan: Plan;
  limits: OpinionLimits | undefined;
  network: Network;
}) {
  const { collateral } = network;
  const secures = BigInt(plan.secures);
  const unit = BigInt(network.limits.unit);
  const deposit =
    limits &&
    BigInt(
      depositUnits(secures as Units, unit, 0, { least: limits.leastDeposit, most: limits.mostDeposit }),
    ) * unit;
  return (
    <section>
      <h3 className="mb-2 font-bold">{t`What secures the score`}</h3>
      <dl className="grid max-w-[34rem] grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1.5 text-[0.9375rem]">
        <dt>{t`Most that may be staked in all`}</dt>
        <dd className="text-right">
          <Amount value={secures} {...collateral} />
        </dd>
        <dt>{t`Stake of those who sign the score, at least`}</dt>
        <dd className="text-right">
          <Amount value={3n * secures} {...collateral} />
        </dd>
        <dt>{t`Time to object to it, at least`}</dt>
        <dd className="num text-right">{formatDuration(plan.liveness)}</dd>
        <dt>
          <Trans>
            Deposit of an objection
            <span className="block text-sm text-ink-2">back to who is right, with half of the other’s</span>
          </Trans>
        </dt>
        <dd className="text-right">
          {deposit === undefined ? "…" : <Amount value={deposit} {...collateral} />}
        </dd>
      </dl>
      {limits && secures >= BigInt(limits.commitTier) && (
        <p className="mt-2 text-sm text-ink-2">
          {t`With that much, providers commit to their scores before they show them: the answer takes some minutes longer, and nobody can copy another’s.`}
        </p>
      )}
    </section>
  );
}

/** What leaves the wallet, and what of it may come back, before anything is signed. */
function Costs({
  creationFee,
  reward,
  collateral,
}: {
  /** Undefined while it is not known. */
  creationFee: bigint | undefined;
  reward: bigint;
  collateral: Network["collateral"];
}) {
  const sum = creationFee === undefined ? undefined : creationFee + reward;
  const money = (value: bigint | undefined) =>
    value === undefined ? (
      "…"
    ) : (
      <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} />
    );
  return (
    <section>
      <h3 className="mb-2 font-bold">{t`What it costs you`}</h3>
      <dl className="grid max-w-[34rem] grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1.5 text-[0.9375rem]">
        <dt>
          <Trans>
            Creation fee <span className="block text-sm text-ink-2">to the treasury, never returned</span>
          </Trans>
        </dt>
        <dd className="text-right">{money(creationFee)}</dd>
        <dt>
          <Trans>
            Reward for judging
            <span className="block text-sm text-ink-2">back to you if no answer comes</span>
          </Trans>
        </dt>
        <dd className="text-right">{money(reward)}</dd>
        <dt className="border-t border-rule pt-1.5 font-semibold">{t`Leaves your wallet`}</dt>
        <dd className="border-t border-rule pt-1.5 text-right font-semibold">{money(sum)}</dd>
      </dl>
    </section>
  );
}
