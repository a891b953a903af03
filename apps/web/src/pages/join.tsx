import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { api, type PreparedProvider, type ProviderRules } from "../api.ts";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { Amount } from "../components/figures.tsx";
import { PageHead, Section, useTitle } from "../components/page.tsx";
import { Empty, Failure, Skeleton } from "../components/states.tsx";
import { Costs } from "../features/provider/costs.tsx";
import { DomainPicker } from "../features/provider/domain-picker.tsx";
import { choiceOf, KeyFields, useKeyChoice } from "../features/provider/key-choice.tsx";
import { RunNode } from "../features/provider/run-node.tsx";
import { preparedWith } from "../features/provider/shown-key.ts";
import { callSteps } from "../features/steps/call-steps.ts";
import { StepList } from "../features/steps/step-list.tsx";
import { useSteps, type Step } from "../features/steps/use-steps.ts";
import { FaucetButton } from "../features/wallet/account-button.tsx";
import { useBalance } from "../features/wallet/use-balance.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { formatAmount, parseAmount } from "../format/amount.ts";
import { formatDuration } from "../format/time.ts";
import { joinedQuery } from "../queries.ts";
import { useNetwork } from "../shell/use-network.ts";

export function JoinPage() {
  useTitle(t`Become a provider`);
  const wallet = useWallet();
  const owner = wallet.account?.address;
  const joined = useQuery({ ...joinedQuery(owner ?? ""), enabled: owner !== undefined });
  return (
    <>
      <PageHead title={t`Become a provider`}>
        <Trans>
          You run a node that reads sources and signs what happened. Your stake stands behind every signature.
        </Trans>
      </PageHead>
      {!owner ? (
        <Empty
          title={t`No wallet is connected`}
          action={
            <Button look="primary" busy={!wallet.ready} onClick={wallet.ask}>{t`Connect a wallet`}</Button>
          }
        >{t`The wallet that stakes is the owner: it alone is paid, and it alone can withdraw.`}</Empty>
      ) : joined.data ? (
        <Joining
          key={owner}
          owner={owner}
          rules={joined.data.rules}
          joined={joined.data.provider !== null && joined.data.provider.state !== "withdrawn"}
        />
      ) : joined.error ? (
        <Failure error={joined.error} retry={() => void joined.refetch()} />
      ) : (
        <Skeleton lines={6} />
      )}
    </>
  );
}

function Joining({ owner, rules, joined }: { owner: string; rules: ProviderRules; joined: boolean }) {
  // As it was when the form opened: in the midst of its steps the wallet becomes a provider, and the steps go on.
  const [before] = useState(joined);
  if (before)
    return (
      <Empty
        title={t`This wallet is a provider already`}
        action={
          <Link
            to="/providers/$owner"
            params={{ owner }}
            className="font-semibold text-accent underline underline-offset-4"
          >{t`See your own page`}</Link>
        }
      />
    );
  return <JoinForm owner={owner} rules={rules} />;
}

function JoinForm({ owner, rules }: { owner: string; rules: ProviderRules }) {
  const { collateral } = useNetwork();
  const wallet = useWallet();
  const balance = useBalance();
  const client = useQueryClient();
  const navigate = useNavigate();
  const steps = useSteps();
  const choice = useKeyChoice(owner);
  const { decimals, symbol } = collateral;
  const [text, setText] = useState(() => formatAmount(BigInt(rules.minStake), decimals).replaceAll(",", ""));
  const [domains, setDomains] = useState<readonly number[]>([0]);
  const [juror, setJuror] = useState(false);
  const [touched, setTouched] = useState(false);
  const [prepared, setPrepared] = useState<PreparedProvider>();
  const [error, setError] = useState<Error>();
  const [preparing, setPreparing] = useState(false);
  const { amount, problem } = readStake(text, decimals, BigInt(rules.minStake), balance);
  const key = choiceOf(choice.draft, owner);

  const look = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (amount === undefined || problem !== undefined || !("chosen" in key)) return;
    setPreparing(true);
    setError(undefined);
    try {
      const stake = String(amount);
      setPrepared(
        await preparedWith(key.chosen, (shown) =>
          api.prepareJoin({ owner, stake, domains: [...domains], ...shown }),
        ),
      );
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setPreparing(false);
    }
  };
  const join = async () => {
    if (!prepared) return;
    const done = await steps.run([
      ...callSteps(wallet, prepared.calls),
      ...(juror ? [duty(wallet, owner)] : []),
    ]);
    for (const stale of ["providers", "balance"]) void client.invalidateQueries({ queryKey: [stale] });
    if (done) await navigate({ to: "/providers/$owner", params: { owner } });
  };
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <form className="panel grid gap-6 p-4 sm:p-6" onSubmit={(event) => void look(event)} noValidate>
        {prepared ? (
          <>
            <h2 className="text-lg font-bold">{t`Look it over`}</h2>
            <dl className="grid gap-3 text-[0.9375rem]">
              <div>
                <dt className="label">{t`Signing key`}</dt>
                <dd className="font-mono text-sm break-all">{"chosen" in key && key.chosen.signer}</dd>
              </div>
              <div>
                <dt className="label">{t`Domains`}</dt>
                <dd className="num">{domains.length === 0 ? t`none` : domains.join(", ")}</dd>
              </div>
            </dl>
            <Costs prepared={prepared} rules={rules} />
            <Section title={t`Then run your node`}>
              <RunNode
                saved={choice.draft.way === "new" && "chosen" in key ? key.chosen.signer : undefined}
              />
            </Section>
            <StepList steps={steps} />
            {steps.views.length === 0 && (
              <div className="flex flex-wrap gap-3">
                <Button look="primary" onClick={() => void join()}>{t`Stake and join`}</Button>
                <Button onClick={() => setPrepared(undefined)}>{t`Back`}</Button>
              </div>
            )}
          </>
        ) : (
          <>
            <div>
              <TextField
                label={t`Stake`}
                inputMode="decimal"
                autoComplete="off"
                className="num text-lg font-semibold"
                value={text}
                after={symbol}
                onChange={(event) => setText(event.target.value)}
                error={touched ? problem : undefined}
                hint={t`At least ${formatAmount(BigInt(rules.minStake), decimals)} ${symbol}. More stake is more weight, up to a quarter of all.`}
              />
              {balance !== undefined && (
                <p className="mt-2 flex flex-wrap items-center gap-x-2 text-sm text-ink-2">
                  <Trans>
                    You have <Amount value={balance} decimals={decimals} symbol={symbol} />
                    {balance < BigInt(rules.minStake) && <FaucetButton />}
                  </Trans>
                </p>
              )}
            </div>
            <KeyFields choice={choice} problem={touched && "problem" in key ? key.problem : undefined} />
            <DomainPicker picked={domains} onChange={setDomains} />
            <label className="flex items-start gap-2 text-[0.9375rem]">
              <input
                type="checkbox"
                className="mt-1 size-4 accent-(--accent)"
                checked={juror}
                onChange={(event) => setJuror(event.target.checked)}
              />
              <span>
                <Trans>
                  Sit on juries too
                  <span className="block text-sm text-ink-2">
                    Drawn jurors who vote with the outcome are paid; who does not vote loses stake.
                  </span>
                </Trans>
              </span>
            </label>
            {error && <Failure error={error} />}
            <Button type="submit" look="primary" busy={preparing}>{t`See what it costs`}</Button>
          </>
        )}
      </form>
      <Before rules={rules} />
    </div>
  );
}

function Before({ rules }: { rules: ProviderRules }) {
  return (
    <aside className="grid content-start gap-8" aria-label={t`Before you stake`}>
      <Section title={t`Before you stake`}>
        <ol className="grid list-decimal gap-3 pl-5 text-[0.9375rem] marker:font-semibold marker:text-ink-3">
          <li>
            <Trans>
              A domain has {rules.seatsPerDomain} seats. While one is free it is yours with the next epoch,
              which lasts {formatDuration(rules.epochSeconds)} or longer; otherwise you wait on the bench.
            </Trans>
          </li>
          <li>
            <Trans>
              A signed answer that is overturned, or two different ones for the same question, cost stake. Two
              different ones cost all of it.
            </Trans>
          </li>
          <li>
            <Trans>
              You can leave at any time. The stake is free {formatDuration(rules.unbondingSeconds)} later, and
              can be slashed until then.
            </Trans>
          </li>
          <li>
            <Trans>
              After joining you start a node, with a command that this page shows. Without it you sign
              nothing, and what you miss costs reputation.
            </Trans>
          </li>
          <li>{t`Rewards wait at the oracle as credit, and you pay them out when you like.`}</li>
        </ol>
      </Section>
    </aside>
  );
}

/** Only who has joined can say that he sits on juries, so this is prepared when its turn comes. */
const duty = (wallet: ReturnType<typeof useWallet>, owner: string): Step => ({
  title: t`Be ready to sit on juries`,
  run: async (onState) => {
    const { calls } = await api.prepareJuror({ owner, willing: true });
    for (const call of calls) await wallet.send(call, onState);
  },
});

function readStake(
  text: string,
  decimals: number,
  least: bigint,
  balance: bigint | undefined,
): { amount?: bigint; problem?: string } {
  try {
    const amount = parseAmount(text, decimals);
    if (amount < least) return { amount, problem: t`At least ${formatAmount(least, decimals)}.` };
    if (balance !== undefined && amount > balance) return { amount, problem: t`More than you have.` };
    return { amount };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : t`Enter an amount.` };
  }
}
