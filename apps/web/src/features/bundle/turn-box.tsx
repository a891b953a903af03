import { plural, t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { BundleCall, BundleDetail } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/states.tsx";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { allowSteps, duesOf } from "./allow-steps.ts";
import { checkedCall } from "./checked-call.ts";
import { isAskedToSign, PayerSign } from "./payer-sign.tsx";
import { ShareLink } from "./share-link.tsx";
import { useChainTitle } from "./use-chains.ts";
import { useChecked } from "./use-contracts.ts";
import { callWords, legNames, listed, type Turn, turnsOf } from "./words.ts";

/** What this account can do now, each with one press; the wallet goes to the chain where it happens. */
export function TurnBox({ bundle }: { bundle: BundleDetail }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const title = useChainTitle();
  const known = useChecked(bundle);
  const steps = useSteps();
  const now = useNow();
  const [doing, setDoing] = useState<Turn>();
  const turns = turnsOf(bundle, wallet.account?.address);
  const account = wallet.account?.address;
  const isAsked = account !== undefined && isAskedToSign(bundle, account, now);
  // Who is asked for a signature pays by it; paying in by a transaction of his own is the other way, and stands below.
  const instead = turns.filter((turn) => turn.own && isAsked && turn.what === "prepare");
  const own = turns.filter((turn) => turn.own && !instead.includes(turn));
  const anybodys = turns.filter((turn) => !turn.own);

  if (known.refused) return <Failure error={known.refused} />;
  const { contracts, checked } = known;

  const take = (turn: Turn) => {
    const sender = wallet.account?.address;
    if (sender === undefined) return;
    setDoing(turn);
    const callOf = (call: BundleCall) => ({
      ...checkedCall(contracts, checked, call, sender as `0x${string}`),
      purpose: purposeOf(call, bundle.outcome, title(call.chainId)),
    });
    const own = turn.what === "prepare" ? duesOf(bundle, wallet.account?.address ?? "") : [];
    const prepare = async () => [
      ...(await allowSteps(wallet, own, { escrow: contracts.escrow, title })),
      ...callSteps(wallet, turn.calls.map(callOf)),
    ];
    const onDone = () => {
      void client.invalidateQueries({ queryKey: ["bundle", bundle.id] });
      setDoing(undefined);
      steps.reset();
    };
    void steps.runPrepared({ title: turn.text, prepare, onDone });
  };

  if (doing) return <StepList steps={steps} />;
  const isEmpty = !isAsked && own.length + anybodys.length === 0;
  return (
    <div className="grid gap-4">
      <PayerSign {...{ bundle, contracts, checked }} />
      {instead.length > 0 && (
        <details>
          <summary className="mb-2 text-sm font-semibold text-ink-2">
            {t`Pay by a transaction of your own instead`}
          </summary>
          <p className="mb-3 text-sm text-ink-2">{t`It pays the same, once, and you pay the gas.`}</p>
          <Buttons turns={instead} look="quiet" onTake={take} />
        </details>
      )}
      <ShareLink bundle={bundle} />
      {own.length > 0 && <Buttons turns={own} look="primary" onTake={take} />}
      {isEmpty && (
        <p className="text-[0.9375rem] text-ink-2">
          {wallet.account
            ? t`Nothing is yours to do now.`
            : t`Connect a wallet to see whether something is yours to do.`}
        </p>
      )}
      {!wallet.account && (
        <Button look="primary" onClick={wallet.ask} busy={!wallet.ready}>
          {t`Connect a wallet`}
        </Button>
      )}
      {wallet.account && anybodys.length > 0 && (
        <details open={own.length === 0}>
          <summary className="mb-2 text-sm font-semibold text-ink-2">{t`What anybody may do`}</summary>
          <p className="mb-3 text-sm text-ink-2">
            {t`Relayers do it by themselves. If none does, you can: it costs you gas on the chain where it happens.`}
          </p>
          <Buttons turns={anybodys} look="quiet" onTake={take} />
        </details>
      )}
    </div>
  );
}

function Buttons({
  turns,
  look,
  onTake,
}: {
  turns: readonly Turn[];
  look: "primary" | "quiet";
  onTake: (turn: Turn) => void;
}) {
  const title = useChainTitle();
  return (
    <ul className="grid gap-2">
      {turns.map((turn) => (
        <li key={turn.what}>
          <Button look={look} className="w-full whitespace-normal" onClick={() => onTake(turn)}>
            {turn.text}
          </Button>
          <p className="mt-1 text-sm text-ink-2">{whereOf(turn, title)}</p>
        </li>
      ))}
    </ul>
  );
}

function purposeOf({ what, leg }: BundleCall, outcome: string, chain: string): string {
  const deed = callWords(what, outcome);
  return leg === null ? t`${deed} on ${chain}` : t`${deed}, ${legNames([leg])} on ${chain}`;
}

function whereOf({ calls }: Turn, title: (chainId: number) => string): string {
  const chains = listed([...new Set(calls.map(({ chainId }) => title(chainId)))]);
  return plural(calls.length, {
    one: `One transaction on ${chains}.`,
    other: `# transactions on ${chains}.`,
  });
}
