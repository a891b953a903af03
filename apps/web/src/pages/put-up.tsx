import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Network, OpinionMarket } from "../api.ts";
import { chainNow, useNow } from "../clock.ts";
import { Button } from "../components/button.tsx";
import { PageHead, useTitle } from "../components/page.tsx";
import { Failure, Skeleton } from "../components/states.tsx";
import { DraftList } from "../features/drafts/draft-list.tsx";
import { useDraft } from "../features/drafts/use-draft.ts";
import { Broken, PartForm } from "../features/parts/part-form.tsx";
import { usePartInHistory } from "../features/parts/use-part.ts";
import { Advice } from "../features/put-up/advice.tsx";
import { type Draft, newDraft, planOf } from "../features/put-up/draft.ts";
import { statementShelf } from "../features/put-up/kept-draft.ts";
import { likeDraft } from "../features/put-up/like.ts";
import { PARTS, problemsIn } from "../features/put-up/parts.tsx";
import { putUpSteps } from "../features/put-up/put-up-steps.ts";
import { Review } from "../features/put-up/review.tsx";
import { StepList } from "../features/steps/step-list.tsx";
import { useSteps } from "../features/steps/use-steps.ts";
import { useBalance } from "../features/wallet/use-balance.ts";
import { useWallet } from "../features/wallet/wallet-context.tsx";
import { networkQuery, opinionLimitsQuery, opinionMarketQuery } from "../queries.ts";

export function PutUpPage() {
  useTitle(t`Put up a statement`);
  const { like } = useSearch({ from: "/opinions/create" });
  const network = useQuery(networkQuery);
  const model = useQuery({ ...opinionMarketQuery(like ?? ""), enabled: like !== undefined });
  const limits = useQuery(opinionLimitsQuery);
  const error = network.error ?? model.error;
  if (error && !(network.data && (model.data || like === undefined)))
    return <Failure error={error} retry={() => void Promise.all([network.refetch(), model.refetch()])} />;
  // What is proposed hangs on the limits. Where they cannot be had, the form says so before anything is signed.
  if (!network.data || limits.isPending || (like !== undefined && !model.data)) return <Skeleton lines={8} />;
  return <Form key={like} network={network.data} model={model.data} />;
}

function Form({ network, model }: { network: Network; model: OpinionMarket | undefined }) {
  const { collateral, hub, addresses, limits } = network;
  const wallet = useWallet();
  const balance = useBalance();
  const now = useNow();
  const navigate = useNavigate();
  const steps = useSteps();
  const opinionLimits = useQuery(opinionLimitsQuery);
  const { decimals } = collateral;
  const mostSecured = opinionLimits.data?.mostSecured ?? null;
  const securing = { decimals, mostSecured: mostSecured === null ? null : BigInt(mostSecured) };
  const blank = () => newDraft(hub.local, securing);
  const kept = useDraft<Draft>(
    statementShelf,
    () => (model ? likeDraft(model, securing, hub.local) : blank()),
    blank,
  );
  const { draft, set } = kept;
  const place = usePartInHistory(0);
  const { part, go } = place;
  const [triedIn, setTriedIn] = useState<number>();
  const tried = triedIn === part;
  const fixed = opinionLimits.data && {
    creationFee: BigInt(opinionLimits.data.creationFee),
    leastSeconds: opinionLimits.data.leastSeconds,
    leastStake: BigInt(opinionLimits.data.leastStake),
    mostStake: BigInt(opinionLimits.data.mostStake),
    leastFamilies: opinionLimits.data.leastFamilies,
    mostSecured: securing.mostSecured,
  };
  const means = {
    ...limits,
    hub,
    opinions: addresses.opinions,
    decimals,
    balance,
    fixed,
    tells: network.keeper.tells,
  };
  const { plan, problems } = planOf(draft, now, means);
  const here = PARTS[part];
  const blocking = here ? problemsIn(here, problems) : [];

  const next = () => {
    setTriedIn(blocking.length > 0 ? part : undefined);
    if (here && blocking.length === 0) go(part + 1);
  };
  const mend = () => {
    const broken = Math.max(
      0,
      PARTS.findIndex((one) => problemsIn(one, problems).length > 0),
    );
    setTriedIn(broken);
    go(broken);
  };
  const sign = () => {
    // Nobody signs before he could see what it costs.
    if (!plan || fixed === undefined) return;
    const { account } = wallet;
    if (!account) {
      wallet.ask();
      return;
    }
    void steps.runPrepared({
      title: t`Prepare the statement`,
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
      <PageHead title={t`Put up a statement`}>
        <Trans>
          People stake on it with an opinion and a stance. You pay those who judge it, and earn a fee of all
          stakes.
        </Trans>
      </PageHead>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <DraftList
            form={kept}
            titleOf={({ statement }) => statement}
            onOpen={() => {
              setTriedIn(undefined);
              go(0);
            }}
          />
          <PartForm
            names={[...PARTS.map(({ name }) => i18n._(name)), t`Sign`]}
            title={here ? i18n._(here.title) : t`Look it over and sign`}
            place={place}
            complaint={tried ? blocking[0] : undefined}
            onNext={next}
            held={steps.preparing || steps.running}
          >
            {here ? (
              here.show({ draft, set, problems: tried ? problems : {}, network })
            ) : plan || steps.views.length > 0 ? (
              <div className="grid gap-6">
                {plan && <Review plan={plan} limits={opinionLimits.data} network={network} />}
                {opinionLimits.error && (
                  <Failure error={opinionLimits.error} retry={() => void opinionLimits.refetch()} />
                )}
                <StepList steps={steps} />
                {steps.views.length === 0 && (
                  <div className="flex gap-3">
                    <Button onClick={() => go(part - 1)}>{t`Back`}</Button>
                    <Button
                      look="primary"
                      busy={steps.preparing || !wallet.ready || opinionLimits.isPending}
                      onClick={sign}
                    >
                      {wallet.account ? t`Sign and put it up` : t`Connect a wallet`}
                    </Button>
                  </div>
                )}
              </div>
            ) : (
              <Broken problem={Object.values(problems)[0]} onMend={mend} />
            )}
          </PartForm>
        </div>
        <Advice
          statement={draft.statement}
          asksModel={opinionLimits.data?.advice === true}
          onWording={(statement) => set({ statement })}
        />
      </div>
    </>
  );
}
