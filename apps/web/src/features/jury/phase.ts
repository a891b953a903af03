import { t } from "@lingui/core/macro";
import type { Jury } from "../../api.ts";
import { formatDuration } from "../../format/time.ts";

type Timed = Pick<Jury, "phase" | "evidenceEndsAt" | "commitEndsAt" | "revealEndsAt"> & {
  jurors: readonly unknown[];
};

/** What a jury does at `now`. The server tells the phase as of its last block; a time that has passed since is over. */
export function phaseText(jury: Timed, now: number): string {
  if (jury.phase === "ended") return t`Decided`;
  const nobody = jury.jurors.length === 0;
  const steps = [
    {
      until: jury.evidenceEndsAt,
      text: nobody ? t`Evidence is gathered, and jurors are to be drawn` : t`Jurors read the evidence`,
    },
    {
      until: jury.commitEndsAt,
      text: nobody ? t`Time to vote, and nobody is drawn yet` : t`Votes are sealed and handed over`,
    },
    { until: jury.revealEndsAt, text: nobody ? t`Nobody was drawn in time to vote` : t`Votes are opened` },
  ];
  const step = steps.find(({ until }) => now < until);
  return step
    ? t`${step.text}, ${formatDuration(step.until - now)} left`
    : t`Over: the result is being counted`;
}
