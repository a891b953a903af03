import { slasherAbi } from "@sooth/abi";
import type { Amount, Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256 } from "viem";
import { TOO_EARLY } from "../answer-word.ts";
import { outsidePpm, slashOf } from "../economy/slash.ts";
import { reportDigest } from "../report.ts";
import { statusOf } from "../status.ts";
import type { ProvenQuestion } from "./answers.ts";
import { callsIn } from "./calls.ts";
import { allowedNow, awaitBan, awaitTaking, stakeOf } from "./faults.ts";
import type { Note } from "./note.ts";
import type { OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf } from "./proof-log.ts";
import { bitsOf, EPOCH, ROUND } from "./word-bits.ts";

/* NUMBERS OUTSIDE TOLERANCE, AND TWO VALUES */

const faultOf = (name: string, id: Hex): Hex =>
  keccak256(encodeAbiParameters([{ type: "string" }, { type: "bytes32" }], [name, id]));
/** What the stake manager knows a number outside tolerance by. Source: Slasher.sol. */
export const outsideFault = (question: Hex): Hex => faultOf("outside", question);
/** And two values under one key. */
export const equivocationFault = (question: Hex, epoch: number, round: number): Hex =>
  faultOf(
    "equivocation",
    keccak256(
      encodeAbiParameters(
        [{ type: "bytes32" }, { type: "uint32" }, { type: "uint8" }],
        [question, epoch, round],
      ),
    ),
  );

export function checkOutside(
  log: OracleLogOf<"Outside">,
  question: ProvenQuestion,
  replay: OracleReplay,
  note: Note,
): void {
  const { args, at, input } = log;
  const { faults, domain, stakes } = replay;
  const { terms, word, raw } = question;
  const owner = args.owner.toLowerCase();
  const pending = faults.taken;
  faults.taken = null;
  if (statusOf(word, at) !== "final" || word.state !== "answered")
    return note.differ("a number was shown against an answer that is not final");
  const distance = args.value > word.value ? args.value - word.value : word.value - args.value;
  if (
    terms.tolerance === 0n ||
    distance <= terms.tolerance ||
    args.value < terms.min ||
    args.value > terms.max
  )
    note.differ(`${args.value} is not outside ${terms.tolerance} of ${word.value}`);
  const [epoch, round] = [Number(bitsOf(raw, EPOCH)), Number(bitsOf(raw, ROUND))];
  const digest = reportDigest(domain, { question: question.id, value: args.value, epoch, round });
  const isSigned = callsIn(input, slasherAbi, "outside").some(([, value, signature]) => {
    const signer = replay.signerOf({ digest, signature });
    return value === args.value && signer !== null && stakes.owners.get(signer) === owner;
  });
  if (isSigned) note.tell(`${owner} signed ${args.value}, ${distance} off`);
  else note.differ(`nothing with the logs shows that ${owner} signed ${args.value}`);
  const stake = (pending?.owner === owner ? pending.stake : stakeOf(replay, owner)) as Amount;
  const ppm = outsidePpm(distance, terms.tolerance, faults.outsideAt.get(owner) ?? 0, at);
  const { allowed, period } = allowedNow(replay, owner, slashOf(stake, ppm), at, stake);
  note.compare(
    `slash of ${owner}, ${ppm} ppm of ${stake} for a number outside tolerance`,
    allowed,
    args.taken,
  );
  note.compare("what was taken for it", pending?.amount ?? 0n, args.taken);
  if (allowed !== 0n) faults.periods.set(owner, period);
  faults.outsideAt.set(owner, at);
  return undefined;
}

/** Two statements for one question, epoch and round that somebody brought with the logs. */
type ShownTwo = {
  question: Hex;
  epoch: number;
  round: number;
  /** Values, or roots. */
  said: readonly [bigint | Hex, bigint | Hex];
  signatures: readonly [Hex, Hex];
};

/** Batches of commitments are roots, of an id that is bound to their phase. */
export const equivocations = (input: Hex | undefined): ShownTwo[] => [
  ...callsIn(input, slasherAbi, "equivocatedReports").map(
    ([question, epoch, round, said, ...signatures]): ShownTwo => ({
      question,
      epoch,
      round,
      said,
      signatures,
    }),
  ),
  ...callsIn(input, slasherAbi, "equivocatedRoots").map(
    ([question, epoch, round, said, ...signatures]): ShownTwo => ({
      question,
      epoch,
      round,
      said,
      signatures,
    }),
  ),
  ...callsIn(input, slasherAbi, "equivocatedKinds").map(
    ([question, epoch, round, value, root, ...signatures]): ShownTwo => ({
      question,
      epoch,
      round,
      said: [value, root],
      signatures,
    }),
  ),
];

export function checkEquivocated(log: OracleLogOf<"Equivocated">, replay: OracleReplay, note: Note): void {
  const { args, input, transaction } = log;
  const owner = args.owner.toLowerCase();
  const signer = args.signer.toLowerCase();
  if (replay.stakes.owners.get(signer) !== owner) note.differ(`${signer} is not a key of ${owner}`);
  const shown = equivocations(input).find(({ question, epoch, round, said, signatures }) =>
    [args.first, args.second].every((digest, index) => {
      const what = said[index] ?? TOO_EARLY;
      const meant = typeof what === "bigint" ? { value: what } : { value: 0n, root: what };
      const signed = replay.signerOf({ digest, signature: signatures[index] ?? "0x" });
      return (
        reportDigest(replay.domain, { question, epoch, round, ...meant }) === digest && signed === signer
      );
    }),
  );
  if (!shown || args.first === args.second)
    note.differ(`nothing with the logs shows two values of ${signer}`);
  else note.tell(`${signer} signed both ${shown.said[0]} and ${shown.said[1]}`);
  const fault = shown ? equivocationFault(shown.question, shown.epoch, shown.round) : null;
  replay.faults.equivocated = { owner, fault, transaction };
  if (fault) awaitTaking(replay, { owner, fault, amount: () => stakeOf(replay, owner) }, log, note);
  awaitBan(replay, owner, log, note);
}
