import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { chainNow, useNow } from "../clock.ts";
import { Button } from "../components/button.tsx";
import { PageHead, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { AskedAlready } from "../features/create/asked-already.tsx";
import { createSteps } from "../features/create/create-steps.ts";
import {
  formOf,
  newDraft,
  sampleDraft,
  type Draft,
  type Field,
  type Problems,
} from "../features/create/draft.ts";
import type { FormPart } from "../features/create/form.ts";
import { hintsFor } from "../features/create/hints.ts";
import { questionShelf } from "../features/create/kept-draft.ts";
import { likeDraft, type Model } from "../features/create/like.ts";
import { MoneyPart } from "../features/create/money-part.tsx";
import { planOf } from "../features/create/plan.ts";
import { QuestionPart } from "../features/create/question-part.tsx";
import { Review } from "../features/create/review.tsx";
import { SourcesPart } from "../features/create/sources-part.tsx";
import { TimePart } from "../features/create/time-part.tsx";
import { DraftList } from "../features/drafts/draft-list.tsx";
import { useDraft } from "../features/drafts/use-draft.ts";
import { Broken, PartForm } from "../features/parts/part-form.tsx";
import { usePartInHistory } from "../features/parts/use-part.ts";
import { StepList } from "../features/steps/step-list.tsx";
import { useSteps } from "../features/steps/use-steps.ts";
import { useBalance } from "../features/wallet/use-balance.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import type { Network } from "../api.ts";
import { networkQuery, questionModelQuery } from "../queries.ts";

type Part = { name: MessageDescriptor; fields: readonly Field[]; show: (form: FormPart) => ReactNode };
const QUESTION: Part = {
  name: msg`Question`,
  fields: ["kind", "items", "text", "description", "edges", "min", "max", "tolerance"],
  show: (form) => <QuestionPart {...form} />,
};
const SOURCES: Part = {
  name: msg`Sources`,
  fields: ["fallback"],
  show: (form) => <SourcesPart {...form} />,
};
const PARTS: readonly Part[] = [
  QUESTION,
  SOURCES,
  {
    name: msg`Times`,
    fields: ["observeAt", "discloseBy", "closesAt", "reportMinutes", "livenessMinutes"],
    show: (form) => <TimePart {...form} />,
  },
  {
    name: msg`Money`,
    fields: ["fee", "reward", "secures", "watcher"],
    show: (form) => <MoneyPart {...form} />,
  },
];

export function CreatePage() {
  useTitle(t`Ask a question`);
  const { like, sample = false } = useSearch({ from: "/create" });
  // The first moments are offered by the chain's clock, so the form waits for it.
  const network = useQuery(networkQuery);
  const model = useQuery(questionModelQuery(like));
  const error = network.error ?? model.error;
  if (error && !(network.data && (model.data || like === undefined)))
    return <Failure error={error} retry={() => void Promise.all([network.refetch(), model.refetch()])} />;
  if (!network.data || (like !== undefined && !model.data)) return <Skeleton lines={8} />;
  // Another thing to begin with is another form.
  return <CreateForm key={like} network={network.data} model={model.data} sample={sample} />;
}

type CreateFormProps = { network: Network; model: Model | undefined; sample: boolean };
function CreateForm({ network, model, sample }: CreateFormProps) {
  const { collateral } = network;
  const balance = useBalance();
  const now = useNow();
  const blank = () => newDraft(chainNow(), network.hub.local);
  const start = () => {
    if (model) return likeDraft(blank(), model, collateral.decimals);
    return sample ? sampleDraft(chainNow(), network.sourceTemplates) : blank();
  };
  const kept = useDraft<Draft>(questionShelf, start, blank);
  const { draft } = kept;
  const place = usePartInHistory(sample ? PARTS.length : 0);
  const { part, go } = place;
  const [triedIn, setTriedIn] = useState<number>();
  const tried = triedIn === part;
  const { plan, problems } = planOf(draft, now, collateral.decimals, { ...network.limits, balance });
  const here = PARTS[part];
  const blocking = here ? problemsOf(draft, here, problems) : [];

  const next = () => {
    setTriedIn(blocking.length > 0 ? part : undefined);
    if (here && blocking.length === 0) go(part + 1);
  };
  const form: FormPart = {
    draft,
    set: kept.set,
    problems: tried ? problems : {},
  };

  return (
    <>
      <PageHead title={t`Ask a question`}>
        <Trans>
          You ask it with a reward for those who answer, and open a market on it in the same go. Many things
          at once are asked without a market.
        </Trans>
      </PageHead>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          {model && <LikeNote />}
          <DraftList
            form={kept}
            titleOf={({ text }) => text}
            onOpen={() => {
              setTriedIn(undefined);
              go(0);
            }}
          />
          <PartForm
            names={[...PARTS.map(({ name }) => i18n._(name)), t`Sign`]}
            title={here ? i18n._(here.name) : t`Look it over and sign`}
            place={place}
            complaint={tried ? blocking[0] : undefined}
            onNext={next}
          >
            {here ? (
              here.show(form)
            ) : plan ? (
              <Sign plan={plan} onBack={() => go(part - 1)} onOpened={kept.finish} />
            ) : (
              <Broken
                problem={Object.values(problems)[0]}
                onMend={() => {
                  const to = firstBroken(draft, problems);
                  setTriedIn(to);
                  go(to);
                }}
              />
            )}
          </PartForm>
        </div>
        <div className="grid content-start gap-6 lg:pt-12">
          <Hints draft={draft} />
          <AskedAlready text={draft.text} />
        </div>
      </div>
    </>
  );
}

/** What a question that was asked already leaves open for the next. */
function LikeNote() {
  return (
    <p className="mb-4 border-l-2 border-gold pl-3 text-[0.9375rem] text-ink-2">
      <Trans>
        Filled in like the question you came from. Its times are new: see that the text names them too.
      </Trans>
    </p>
  );
}

function Hints({ draft }: { draft: Draft }) {
  const hints = hintsFor(draft);
  return (
    <aside aria-label={t`Could it be misread?`}>
      <h2 className="label mb-2">{t`Could it be misread?`}</h2>
      <div aria-live="polite">
        {hints.length === 0 ? (
          <p className="text-[0.9375rem] text-ink-2">
            {draft.text.trim().length < 8
              ? t`Advice appears here while you write.`
              : t`Nothing found by these few rules, which know words and numbers and not what you mean. Would a stranger read it as you do?`}
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
    </aside>
  );
}

function Sign({
  plan,
  onBack,
  onOpened,
}: {
  plan: NonNullable<ReturnType<typeof planOf>["plan"]>;
  onBack: () => void;
  onOpened: () => void;
}) {
  const wallet = useWallet();
  const navigate = useNavigate();
  const steps = useSteps();
  const account = wallet.account;
  const sign = () => {
    if (!account) {
      wallet.ask();
      return;
    }
    void steps.runPrepared({
      title: t`Prepare the question`,
      prepare: () =>
        createSteps(wallet, plan, account.address, ({ to, id }) => {
          onOpened();
          void navigate({ to, params: { id } });
        }),
    });
  };
  return (
    <div className="grid gap-6">
      <div className="panel p-5">
        <Review plan={plan} />
      </div>
      <StepList steps={steps} />
      {steps.views.length === 0 && (
        <div className="flex gap-3">
          <Button onClick={onBack}>{t`Back`}</Button>
          <Button look="primary" busy={steps.preparing || !wallet.ready} onClick={sign}>
            {account ? (plan.market ? t`Sign and open` : t`Sign and ask`) : t`Connect a wallet`}
          </Button>
        </div>
      )}
    </div>
  );
}

function problemsOf(draft: Draft, part: Part, problems: Problems): string[] {
  const fields: Field[] = [...part.fields];
  if (part === QUESTION) fields.push(...formOf(draft).fields.map(({ name }) => name));
  if (part === SOURCES)
    fields.push(
      ...formOf(draft).deciding.map(({ name }) => name),
      ...draft.sources.map((_, index): Field => `source${index}`),
      ...draft.secondary.map((_, index): Field => `secondary${index}`),
    );
  return fields.map((field) => problems[field]).filter((problem) => problem !== undefined);
}

const firstBroken = (draft: Draft, problems: Problems): number =>
  Math.max(
    0,
    PARTS.findIndex((part) => problemsOf(draft, part, problems).length > 0),
  );
