import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";
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
import { StepList } from "../features/steps/step-list.tsx";
import { useSteps } from "../features/steps/use-steps.ts";
import { useBalance } from "../features/wallet/use-balance.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import type { Network } from "../api.ts";
import { networkQuery, questionModelQuery } from "../queries.ts";

type Part = { name: string; fields: readonly Field[]; show: (form: FormPart) => ReactNode };
const PARTS: readonly Part[] = [
  {
    name: "Question",
    fields: ["kind", "items", "text", "description", "edges", "min", "max", "tolerance"],
    show: (form) => <QuestionPart {...form} />,
  },
  { name: "Sources", fields: ["fallback"], show: (form) => <SourcesPart {...form} /> },
  {
    name: "Times",
    fields: ["observeAt", "discloseBy", "closesAt", "reportMinutes", "livenessMinutes"],
    show: (form) => <TimePart {...form} />,
  },
  { name: "Money", fields: ["fee", "reward", "secures", "watcher"], show: (form) => <MoneyPart {...form} /> },
];

export function CreatePage() {
  useTitle("Ask a question");
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
  const [part, setPart] = useState(sample ? PARTS.length : 0);
  const [tried, setTried] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const { plan, problems } = planOf(draft, now, collateral.decimals, { ...network.limits, balance });
  const here = PARTS[part];
  const blocking = here ? problemsOf(draft, here, problems) : [];

  const go = (to: number) => {
    setPart(to);
    setTried(false);
    requestAnimationFrame(() => heading.current?.focus());
  };
  const next = () => {
    if (blocking.length > 0) setTried(true);
    else go(part + 1);
  };
  const form: FormPart = {
    draft,
    set: kept.set,
    problems: tried ? problems : {},
  };

  return (
    <>
      <PageHead title="Ask a question">
        You ask it with a reward for those who answer, and open a market on it in the same go. Many things at
        once are asked without a market.
      </PageHead>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          {model && <LikeNote />}
          <DraftList form={kept} titleOf={({ text }) => text} onOpen={() => go(0)} />
          <Progress part={part} onGo={go} />
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              next();
            }}
          >
            <h2 ref={heading} tabIndex={-1} className="mb-4 text-xl font-bold outline-none">
              {here ? here.name : "Look it over and sign"}
            </h2>
            {here ? (
              here.show(form)
            ) : plan ? (
              <Sign plan={plan} onBack={() => go(part - 1)} onOpened={kept.finish} />
            ) : (
              <Gone onGo={() => go(firstBroken(draft, problems))} problems={problems} />
            )}
            {here && (
              <div className="mt-7 flex gap-3 border-t border-rule pt-5">
                {part > 0 && <Button onClick={() => go(part - 1)}>Back</Button>}
                <Button type="submit" look="primary">
                  {part === PARTS.length - 1 ? "Look it over" : "Next"}
                </Button>
                {tried && blocking.length > 0 && (
                  <p role="alert" className="self-center text-sm font-medium text-bad">
                    {blocking[0]}
                  </p>
                )}
              </div>
            )}
          </form>
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
      Filled in like the question you came from. Its times are new: see that the text names them too.
    </p>
  );
}

function Progress({ part, onGo }: { part: number; onGo: (part: number) => void }) {
  return (
    <ol className="mb-7 flex gap-1.5" aria-label="Parts of the form">
      {[...PARTS.map(({ name }) => name), "Sign"].map((name, index) => (
        <li key={name} className="min-w-0 flex-1">
          <button
            type="button"
            disabled={index >= part}
            aria-current={index === part ? "step" : undefined}
            onClick={() => onGo(index)}
            className={`block w-full border-t-4 pt-1.5 text-left text-sm ${index <= part ? "border-accent" : "border-rule"} ${index === part ? "font-semibold" : "text-ink-3"}`}
          >
            <span className="block truncate">{name}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Hints({ draft }: { draft: Draft }) {
  const hints = hintsFor(draft);
  return (
    <aside aria-label="Could it be misread?">
      <h2 className="label mb-2">Could it be misread?</h2>
      <div aria-live="polite">
        {hints.length === 0 ? (
          <p className="text-[0.9375rem] text-ink-2">
            {draft.text.trim().length < 8
              ? "Advice appears here while you write."
              : "Nothing found by these few rules, which know words and numbers and not what you mean. Would a stranger read it as you do?"}
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
      title: "Prepare the question",
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
          <Button onClick={onBack}>Back</Button>
          <Button look="primary" busy={steps.preparing || !wallet.ready} onClick={sign}>
            {account ? (plan.market ? "Sign and open" : "Sign and ask") : "Connect a wallet"}
          </Button>
        </div>
      )}
    </div>
  );
}

/** While one looks it over the clock goes on, and a moment may pass. */
function Gone({ problems, onGo }: { problems: Problems; onGo: () => void }) {
  return (
    <div role="alert" className="grid justify-items-start gap-3">
      <p>{Object.values(problems)[0]}</p>
      <Button onClick={onGo}>Mend it</Button>
    </div>
  );
}

function problemsOf(draft: Draft, part: Part, problems: Problems): string[] {
  const fields: Field[] = [...part.fields];
  if (part.name === "Question") fields.push(...formOf(draft).fields.map(({ name }) => name));
  if (part.name === "Sources")
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
