import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { api, type Dispute, type Juror, type Jury } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Countdown } from "../../components/time.tsx";
import { choiceText } from "../dispute/words.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { type KeptBallot, readBallot } from "./ballot.ts";

/** In the reveal window: what was sealed is opened, from this browser or from the file that was saved. */
export function OpenVote({
  jury,
  juror,
  labels,
  kept,
  onFound,
}: {
  jury: Jury;
  juror: Juror;
  labels: Pick<Dispute, "valueLabel" | "claimLabel">;
  kept: KeptBallot | undefined;
  onFound: (ballot: KeptBallot) => void;
}) {
  const client = useQueryClient();
  const steps = useSteps();
  const fileId = useId();
  const [problem, setProblem] = useState<string>();
  const take = async (file: File | undefined) => {
    if (!file) return;
    const read = readBallot(await file.text(), jury.id);
    if ("problem" in read) setProblem(read.problem);
    else if (read.ballot.juror === juror.index) onFound(read.ballot);
    else setProblem(t`This vote is another juror's.`);
  };
  const open = async (ballot: KeptBallot) => {
    const { choice, salt } = ballot;
    const done = await steps.run([
      {
        title: t`Open the vote`,
        run: async () => {
          await api.handOverOpening({ id: jury.id, juror: juror.index, choice, salt });
        },
      },
    ]);
    if (done) void client.invalidateQueries({ queryKey: ["jury", jury.id] });
  };
  if (!juror.committed) return <p>{t`You handed over no vote in time. A missing vote costs stake.`}</p>;
  if (steps.done)
    return (
      <p
        className="font-semibold text-accent"
        role="status"
      >{t`Your vote is open. It is on the chain as soon as it is sent with the others.`}</p>
    );
  return (
    <>
      <p className="text-sm text-ink-2">
        <Trans>
          Open your vote within{" "}
          <Countdown at={jury.revealEndsAt} past={t`no time`} className="font-semibold text-ink" />, or it
          counts as missing.
        </Trans>
      </p>
      {kept ? (
        <>
          <p>
            <Trans>
              You sealed: <b>{choiceText(kept.choice, labels)}</b>.
            </Trans>
          </p>
          <StepList steps={steps} />
          {steps.views.length === 0 && (
            <Button look="primary" onClick={() => void open(kept)}>{t`Open my vote`}</Button>
          )}
        </>
      ) : (
        <div>
          <label
            htmlFor={fileId}
            className="mb-1.5 block text-sm font-semibold"
          >{t`The file with your vote`}</label>
          <input
            id={fileId}
            type="file"
            accept="application/json,.json"
            className="field"
            onChange={(event) => void take(event.target.files?.[0])}
          />
          <p className="mt-1.5 text-sm text-ink-3">{t`This browser does not hold it. It stays in this page until you open it.`}</p>
          {problem !== undefined && (
            <p role="alert" className="mt-1.5 text-sm font-medium text-bad">
              {problem}
            </p>
          )}
        </div>
      )}
    </>
  );
}
