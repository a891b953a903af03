import { slasherAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { encodeAbiParameters, getAbiItem, keccak256 } from "viem";
import { verdictNow } from "./juries.ts";
import type { Note } from "./note.ts";
import type { OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf } from "./proof-log.ts";

/** A case of collusion. `taken`: of the stakes of the accused so far. */
export type Accusation = {
  id: Hex;
  accuser: string;
  accused: ReadonlySet<string>;
  ppm: number;
  jury: Hex;
  taken: bigint;
};

const [, TERMS] = getAbiItem({ abi: slasherAbi, name: "Accused" }).inputs;

export function openAccusation({ args }: OracleLogOf<"Accused">, replay: OracleReplay, note: Note): void {
  const { accuser, accused, evidence, ppm, jury } = args.terms;
  const id = keccak256(encodeAbiParameters([TERMS], [args.terms]));
  if (id === args.id) note.tell(`${accuser} accuses ${accused.join(", ")} of collusion`);
  else note.differ("the terms do not hash to the accusation");
  const subject = keccak256(
    encodeAbiParameters(
      [{ type: "address" }, { type: "address[]" }, { type: "bytes32" }, { type: "uint32" }],
      [accuser, accused, evidence, ppm],
    ),
  );
  if (replay.juries.get(jury)?.terms.subject !== subject)
    note.differ("no jury was called for this accusation");
  replay.faults.accusations.set(args.id, {
    id: args.id,
    accuser: accuser.toLowerCase(),
    accused: new Set(accused.map((each) => each.toLowerCase())),
    ppm,
    jury,
    taken: 0n,
  });
}

export function closeAccusation(
  { args, at }: OracleLogOf<"CaseClosed">,
  replay: OracleReplay,
  note: Note,
): void {
  const accusation = replay.faults.accusations.get(args.id);
  const jury = accusation && replay.juries.get(accusation.jury);
  if (!accusation || !jury) return note.differ("nobody opened this case");
  const verdict = verdictNow(replay, jury, at);
  if (!verdict.ended) note.differ("the case was closed before its jury had ended");
  note.compare("verdict on the accusation", verdict.choice, args.choice as number);
  note.compare("taken of the stakes of the accused", accusation.taken, args.taken);
  if (verdict.choice !== 1 && accusation.taken !== 0n) note.differ("slashed without a verdict of guilty");
  return undefined;
}
