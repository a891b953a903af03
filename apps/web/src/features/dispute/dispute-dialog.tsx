import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, type QuestionDetail, type PreparedDispute } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Choice, TextField } from "../../components/field.tsx";
import { Failure } from "../../components/states.tsx";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { ReasonField, ReasonHeld, reasonProblem } from "./reason-field.tsx";
import { DepositFacts } from "./stakes-facts.tsx";
import { claimsAgainst, recordText } from "./words.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

const OTHER = "\u0000another value";

/** Objects to an answer: what is right instead, what it costs and can bring, and only then the wallet. */
export function DisputeDialog({ question, onClose }: { question: QuestionDetail; onClose: () => void }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const { schema, label, value } = question;
  // Without outcomes to choose from, the answer is a value of its own.
  const many = schema.items !== undefined;
  const numeric = schema.outcomes.length === 0 && !many;
  // As it was when the dialog opened: once the objection is on the chain, the question is a disputed one.
  const [silent] = useState(label === null);
  const claims = silent ? schema.outcomes : claimsAgainst(many ? [] : schema.outcomes, label ?? "");
  const [picked, setPicked] = useState(numeric ? OTHER : (claims[0] ?? "invalid"));
  const [text, setText] = useState("");
  const [why, setWhy] = useState("");
  const [prepared, setPrepared] = useState<PreparedDispute>();
  const [error, setError] = useState<Error>();
  const [tried, setTried] = useState(false);
  const [preparing, setPreparing] = useState(false);
  const account = wallet.account?.address;
  const claimed =
    picked === OTHER ? `${text} ${schema.unit}` : (CLAIMS[picked]?.()?.label ?? sayAnswer(picked));
  const claim = picked === OTHER ? text.trim().replaceAll(",", "") : picked;

  const look = async (event: FormEvent) => {
    event.preventDefault();
    if (!account) {
      wallet.ask();
      return;
    }
    setTried(true);
    if (claim === "" || reasonProblem(why) !== undefined) return;
    setPreparing(true);
    setError(undefined);
    try {
      // The text is kept here first: an objection whose reason nobody can read helps nobody.
      const said = why.trim() === "" ? undefined : (await api.handOverReason({ text: why.trim() })).hash;
      setPrepared(await api.prepareDispute({ id: question.id, account, claim, reason: said }));
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setPreparing(false);
    }
  };
  const sign = async () => {
    if (!prepared) return;
    await steps.run(callSteps(wallet, prepared.calls));
    for (const key of ["question", "disputes", "balance", "portfolio"])
      void client.invalidateQueries({ queryKey: [key] });
  };
  return (
    <Dialog open title={silent ? t`Claim an answer` : t`Dispute this answer`} onClose={onClose}>
      {steps.done ? (
        <div className="grid gap-4" role="status">
          <p className="font-semibold text-accent">
            {silent
              ? t`Your dispute is on the chain. The question is not final until it is decided.`
              : t`Your dispute is on the chain. The answer is not final until it is decided.`}
          </p>
          <Button onClick={onClose}>{t`See its steps`}</Button>
        </div>
      ) : prepared ? (
        <div className="grid gap-4">
          <p>
            {silent ? (
              <Trans>
                You claim <b>{claimed}</b> where nobody answered.
              </Trans>
            ) : (
              <Trans>
                You claim <b>{claimed}</b> instead of <b>{label === null ? value : sayAnswer(label)}</b>.
              </Trans>
            )}
          </p>
          <DepositFacts {...prepared}>{recordText(prepared.record)}</DepositFacts>
          <p className="text-sm text-ink-2">
            <Trans>
              Providers may report anew; if they do not settle it, jurors drawn at random decide, and either
              side may appeal to a larger jury. A quarter of your deposit pays the jury, when there is one.
            </Trans>
          </p>
          <StepList steps={steps} />
          {steps.views.length === 0 && (
            <div className="flex flex-wrap gap-3">
              <Button look="primary" onClick={() => void sign()}>{t`Deposit and dispute`}</Button>
              <Button onClick={() => setPrepared(undefined)}>{t`Back`}</Button>
            </div>
          )}
        </div>
      ) : (
        <form className="grid gap-4" onSubmit={(event) => void look(event)} noValidate>
          <p className="text-ink-2">
            {silent ? (
              t`Without an answer the question is invalid at its deadline, and everybody is refunded. What is right?`
            ) : (
              <Trans>
                The answer says <b className="text-ink">{label === null ? value : sayAnswer(label)}</b>. What
                is right instead?
              </Trans>
            )}
          </p>
          <Choice
            legend={t`Your claim`}
            value={picked}
            onChange={setPicked}
            columns={1}
            options={[
              ...(numeric ? [{ value: OTHER, label: t`Another value` }] : []),
              ...claims.map((each) => ({ value: each, label: sayAnswer(each), ...CLAIMS[each]?.() })),
            ]}
          />
          {many && (
            <p className="text-sm text-ink-2">
              <Trans>
                All answers stand under one root: here you object to all of them together. A single one is
                objected to by a program, with the root that is right instead.
              </Trans>
            </p>
          )}
          {picked === OTHER && (
            <TextField
              label={t`The right value`}
              inputMode="decimal"
              autoComplete="off"
              value={text}
              after={schema.unit}
              error={tried && claim === "" ? t`Enter the value that is right.` : undefined}
              onChange={(event) => setText(event.target.value)}
            />
          )}
          <ReasonField
            hint={t`Links, and what stands there, word for word. Everybody can read it; its hash goes on the chain.`}
            {...{ value: why, tried, onChange: setWhy }}
          />
          <ReasonHeld {...{ why, tried }} />
          {error && <Failure error={error} />}
          <Button type="submit" look="primary" busy={preparing || !wallet.ready}>
            {account ? t`See what it costs` : t`Connect a wallet to dispute`}
          </Button>
        </form>
      )}
    </Dialog>
  );
}

/** What may be claimed of any question, in words. */
const CLAIMS: Record<string, () => { label: string; hint: string }> = {
  "too early": () => ({
    label: t`Too early`,
    hint: t`It could not be known yet: the question opens again`,
  }),
  invalid: () => ({ label: t`Invalid`, hint: t`It has no answer: everybody is refunded` }),
};
