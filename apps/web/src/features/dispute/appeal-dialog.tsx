import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Dispute, type PreparedAppeal } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Choice } from "../../components/field.tsx";
import { Failure } from "../../components/states.tsx";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { appealSteps } from "./appeal-steps.ts";
import { ReasonField, ReasonHeld, reasonProblem } from "./reason-field.tsx";
import { DepositFacts } from "./stakes-facts.tsx";
import { choicesAgainst, choiceText, sentenceCase } from "./words.ts";

/** Backs another outcome than the one that stands, before a larger jury. */
export function AppealDialog({ dispute, onClose }: { dispute: Dispute; onClose: () => void }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  // As it was when the dialog opened: a verdict that changes meanwhile must not change what is signed.
  const [open] = useState(() => choicesAgainst(dispute));
  const [choice, setChoice] = useState<number>(open[0] ?? 1);
  const [prepared, setPrepared] = useState<PreparedAppeal>();
  const [error, setError] = useState<Error>();
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const { hub, addresses } = useNetwork();
  const account = wallet.account?.address;
  const look = async () => {
    if (!account) {
      wallet.ask();
      return;
    }
    setError(undefined);
    setTried(true);
    if (reasonProblem(why) !== undefined) return;
    try {
      setPrepared(await api.prepareAppeal({ id: dispute.id, account, choice }));
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    }
  };
  const sign = async () => {
    if (!prepared) return;
    const domain = { chainId: hub.chainId, oracle: addresses.oracle as `0x${string}` };
    await steps.run(
      appealSteps({ wallet, api, domain }, { dispute: dispute.id, calls: prepared.calls, why }),
    );
    for (const key of ["question", "disputes", "balance"]) void client.invalidateQueries({ queryKey: [key] });
  };
  return (
    <Dialog open title={t`Appeal`} onClose={onClose}>
      <div className="grid gap-4">
        <p className="text-ink-2">
          <Trans>
            As it stands: <b className="text-ink">{choiceText(dispute.verdict, dispute)}</b>.
          </Trans>
        </p>
        {steps.done ? (
          <p
            className="font-semibold text-accent"
            role="status"
          >{t`Your appeal is on the chain. A larger jury decides.`}</p>
        ) : prepared ? (
          <>
            <p>
              <Trans>
                You back <b>{choiceText(choice, dispute)}</b>, before a jury of <b>{prepared.jurySize}</b>{" "}
                seats.
              </Trans>
            </p>
            <DepositFacts
              {...prepared}
            >{t`Twice the last deposit: each step up costs more for both sides.`}</DepositFacts>
            <StepList steps={steps} />
            {steps.views.length === 0 && (
              <div className="flex flex-wrap gap-3">
                <Button look="primary" onClick={() => void sign()}>{t`Deposit and appeal`}</Button>
                <Button onClick={() => setPrepared(undefined)}>{t`Back`}</Button>
              </div>
            )}
          </>
        ) : (
          <>
            <Choice
              legend={t`What you back`}
              value={String(choice)}
              onChange={(value) => {
                setChoice(Number(value));
                setError(undefined);
              }}
              columns={1}
              options={open.map((each) => ({
                value: String(each),
                label: sentenceCase(choiceText(each, dispute)),
              }))}
            />
            <ReasonField
              hint={t`Links, and what stands there, word for word. You sign it after the appeal; everybody can read it.`}
              {...{ value: why, tried, onChange: setWhy }}
            />
            <ReasonHeld {...{ why, tried }} />
            {error && <Failure error={error} />}
            <Button look="primary" busy={!wallet.ready} onClick={() => void look()}>
              {account ? t`See what it costs` : t`Connect a wallet to appeal`}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}
