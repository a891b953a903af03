import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import type { Hex } from "@sooth/kernel";
import { sameAddress } from "@sooth/kernel";
import { VOTE_STATEMENT, voteTypedData } from "@sooth/oracle/core";
import { useState } from "react";
import { privateKeyToAccount } from "viem/accounts";
import { api, type Dispute, type Juror, type Jury } from "../../api.ts";
import type { TypedData } from "../../api.ts";
import { browserStore } from "../../browser-store.ts";
import { Button } from "../../components/button.tsx";
import { Choice, TextField } from "../../components/field.tsx";
import { Countdown } from "../../components/time.tsx";
import { saveText } from "../../download.ts";
import { shortHex } from "../../format/hex.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { choiceText, sentenceCase } from "../dispute/words.ts";
import { readKey } from "../provider/keys.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { ballotText, keepBallot, keptBallot, newBallot, type KeptBallot } from "./ballot.ts";
import { OpenVote } from "./open-vote.tsx";
import { VoteStakes } from "./vote-stakes.tsx";

type Labels = Pick<Dispute, "valueLabel" | "claimLabel">;
type Part = { jury: Jury; juror: Juror; labels: Labels };

/** For a juror alone: what is his to do now, and until when. */
export function VoteBox({ jury, juror, labels }: Part) {
  const [ballot, setBallot] = useState<KeptBallot | undefined>(() => {
    const store = browserStore();
    return store && keptBallot(store, jury.id, juror.index);
  });
  const part = { jury, juror, labels };
  return (
    <section className="panel grid gap-4 p-4 sm:p-5" aria-labelledby="your-vote">
      <div>
        <h2 id="your-vote" className="font-bold">{t`You were drawn`}</h2>
        <p className="text-sm text-ink-2">
          {plural(juror.seats, { one: "# seat", other: "# seats" })},{" "}
          {t`signing as ${shortHex(juror.signer)}`}
        </p>
      </div>
      {isOwed(jury, juror) && <VoteStakes jury={jury} juror={juror} />}
      {jury.phase === "evidence" && (
        <p>
          <Trans>
            Read the evidence. You vote in{" "}
            <Countdown at={jury.evidenceEndsAt} past={t`a moment`} className="font-semibold" />.
          </Trans>
        </p>
      )}
      {jury.phase === "commit" &&
        (juror.committed ? (
          <>
            <p>
              <Trans>
                <b className="text-accent">Your vote is sealed and handed over.</b> Come back to open it in{" "}
                <Countdown at={jury.commitEndsAt} past={t`a moment`} className="font-semibold" />: a vote that
                is not opened counts as missing, and costs stake.
              </Trans>
            </p>
            {ballot ? (
              <SaveBallot ballot={ballot} />
            ) : (
              <p className="text-sm text-bad">{t`This browser does not hold it. Have the file at hand that you saved.`}</p>
            )}
          </>
        ) : (
          <Seal {...part} kept={ballot} onSealed={setBallot} />
        ))}
      {jury.phase === "reveal" &&
        (juror.choice === null ? (
          <OpenVote {...part} kept={ballot} onFound={setBallot} />
        ) : (
          <p>
            <Trans>
              Opened: <b>{choiceText(juror.choice, labels)}</b>.
            </Trans>
          </p>
        ))}
      {jury.phase === "ended" && (
        <p>
          {juror.choice === null
            ? t`You did not vote.`
            : t`You voted for ${choiceText(juror.choice, labels)}.`}
        </p>
      )}
    </section>
  );
}

/** Whether something hangs on what he does next. */
const isOwed = (jury: Jury, juror: Juror): boolean =>
  jury.phase === "evidence" || jury.phase === "commit" || (jury.phase === "reveal" && juror.choice === null);

export function SaveBallot({ ballot }: { ballot: KeptBallot }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button
        size="small"
        onClick={() =>
          saveText(
            `sooth-vote-${ballot.jury.slice(0, 10)}-${ballot.juror}.json`,
            ballotText(ballot),
            "application/json",
          )
        }
      >{t`Save the vote to a file`}</Button>
      <span className="text-sm text-ink-3">{t`Show it to nobody before votes are opened.`}</span>
    </div>
  );
}

function Seal({
  jury,
  juror,
  labels,
  kept,
  onSealed,
}: Part & { kept: KeptBallot | undefined; onSealed: (ballot: KeptBallot) => void }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const { hub } = useNetwork();
  const steps = useSteps();
  const [choice, setChoice] = useState<"1" | "2" | "3" | "">(
    kept ? (String(kept.choice) as "1" | "2" | "3") : "",
  );
  const [stated, setStated] = useState(false);
  const [keyText, setKeyText] = useState("");
  const [touched, setTouched] = useState(false);
  const account = wallet.account?.address;
  const own = account !== undefined && sameAddress(account, juror.signer);
  const key = readKey(keyText);
  const keyProblem = own
    ? undefined
    : "problem" in key
      ? key.problem
      : sameAddress(key.address, juror.signer)
        ? undefined
        : t`This key is ${shortHex(key.address)}, the juror's is ${shortHex(juror.signer)}.`;
  const ready = choice !== "" && stated && keyProblem === undefined;

  const seal = async () => {
    setTouched(true);
    if (choice === "" || !ready) return;
    // The same vote again keeps its salt: a second commitment would only be a second thing to lose.
    const same = kept && kept.choice === Number(choice) ? kept : undefined;
    const ballot = same ?? newBallot(jury.id as Hex, juror.index, Number(choice) as 1 | 2 | 3);
    let signature = "";
    const done = await steps.run([
      {
        title: t`Keep the vote in this browser`,
        run: async () => {
          keepBallot(localStorage, ballot);
          onSealed(ballot);
        },
      },
      {
        title: t`Sign the sealed vote and the statement`,
        run: async (onState) => {
          onState("signing");
          const asked = voteTypedData(
            { chainId: hub.chainId, court: await wallet.readCourt() },
            ballot.jury,
            ballot.commitment,
          );
          signature =
            own || !("key" in key)
              ? await wallet.sign({ purpose: "Vote", ...asked } as unknown as TypedData)
              : await privateKeyToAccount(key.key).signTypedData(asked);
        },
      },
      {
        title: t`Hand it over`,
        run: async () => {
          await api.handOverCommitment({
            id: jury.id,
            juror: juror.index,
            commitment: ballot.commitment,
            signature,
          });
        },
      },
    ]);
    if (done) void client.invalidateQueries({ queryKey: ["jury", jury.id] });
  };
  return (
    <>
      <p className="text-sm text-ink-2">
        <Trans>
          Votes are sealed until all are in. Hand yours over within{" "}
          <Countdown at={jury.commitEndsAt} past={t`no time`} className="font-semibold text-ink" />.
        </Trans>
      </p>
      <Choice
        legend={t`Your vote`}
        columns={1}
        value={choice}
        onChange={setChoice}
        options={(["1", "2", "3"] as const).map((value) => ({
          value,
          label: sentenceCase(choiceText(Number(value), labels)),
        }))}
      />
      {touched && choice === "" && <p className="text-sm font-medium text-bad">{t`Choose one.`}</p>}
      {!own && (
        <TextField
          label={t`Signing key ${shortHex(juror.signer)}`}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={keyText}
          onChange={(event) => setKeyText(event.target.value)}
          error={touched ? keyProblem : undefined}
          hint={t`A juror votes with the signing key. It is used once, in this page, and neither stored nor sent.`}
        />
      )}
      <label className="flex items-start gap-2 text-[0.9375rem]">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-(--accent)"
          checked={stated}
          onChange={(event) => setStated(event.target.checked)}
        />
        <span>
          <Trans>
            I sign: “{VOTE_STATEMENT}”
            {touched && !stated && (
              <span className="block text-sm font-medium text-bad">{t`Without it no vote counts.`}</span>
            )}
          </Trans>
        </span>
      </label>
      <StepList steps={steps} />
      {(steps.views.length === 0 || steps.done) && (
        <Button look="primary" onClick={() => void seal()}>{t`Seal my vote`}</Button>
      )}
      {kept && <SaveBallot ballot={kept} />}
    </>
  );
}
