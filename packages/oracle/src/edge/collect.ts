import { signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import { hashTypedData } from "viem";
import type { z } from "zod";
import {
  courtClock,
  DisputeError,
  type JuryChoice,
  juryPhase,
  voteCommitment,
  voteTypedData,
  type wireCommitment,
  type wireJurorReceipt,
  type wireOpening,
} from "../core/index.ts";
import { chainTime } from "./clock.ts";
import type { ApiDeps } from "./deps.ts";
import { disputeWindows } from "./dispute-windows.ts";
import { pausesOf } from "./disputes.ts";
import { commitmentBy, juryById, type StoredJury } from "./juries.ts";

export type Commitment = z.infer<typeof wireCommitment>;
export type JurorOpening = z.infer<typeof wireOpening>;
export type JurorReceipt = z.infer<typeof wireJurorReceipt>;

/** A jury in the phase that the collector needs, and the chain's time. */
async function juryIn(
  deps: ApiDeps,
  id: string,
  wanted: "commit" | "reveal",
): Promise<{ stored: StoredJury; now: number }> {
  const { db } = deps.store;
  const [stored, now, pauses, windows] = await Promise.all([
    juryById(db, id),
    chainTime(deps.hub),
    pausesOf(db),
    disputeWindows(deps.hub, deps.addresses),
  ]);
  if (!stored) throw DisputeError.unknown_jury({ jury: id });
  const phase = juryPhase(stored.jury, windows.court, courtClock(pauses, now));
  if (phase !== wanted) throw DisputeError.wrong_phase({ jury: id, phase, wanted });
  return { stored, now };
}

/**
 * Takes a drawn juror's commitment, in the commit window. The same again gets the first receipt; another one by the same
 * key is refused and kept, because two of them prove that he equivocates.
 * @throws dispute.* naming what does not hold
 */
export async function receiveCommitment(
  deps: ApiDeps,
  id: string,
  handed: Commitment,
): Promise<JurorReceipt> {
  const { stored, now } = await juryIn(deps, id, "commit");
  const { db } = deps.store;
  const { juror } = handed;
  const commitment = handed.commitment as Hex;
  const signature = handed.signature.toLowerCase() as Hex;
  if (stored.seats === null) throw DisputeError.not_drawn_yet({ jury: stored.id });
  const signer = stored.jurors[juror]?.signer;
  if (!signer || !stored.seats.includes(juror)) throw DisputeError.not_drawn({ jury: stored.id, juror });
  const domain = { chainId: deps.hub.definition.id, court: deps.addresses.court };
  const typed = voteTypedData(domain, stored.id, commitment);
  if (signerOf(hashTypedData(typed), signature) !== signer)
    throw DisputeError.bad_vote_signature({ jury: stored.id, juror });
  const kept = await one<{ received_at: number }>(
    db,
    sql`insert into oracle.commitments (jury, juror, commitment, signature, received_at)
      values (${stored.id}, ${juror}, ${commitment}, ${signature}, ${now})
      on conflict do nothing returning received_at`,
  );
  if (kept) return { jury: stored.id, juror, receivedAt: now, repeated: false };
  const first = await one<{ commitment: Hex; signature: Hex; received_at: number }>(
    db,
    sql`select commitment, signature, received_at from oracle.commitments where jury = ${stored.id} and juror = ${juror}`,
  );
  if (first?.commitment === commitment)
    return { jury: stored.id, juror, receivedAt: first.received_at, repeated: true };
  if (first)
    await sql`insert into oracle.juror_equivocations (jury, juror, first_commitment, first_signature, second_commitment,
        second_signature, seen_at)
      values (${stored.id}, ${juror}, ${first.commitment}, ${first.signature}, ${commitment}, ${signature}, ${now})
      on conflict do nothing`.execute(db);
  throw DisputeError.committed_otherwise({ jury: stored.id, juror });
}

/** Takes what opens a juror's commitment, in the reveal window and not before. @throws dispute.* naming what does not hold */
export async function receiveOpening(deps: ApiDeps, id: string, handed: JurorOpening): Promise<JurorReceipt> {
  const { stored, now } = await juryIn(deps, id, "reveal");
  const { db } = deps.store;
  const { juror } = handed;
  const ballot = { juror, choice: handed.choice as JuryChoice, salt: handed.salt as Hex };
  const held = await commitmentBy(db, stored.id, juror);
  if (!held) throw DisputeError.not_committed_here({ jury: stored.id, juror });
  if (voteCommitment(stored.id, ballot) !== held.commitment)
    throw DisputeError.opens_nothing({ jury: stored.id, juror });
  const kept = await one<{ received_at: number }>(
    db,
    sql`insert into oracle.openings (jury, juror, choice, salt, received_at)
      values (${stored.id}, ${juror}, ${ballot.choice}, ${ballot.salt}, ${now})
      on conflict do nothing returning received_at`,
  );
  if (kept) return { jury: stored.id, juror, receivedAt: now, repeated: false };
  const first = await one<{ received_at: number }>(
    db,
    sql`select received_at from oracle.openings where jury = ${stored.id} and juror = ${juror}`,
  );
  return { jury: stored.id, juror, receivedAt: first?.received_at ?? now, repeated: true };
}
