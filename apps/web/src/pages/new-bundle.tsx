import { i18n } from "@lingui/core";
import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Built } from "@sooth/bundles/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { type AbiFunction, bytesToHex, type Hex } from "viem";
import { api, type BundleQuote, type Network } from "../api.ts";
import { chainNow } from "../clock.ts";
import { Button } from "../components/button.tsx";
import { Choice, SelectField, TextField } from "../components/field.tsx";
import { PageHead, Section, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { contractsOf } from "../features/bundle/contracts-of.ts";
import { chainsOf, useChainTitle } from "../features/bundle/use-chains.ts";
import { modeWords } from "../features/bundle/words.ts";
import { DraftList } from "../features/drafts/draft-list.tsx";
import { useDraft } from "../features/drafts/use-draft.ts";
import type { Means, Problems } from "../features/new-bundle/build-draft.ts";
import {
  AS_NEEDED,
  bundleShelf,
  type Draft,
  durationFor,
  DURATIONS,
  LOCAL_DURATIONS,
  LONGEST,
  newDraft,
  type Side,
} from "../features/new-bundle/draft.ts";
import type { How } from "../features/new-bundle/send-steps.ts";
import { SwapPart } from "../features/new-bundle/swap-part.tsx";
import { useToken } from "../features/new-bundle/use-token.ts";
import { StepList } from "../features/steps/step-list.tsx";
import { useSteps } from "../features/steps/use-steps.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { parseAmount } from "../format/amount.ts";
import { formatDuration } from "../format/time.ts";
import { networkQuery } from "../queries.ts";

// What a form is made of comes with it; what makes a bundle of it, with all of its ABI, comes when that is asked for.
const loadReview = () => import("../features/new-bundle/review.tsx");
const loadMaker = () => import("../features/new-bundle/build-draft.ts");
const Review = lazy(async () => ({ default: (await loadReview()).Review }));
const StepsPart = lazy(async () => ({
  default: (await import("../features/new-bundle/steps-part.tsx")).StepsPart,
}));

export function NewBundlePage() {
  useTitle(t`Make a bundle`);
  const network = useQuery(networkQuery);
  if (network.data) return <Form network={network.data} />;
  if (network.error) return <Failure error={network.error} retry={() => void network.refetch()} />;
  return <Skeleton lines={8} />;
}

type Looked = { built: Built; quote: BundleQuote; typed: AbiFunction[] };

function Form({ network }: { network: Network }) {
  const { collateral } = network;
  const wallet = useWallet();
  const navigate = useNavigate();
  const title = useChainTitle();
  const steps = useSteps();
  const kept = useDraft<Draft>(bundleShelf, () => blankOf(network));
  const { draft, set } = kept;
  const [problems, setProblems] = useState<Problems>({});
  const [looked, setLooked] = useState<Looked>();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<Error>();
  const tokens = { gives: useToken(draft.gives), wants: useToken(draft.wants) };
  const decimalsOf = (side: Side) =>
    (side === draft.gives ? tokens.gives : tokens.wants)?.decimals ??
    (side.token.toLowerCase() === collateral.address.toLowerCase() ? collateral.decimals : undefined);
  const contracts = contractsOf(network);

  // Who pays into a swap has to see what he signs.
  const isPrivate = draft.isPrivate && draft.template === "steps";

  const look = async (owner: Hex) => {
    const [{ askedOf, planOf, typedIn }] = await Promise.all([loadMaker(), loadReview()]);
    const random = crypto.getRandomValues(new Uint8Array(40));
    const means: Means = {
      hub: contracts.hub,
      owner,
      now: chainNow(),
      fee: 0n,
      salt: BigInt(bytesToHex(random.slice(32))),
      random: bytesToHex(random.slice(0, 32)),
      decimalsOf,
    };
    const plain = planOf({ ...draft, seconds: draft.seconds || LONGEST }, means);
    const fee = feeOf(draft.fee);
    setProblems(
      fee === undefined
        ? { ...plain.problems, fee: t`An amount, or nothing for the quoted one.` }
        : plain.problems,
    );
    if (!plain.built || fee === undefined) return;
    const quote = await api.quoteBundle(askedOf(plain.built, isPrivate));
    const seconds = draft.seconds || durationFor(quote.seconds, network.hub.local);
    if (seconds < quote.leastSeconds) {
      const least = formatDuration(quote.leastSeconds);
      setProblems({
        seconds: t`Attesters wait ${least} at least for these chains, so it could not succeed.`,
      });
      return;
    }
    const { built } = planOf({ ...draft, seconds }, { ...means, fee: fee ?? BigInt(quote.fee) });
    if (built) setLooked({ built, quote, typed: typedIn(draft) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wallet.account) {
      wallet.ask();
      return;
    }
    setAsking(true);
    setError(undefined);
    look(wallet.account.address.toLowerCase() as Hex)
      .catch((cause: unknown) => setError(cause instanceof Error ? cause : new Error(String(cause))))
      .finally(() => setAsking(false));
  };
  const sign = (how: How) => {
    if (!looked) return;
    void steps.runPrepared({
      title: t`Prepare the bundle`,
      prepare: async () => {
        const { sendSteps } = await import("../features/new-bundle/send-steps.ts");
        const { built, quote } = looked;
        const across = new Set(quote.legs.flatMap((leg) => (leg.across === true ? leg.place : [])));
        return sendSteps({ wallet, contracts, built, across, how, isPrivate, title, onOpen: kept.finish });
      },
      onDone: () => void navigate({ to: "/bundles/$id", params: { id: looked.built.id } }),
    });
  };

  return (
    <>
      <PageHead title={t`Make a bundle`}>
        <Trans>
          A swap across chains is paid on both sides or given back on both. Steps run in their order, and
          where one fails those before it are undone as you say.
        </Trans>
      </PageHead>
      <div className="max-w-[46rem]">
        {looked ? (
          steps.views.length > 0 ? (
            <StepList steps={steps} />
          ) : (
            <Suspense fallback={<Skeleton lines={8} />}>
              <Review {...looked} busy={steps.preparing} onSign={sign} onBack={() => setLooked(undefined)} />
            </Suspense>
          )
        ) : (
          <form className="grid min-w-0 gap-8" noValidate onSubmit={submit}>
            <DraftList form={kept} titleOf={titleOf} onOpen={() => setProblems({})} />
            <Parts {...{ draft, set, problems, network }} />
            {error && <Failure error={error} />}
            <div className="flex flex-wrap items-center gap-3">
              <Button type="submit" look="primary" busy={asking || !wallet.ready}>
                {wallet.account ? t`Look at it, and what it costs` : t`Connect a wallet`}
              </Button>
              {Object.keys(problems).length > 0 && (
                <p role="alert" className="text-sm font-medium text-bad">
                  {problems["form"] ?? t`Something is missing, or wrong: look at the fields that say so.`}
                </p>
              )}
            </div>
          </form>
        )}
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
  const durations = network.hub.local ? [...LOCAL_DURATIONS, ...DURATIONS] : DURATIONS;
  return (
    <>
      <Choice
        legend={t`What you want`}
        value={draft.template}
        onChange={(template) => set({ template })}
        options={[
          { value: "swap", label: t`Swap with somebody`, hint: modeWords("escrowed").about },
          { value: "steps", label: t`Steps across chains`, hint: modeWords("ordered").about },
        ]}
      />
      {draft.template === "swap" ? (
        <SwapPart {...{ draft, set, problems }} />
      ) : (
        <Suspense fallback={<Skeleton lines={8} />}>
          <StepsPart {...{ draft, set, problems }} />
        </Suspense>
      )}
      <Section title={t`Time and fee`}>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label={t`It has to be done within`}
            value={String(draft.seconds)}
            onChange={({ target: { value } }) => set({ seconds: Number(value) })}
            error={problems["seconds"]}
          >
            <option value={AS_NEEDED}>{t`As long as it needs, and time to agree`}</option>
            {durations.map(({ seconds, label }) => (
              <option key={seconds} value={seconds}>
                {i18n._(label)}
              </option>
            ))}
          </SelectField>
          <TextField
            label={t`Fee for relayers`}
            after={network.hub.coin}
            inputMode="decimal"
            className="num"
            value={draft.fee}
            onChange={({ target: { value } }) => set({ fee: value })}
            error={problems["fee"]}
            placeholder={t`as quoted`}
            hint={t`What nobody earns of it comes back to you.`}
          />
        </div>
        {draft.template === "steps" && (
          <div className="mt-4">
            <Choice
              legend={t`Until they run, the steps are`}
              value={draft.isPrivate ? "private" : "shown"}
              onChange={(value) => set({ isPrivate: value === "private" })}
              options={[
                { value: "shown", label: t`Shown`, hint: t`Anybody can relay them.` },
                {
                  value: "private",
                  label: t`Private`,
                  hint: t`The hub gets their hash alone. This server’s relayers know them before the others do.`,
                },
              ]}
            />
          </div>
        )}
      </Section>
    </>
  );
}

const blankOf = ({ hub, rollups, collateral }: Network): Draft =>
  newDraft({
    chains: chainsOf({ hub, rollups } as Network)
      .toSorted((a, b) => Number(a.isHub) - Number(b.isHub))
      .map(({ chainId }) => chainId),
    token: collateral.address,
  });

const titleOf = ({ template, gives, wants, steps }: Draft): string => {
  if (template === "swap") return t`Swap ${gives.amount} for ${wants.amount}`;
  const count = plural(steps.length, { one: "# step", other: "# steps" });
  const first = steps[0]?.call.signature;
  return first ? `${count}: ${first}` : count;
};

/** Null: as quoted. Undefined: what is typed is no amount. */
function feeOf(text: string): bigint | null | undefined {
  if (text.trim() === "") return null;
  try {
    return parseAmount(text, 18);
  } catch {
    return undefined;
  }
}
