import type { Attempt, EngineRecord, Story } from "./attempt.ts";

/**
 * What has become of a decision of this server: one that waited is over when what it asked for is on the chain, when another
 * followed it, or when the question is no longer open.
 */
export function stateOf(
  { records, disputes, epochs, status }: Pick<Story, "records" | "disputes" | "epochs" | "status">,
  { kind, round, state, at, block }: EngineRecord,
): Attempt["state"] {
  if (state !== "waiting") return state;
  const isFollowed = records.some(
    (other) => other.kind === kind && other.round === round && other.block > block,
  );
  const isThere =
    kind === "jury"
      ? disputes.some((dispute) => dispute.isSilence && dispute.at >= at)
      : epochs.some((epoch) => epoch.at >= at);
  if (isFollowed || isThere) return "done";
  return status === "open" ? "waiting" : "failed";
}
