import { sameAddress } from "@sooth/kernel";
import { zeroAddress } from "viem";
import type { ProvenQuestion } from "./answers.ts";
import type { Note } from "./note.ts";
import type { OracleLogOf, ProofDomain } from "./proof-log.ts";
import { bitsOf, DISPUTES, TIME, withBits } from "./word-bits.ts";

/** Who may put the question's answer off, as its asker says before it opens. Only the asker's calls are logged. */
export function keepWatcher(
  { args, at }: OracleLogOf<"WatcherSet">,
  question: ProvenQuestion,
  note: Note,
): void {
  if (question.word.state !== "open" || bitsOf(question.raw, DISPUTES) !== 0n)
    note.differ("a watcher was named while it was not open for the first time");
  if (at > question.terms.opensAt) note.differ(`a watcher was named at ${at}, after it opened`);
  question.watcher = args.watcher === zeroAddress ? null : args.watcher;
}

/** Its watcher put it off by one liveness, half of the longest at most, and watches no more. */
export function checkVetoed(
  { args, at }: OracleLogOf<"Vetoed">,
  question: ProvenQuestion,
  { limits: { maxLiveness } }: ProofDomain["params"],
  note: Note,
): void {
  const { word, raw, watcher, terms } = question;
  if (!watcher || !sameAddress(watcher, args.watcher))
    note.differ(`${args.watcher} vetoed, and ${watcher ?? "nobody"} was named`);
  question.watcher = null;
  question.vetoReason = args.reason;
  if ((word.state !== "answered" && word.state !== "root") || at >= word.finalizeAt)
    return note.differ("vetoed, and there was no answer to put off");
  const more = Math.min(terms.liveness, Math.floor(maxLiveness / 2));
  question.raw = withBits(raw, TIME, word.finalizeAt + more);
  note.compare("final at, put off by its watcher", Number(bitsOf(question.raw, TIME)), args.finalizeAt);
  return undefined;
}
