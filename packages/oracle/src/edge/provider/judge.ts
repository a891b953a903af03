import type { Chain } from "@sooth/chain";
import { disputedAnswer, type JuryChoice, lateFrom, type Seen, voteOn } from "../../core/index.ts";
import type { KnownQuestion } from "./chain-view.ts";
import type { DisputeView, KnownJury } from "./dispute-view.ts";
import { observe } from "./observe.ts";
import type { Sights } from "./sights.ts";
import type { SourceTools } from "./sources/index.ts";

/** What a juror judges with. */
export type JudgeTools = {
  hub: Chain;
  view: Pick<DisputeView, "disputes" | "questionOf">;
  /** What this node saw when the signers of an answer looked. */
  sights: Pick<Sights, "find">;
  reading: SourceTools;
};

/** Judges by what this node saw in time, else by its own sources now; null: what it cannot tell it does not vote on. */
export async function judge(
  tools: JudgeTools,
  { about }: Pick<KnownJury, "about">,
): Promise<JuryChoice | null> {
  const dispute = about && tools.view.disputes.get(about.dispute)?.dispute;
  const question = dispute && (await tools.view.questionOf(dispute.question));
  const answer = dispute && disputedAnswer(dispute);
  if (!about || !question || !answer || question.fault !== null) return null;
  const seen = await seenOf(tools, question, answer);
  return seen && voteOn(seen, question, { answer: answer.value, claim: about.claim });
}

async function seenOf(
  { hub, sights, reading }: JudgeTools,
  { id, schema, terms, clarifications }: KnownQuestion,
  { round, disputes = 0 }: { round: number; disputes?: number },
): Promise<Seen | null> {
  // A correction takes a round of its own, in which nobody looks: it is about what was to be seen in the round before.
  const sight = sights.find(id, round) ?? (disputes > 0 ? sights.find(id, round - 1) : undefined);
  if (sight) return { value: BigInt(sight.value), inTime: true };
  const block = await hub.client.getBlock({ blockTag: "latest" });
  const now = Number(block.timestamp);
  const observed = { question: id, schema, clarifications: clarifications.map(({ text }) => text) };
  // What secondary sources gave, jurors who cannot read the others judge by them as well.
  const resorts = schema.secondary !== undefined && now >= lateFrom(terms);
  const { finding } = await observe(observed, terms, now, reading, resorts);
  return finding.do === "abstain" ? null : { value: finding.value, inTime: false };
}
