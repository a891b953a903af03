import { OPINION_LIMITS, RULES } from "@sooth/markets/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import type { Network, OpinionMarket } from "../api.ts";
import { chainNow, useNow } from "../clock.ts";
import { Button } from "../components/button.tsx";
import { Choice, LongTextField, SelectField, TextField } from "../components/field.tsx";
import { Amount } from "../components/figures.tsx";
import { PageHead, Section, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { DraftList } from "../features/drafts/draft-list.tsx";
import { useDraft } from "../features/drafts/use-draft.ts";
import { RULE_WORDS } from "../features/opinion/rule-words.ts";
import {
  type Draft,
  DURATIONS,
  hintsFor,
  LOCAL_DURATIONS,
  newDraft,
  planOf,
  type Problems,
  revealSecondsOf,
} from "../features/put-up/draft.ts";
import { statementShelf } from "../features/put-up/kept-draft.ts";
import { likeDraft } from "../features/put-up/like.ts";
import { formatDuration } from "../format/time.ts";
import { putUpSteps } from "../features/put-up/put-up-steps.ts";
import { StepList } from "../features/steps/step-list.tsx";
import { useSteps } from "../features/steps/use-steps.ts";
import { useBalance } from "../features/wallet/use-balance.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { parseAmount } from "../format/amount.ts";
import { networkQuery, opinionLimitsQuery, opinionMarketQuery, similarStatementsQuery } from "../queries.ts";

export function PutUpPage() {
  useTitle("Put up a statement");
  const { like } = useSearch({ from: "/opinions/create" });
  const network = useQuery(networkQuery);
  const model = useQuery({ ...opinionMarketQuery(like ?? ""), enabled: like !== undefined });
  const error = network.error ?? model.error;
  if (error && !(network.data && (model.data || like === undefined)))
    return <Failure error={error} retry={() => void Promise.all([network.refetch(), model.refetch()])} />;
  if (!network.data || (like !== undefined && !model.data)) return <Skeleton lines={8} />;
  return <Form key={like} network={network.data} model={model.data} />;
}

function Form({ network, model }: { network: Network; model: OpinionMarket | undefined }) {
  const { collateral, hub, addresses, limits } = network;
  const wallet = useWallet();
  const balance = useBalance();
  const now = useNow();
  const navigate = useNavigate();
  const steps = useSteps();
  const blank = () => newDraft(hub.local);
  const kept = useDraft<Draft>(
    statementShelf,
    () => (model ? likeDraft(model, collateral.decimals, hub.local) : blank()),
    blank,
  );
  const { draft, set } = kept;
  const [tried, setTried] = useState(false);
  const opinionLimits = useQuery(opinionLimitsQuery);
  const fixed = opinionLimits.data && {
    creationFee: BigInt(opinionLimits.data.creationFee),
    leastSeconds: opinionLimits.data.leastSeconds,
    leastStake: BigInt(opinionLimits.data.leastStake),
    mostStake: BigInt(opinionLimits.data.mostStake),
    leastFamilies: opinionLimits.data.leastFamilies,
  };
  const { decimals } = collateral;
  const means = { ...limits, hub, opinions: addresses.opinions, decimals, balance, fixed };
  const { plan, problems } = planOf(draft, now, means);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    // Nobody signs before he could see what it costs.
    if (!plan || fixed === undefined) return;
    const { account } = wallet;
    if (!account) {
      wallet.ask();
      return;
    }
    void steps.runPrepared({
      title: "Prepare the statement",
      prepare: () => {
        // The plan of this very moment: times count from now.
        const current = planOf(draft, chainNow(), means).plan ?? plan;
        return putUpSteps(wallet, current, account.address, (id) => {
          kept.finish();
          void navigate({ to: "/opinions/$id", params: { id } });
        });
      },
    });
  };

  return (
    <>
      <PageHead title="Put up a statement">
        People stake on it with an opinion and a stance. You pay those who judge it, and earn a fee of all
        stakes.
      </PageHead>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <form className="grid min-w-0 gap-8" noValidate onSubmit={submit}>
          <DraftList form={kept} titleOf={({ statement }) => statement} onOpen={() => setTried(false)} />
          <Parts draft={draft} set={set} problems={tried ? problems : {}} network={network} />
          {opinionLimits.error && (
            <Failure error={opinionLimits.error} retry={() => void opinionLimits.refetch()} />
          )}
          <Costs creationFee={fixed?.creationFee} reward={draft.reward} collateral={collateral} />
          <StepList steps={steps} />
          {steps.views.length === 0 && (
            <div className="flex flex-wrap items-center gap-3">
              <Button
                type="submit"
                look="primary"
                busy={steps.preparing || !wallet.ready || opinionLimits.isPending}
              >
                {wallet.account ? "Sign and put it up" : "Connect a wallet"}
              </Button>
              {tried && !plan && (
                <p role="alert" className="text-sm font-medium text-bad">
                  {Object.values(problems)[0]}
                </p>
              )}
            </div>
          )}
        </form>
        <Advice statement={draft.statement} />
      </div>
    </>
  );
}

type PartsProps = {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  problems: Problems;
  network: Network;
};
function Parts({ draft, set, problems, network }: PartsProps) {
  const { collateral, hub } = network;
  const text = (
    name: "fee" | "prize" | "prizes" | "leastStake" | "mostStake" | "minConfidence" | "reward",
    after: string,
  ) => ({
    value: draft[name],
    after,
    inputMode: "decimal" as const,
    className: "num",
    error: problems[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  });
  const durations = hub.local ? [...LOCAL_DURATIONS, ...DURATIONS] : DURATIONS;
  return (
    <>
      <Section title="Statement">
        <LongTextField
          label="What people are for or against"
          rows={3}
          room={{ most: OPINION_LIMITS.statementBytes, unit: "bytes" }}
          value={draft.statement}
          onChange={(event) => set({ statement: event.target.value })}
          error={problems.statement}
          hint="One sentence that one can be for or against."
        />
      </Section>
      <Section title="Time and stances" className="grid gap-4">
        <SelectField
          label="Open for"
          value={String(draft.openSeconds)}
          onChange={(event) => set({ openSeconds: Number(event.target.value) })}
          hint="In the last tenth of it, an hour at most, only the smallest stake is taken."
        >
          {durations.map(({ seconds, label }) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </SelectField>
        <div>
          <Choice
            legend="While it is open, stances are"
            value={draft.hidden ? "hidden" : "open"}
            onChange={(value) => set({ hidden: value === "hidden" })}
            options={[
              { value: "open", label: "Open", hint: "Everybody sees where the stakes stand." },
              {
                value: "hidden",
                label: "Hidden",
                hint: `Nobody can follow the crowd: each browser locks its stance, and the lock opens after closing. Judging starts ${formatDuration(revealSecondsOf(hub))} later.`,
              },
            ]}
          />
        </div>
      </Section>
      <Section title="Who is paid">
        <Choice
          legend="How nearness to the score counts"
          columns={2}
          value={draft.rule}
          onChange={(rule) => set({ rule })}
          options={RULES.map((value) => ({
            value,
            label: RULE_WORDS[value].name,
            hint: RULE_WORDS[value].hint,
          }))}
        />
        <div className="mt-4 grid gap-4 sm:grid-cols-2">
          <TextField label="Smallest stake" {...text("leastStake", collateral.symbol)} />
          <TextField
            label="Largest stake"
            {...text("mostStake", collateral.symbol)}
            hint="One opinion an address."
          />
          <TextField
            label="Your fee"
            {...text("fee", "%")}
            hint="Of all stakes, at most 10. None when void."
          />
          <TextField
            label="Prizes"
            {...text("prize", "%")}
            hint="Of all stakes, drawn by odds; 0 switches the draw off."
          />
          <TextField label="Number of prizes" {...text("prizes", "")} hint="Equal ones, 1 to 16." />
          <TextField
            label="Least confidence"
            {...text("minConfidence", "%")}
            hint="A score that those who judge are less sure of voids the market."
          />
        </div>
      </Section>
      <Section title="Judges">
        <TextField
          label="Reward for judging"
          {...text("reward", collateral.symbol)}
          hint="Shared by the providers who sign the score. You get it back if no answer comes."
        />
      </Section>
    </>
  );
}

/** What leaves the wallet, and what of it may come back, before anything is signed. */
function Costs({
  creationFee,
  reward: typed,
  collateral,
}: {
  /** Undefined while it is not known. */
  creationFee: bigint | undefined;
  reward: string;
  collateral: Network["collateral"];
}) {
  const reward = readReward(typed, collateral.decimals);
  const sum = creationFee === undefined || reward === undefined ? undefined : creationFee + reward;
  const money = (value: bigint | undefined) =>
    value === undefined ? (
      "…"
    ) : (
      <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} />
    );
  return (
    <Section title="What it costs you">
      <dl className="grid max-w-[34rem] grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1.5 text-[0.9375rem]">
        <dt>
          Creation fee <span className="block text-sm text-ink-2">to the treasury, never returned</span>
        </dt>
        <dd className="text-right">{money(creationFee)}</dd>
        <dt>
          Reward for judging
          <span className="block text-sm text-ink-2">back to you if no answer comes</span>
        </dt>
        <dd className="text-right">{money(reward)}</dd>
        <dt className="border-t border-rule pt-1.5 font-semibold">Leaves your wallet</dt>
        <dd className="border-t border-rule pt-1.5 text-right font-semibold">{money(sum)}</dd>
      </dl>
    </Section>
  );
}

/** Undefined while what is typed is no amount: the field itself says what is wrong. */
function readReward(typed: string, decimals: number): bigint | undefined {
  try {
    return parseAmount(typed, decimals);
  } catch {
    return undefined;
  }
}

/** What could be misread, and what is up already that says nearly the same. */
function Advice({ statement }: { statement: string }) {
  const hints = hintsFor(statement);
  const similar = useQuery(similarStatementsQuery(statement.trim()));
  return (
    <aside aria-label="Advice" className="grid content-start gap-6 lg:pt-2">
      <div aria-live="polite">
        <h2 className="label mb-2">Could it be misread?</h2>
        {hints.length === 0 ? (
          <p className="text-[0.9375rem] text-ink-2">
            {statement.trim().length < 10
              ? "Advice appears here while you write."
              : "Nothing that this page looks for."}
          </p>
        ) : (
          <ul className="grid gap-3 text-[0.9375rem] text-ink-2">
            {hints.map((hint) => (
              <li key={hint} className="border-l-2 border-gold pl-3">
                {hint}
              </li>
            ))}
          </ul>
        )}
      </div>
      {similar.data && similar.data.length > 0 && (
        <div>
          <h2 className="label mb-2">Up already</h2>
          <ul className="grid gap-2 text-[0.9375rem]">
            {similar.data.map(({ id, statement: other }) => (
              <li key={id}>
                <Link to="/opinions/$id" params={{ id }} className="underline underline-offset-4">
                  {other}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </aside>
  );
}
