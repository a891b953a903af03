import { slasherAbi } from "@sooth/abi";
import { type Hex, sameAddress } from "@sooth/kernel";
import { jurorFaultId } from "../disputes/juror-faults.ts";
import { disputeId } from "../disputes/dispute.ts";
import { FAULT_PPM, slashOf } from "../economy/slash.ts";
import { juryId } from "../jury/jury.ts";
import type { Jury } from "../jury/jury.ts";
import { positionFault } from "../positions.ts";
import { reportDigest } from "../report.ts";
import { callsIn } from "./calls.ts";
import { awaitTaking, stakeOf } from "./faults.ts";
import { draw } from "./juries.ts";
import type { Note } from "./note.ts";
import type { OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf, ProofDomain, Signed } from "./proof-log.ts";

/** Reports and votes of those who hold a position. That they hold it, their consumer's own logs tell, and not these. */

type Seat = { jury: Jury; dispute: Parameters<typeof disputeId>[0]; seat: number };

/** What `PositionShown` rests on where its owner reported. */
export const positionStatements = (
  { args, input }: OracleLogOf<"PositionShown">,
  domain: ProofDomain,
): Signed[] =>
  callsIn(input, slasherAbi, "positionOfSigner").flatMap(([question, epoch, round, value, signature]) =>
    question === args.question
      ? [{ digest: reportDigest(domain, { question, value, epoch, round }), signature }]
      : [],
  );

export function checkPosition(log: OracleLogOf<"PositionShown">, replay: OracleReplay, note: Note): void {
  const { args, input } = log;
  const { stakes, faults, domain } = replay;
  const { question } = args;
  const [owner, holder] = [args.owner.toLowerCase(), args.holder.toLowerCase()];
  if (holder !== owner && stakes.owners.get(holder) !== owner)
    note.differ(`${holder} is not ${owner}, nor a key of his`);
  const reported = positionStatements(log, domain).some((signed) => {
    const signer = replay.signerOf(signed);
    return signer !== null && stakes.owners.get(signer) === owner;
  });
  const voted = callsIn(input, slasherAbi, "positionOfJuror").some(([jury, dispute, seat]) =>
    hasVoted(replay, { jury, dispute, seat }, { owner, question }, note),
  );
  if (reported) note.tell(`${owner} signed a report on it and holds a position, says ${args.consumer}`);
  else if (voted) note.tell(`${owner} voted on it and holds a position, says ${args.consumer}`);
  else note.differ(`nothing with the logs shows that ${owner} reported or voted on it`);
  const fault = positionFault(question);
  faults.positions.set(`${owner} ${fault}`, question);
  awaitTaking(replay, { owner, fault, amount: () => positionAmount(replay, owner) }, log, note);
}

/** Half of a stake; no court is needed, and yet the 30 % of a period are no limit. */
export const positionAmount = (replay: OracleReplay, owner: string): bigint =>
  slashOf(stakeOf(replay, owner), FAULT_PPM.positionUndeclared);

/** A juror who need not vote: that he is missing is no fault. */
export function keepRecused(log: OracleLogOf<"Recused">, replay: OracleReplay, note: Note): void {
  const { args, input } = log;
  const owner = args.owner.toLowerCase();
  const shown = callsIn(input, slasherAbi, "recuse").flatMap(([jury, dispute, seat, { holder }]) => {
    const signer = signerIn(replay, { jury, dispute, seat }, args.question, note);
    const isHis = signer !== undefined && replay.stakes.owners.get(signer) === owner;
    // A key that he named once he was drawn would excuse nobody.
    const holds = holder.toLowerCase() === owner || holder.toLowerCase() === signer;
    return isHis && holds && juryId(jury) === args.jury ? [signer] : [];
  });
  const [signer] = shown;
  if (!signer) return note.differ(`nothing with the logs shows that ${owner} was drawn`);
  replay.faults.recused.add(jurorFaultId(args.jury, signer as Hex, "missing"));
  return note.tell(`${owner} was drawn, holds a position and may stay away`);
}

/** The key that holds this seat, if the jury was opened for a dispute of this question. */
function signerIn(
  replay: OracleReplay,
  { jury, dispute, seat }: Seat,
  question: Hex,
  note: Note,
): string | undefined {
  const known = replay.juries.get(juryId(jury));
  const about = replay.disputes.get(disputeId(dispute));
  const isLadders = sameAddress(jury.arbitrable, replay.domain.addresses.ladder);
  if (!known || !isLadders || about?.question !== question) return undefined;
  const juror = draw(replay, known, note)?.[seat];
  return juror === undefined ? undefined : known.jurors[juror]?.signer.toLowerCase();
}

function hasVoted(
  replay: OracleReplay,
  held: Seat,
  { owner, question }: { owner: string; question: Hex },
  note: Note,
): boolean {
  const signer = signerIn(replay, held, question, note);
  const vote = replay.juries.get(juryId(held.jury))?.votes[held.seat] ?? 0;
  return signer !== undefined && vote !== 0 && replay.stakes.owners.get(signer) === owner;
}
