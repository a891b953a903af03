import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { sameAddress } from "@sooth/kernel";
import { api, type QuestionDetail } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Field } from "../../components/field.tsx";
import { Countdown } from "../../components/time.tsx";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";

/** Limits of Asking.sol: bytes of a text, and texts of a question. */
const MAX_BYTES = 4_096;
const MOST = 16;

/** For the asker alone, until the question opens: how it is to be read. */
export function ClarifyOffer({ question }: { question: QuestionDetail }) {
  const account = useWallet().account;
  const now = useNow();
  const [open, setOpen] = useState(false);
  const { asker, status, opensAt, clarifications } = question;
  const mine = account !== undefined && sameAddress(account.address, asker);
  const offered = mine && status === "open" && now < opensAt && clarifications.length < MOST;
  if (!offered && !open) return null;
  return (
    <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button size="small" aria-haspopup="dialog" onClick={() => setOpen(true)}>{t`Clarify it`}</Button>
      <p className="text-sm text-ink-2">
        <Trans>
          You asked this. Until it opens, in <Countdown at={opensAt} past={t`no time`} />, you can say how it
          is to be read.
        </Trans>
      </p>
      {open && <ClarifyDialog question={question} onClose={() => setOpen(false)} />}
    </div>
  );
}

function ClarifyDialog({ question, onClose }: { question: QuestionDetail; onClose: () => void }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const [tried, setTried] = useState<string>();
  const left = MAX_BYTES - new TextEncoder().encode(text.trim()).length;
  const send = (event: FormEvent) => {
    event.preventDefault();
    const asker = wallet.account?.address;
    setTried(text);
    setProblem(
      text.trim() === "" ? t`Write what is to be understood.` : left < 0 ? t`It is too long.` : undefined,
    );
    if (text.trim() === "" || left < 0 || asker === undefined) return;
    void steps.runPrepared({
      title: t`Prepare the clarification`,
      prepare: async () =>
        callSteps(
          wallet,
          (await api.prepareClarification({ id: question.id, asker, text: text.trim() })).calls,
        ),
      onDone: () => void client.invalidateQueries({ queryKey: ["question", question.id] }),
    });
  };
  return (
    <Dialog open title={t`Clarify the question`} onClose={onClose}>
      {steps.done ? (
        <div className="grid gap-4" role="status">
          <p className="font-semibold text-accent">{t`It is part of the question from now on.`}</p>
          <Button onClick={onClose}>{t`Close`}</Button>
        </div>
      ) : (
        <form className="grid gap-4" onSubmit={send} noValidate>
          <Field
            label={t`How it is to be read`}
            error={text === tried ? problem : undefined}
            hint={left < 500 ? t`${left} bytes left.` : t`Decides a doubtful case; it changes no term.`}
          >
            {(wiring) => (
              <textarea
                {...wiring}
                rows={4}
                dir="auto"
                className="field"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <ul className="grid list-disc gap-1 border-y border-rule py-3 pl-5 text-[0.9375rem]">
            <li>{t`It stands on the chain for good, for everybody to read, and cannot be taken back.`}</li>
            <li>{t`What providers signed before it counts no more: they sign anew.`}</li>
            <li>
              <Trans>
                You sign one transaction and pay its gas. {question.clarifications.length + 1} of {MOST} at
                most, until <Countdown at={question.opensAt} past={t`now`} /> from now.
              </Trans>
            </li>
          </ul>
          <StepList steps={steps} />
          {steps.views.length === 0 && (
            <Button
              type="submit"
              look="primary"
              busy={steps.preparing || !wallet.ready}
            >{t`Add it for good`}</Button>
          )}
        </form>
      )}
    </Dialog>
  );
}
