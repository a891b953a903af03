import type { courtAbi, drandBeaconAbi, stakeManagerAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { at, type Hex } from "@sooth/kernel";
import { type Executor, notifyLive, one, rows, sql } from "@sooth/store";
import type { ContractEventName } from "viem";
import {
  decodeSeat,
  drawnJurors,
  FAULT_KINDS,
  type FaultKind,
  jurorFaultId,
  seatVotes,
} from "../../core/index.ts";
import { juryById, type StoredJury } from "../juries.ts";

type Logs<E extends ContractEventName<typeof courtAbi>> = readonly FollowedLog<ArgsOf<typeof courtAbi, E>>[];
type JurorLogs = readonly FollowedLog<ArgsOf<typeof stakeManagerAbi, "JurorsTaken">>[];
type SeedLogs = readonly FollowedLog<ArgsOf<typeof drandBeaconAbi, "Proved">>[];

const lower = <T extends string>(text: T): T => text.toLowerCase() as T;

/** Tells those who look at the question that a jury decides. */
async function tellJury(tx: Executor, jury: string): Promise<void> {
  const found = await one<{ question: string }>(
    tx,
    sql`select d.question from oracle.juries j join oracle.disputes d on d.id = j.dispute where j.id = ${jury}`,
  );
  if (found) await notifyLive(tx, { topic: "question", id: found.question });
}

export async function onJurorsTaken(tx: Executor, logs: JurorLogs): Promise<void> {
  for (const { args, block } of logs) {
    const jurors = args.jurors.map(decodeSeat);
    await sql`insert into oracle.juror_sets (epoch, total_weight, at)
      values (${args.jurorEpoch}, ${String(args.totalWeight)}, ${block.timestamp})`.execute(tx);
    await sql`insert into oracle.jurors (epoch, juror, signer, weight)
      select ${args.jurorEpoch}::bigint, * from unnest(
        ${jurors.map((_, juror) => juror)}::int[],
        ${jurors.map(({ signer }) => lower(signer))}::text[],
        ${jurors.map(({ weight }) => String(weight))}::numeric[])`.execute(tx);
  }
}

export async function onProved(tx: Executor, logs: SeedLogs): Promise<void> {
  for (const { args } of logs)
    await sql`insert into oracle.seeds (round, seed) values (${String(args.round)}, ${lower(args.seed)})`.execute(
      tx,
    );
}

export async function onJuryOpened(tx: Executor, logs: Logs<"JuryOpened">): Promise<void> {
  for (const { args, block, logIndex, transaction } of logs) {
    const { terms } = args;
    const excluded = `0x${terms.excluded.toString(16).padStart(64, "0")}`;
    await sql`insert into oracle.juries (id, arbitrable, subject, size, juror_epoch, excluded, fee, opened_at, beacon_round,
        at, block, log, tx)
      values (${lower(args.jury)}, ${lower(terms.arbitrable)}, ${lower(terms.subject)}, ${terms.size}, ${terms.jurorEpoch},
        ${excluded}, ${String(terms.fee)}, ${terms.openedAt}, ${String(terms.beaconRound)},
        ${block.timestamp}, ${block.number}, ${logIndex}, ${transaction})`.execute(tx);
    await tellJury(tx, lower(args.jury));
  }
}

export async function onCommitsPosted(tx: Executor, logs: Logs<"CommitsPosted">): Promise<void> {
  for (const { args, block, transaction } of logs)
    await sql`insert into oracle.jury_posts (jury, batch, at, tx)
      values (${lower(args.jury)}, ${lower(args.batch)}, ${block.timestamp}, ${transaction})
      on conflict do nothing`.execute(tx);
}

export async function onCommittedOwn(tx: Executor, logs: Logs<"CommittedOwn">): Promise<void> {
  for (const { args } of logs)
    await sql`insert into oracle.jury_own_commits (jury, juror, commitment)
      values (${lower(args.jury)}, ${args.juror}, ${lower(args.commitment)})`.execute(tx);
}

export async function onRevealed(tx: Executor, logs: Logs<"Revealed">): Promise<void> {
  for (const { args } of logs) {
    await sql`update oracle.juries set votes = ${String(args.votes)} where id = ${lower(args.jury)}`.execute(
      tx,
    );
    await tellJury(tx, lower(args.jury));
  }
}

export async function onFaultShown(tx: Executor, logs: Logs<"FaultShown">): Promise<void> {
  for (const { args } of logs)
    await blame(
      tx,
      lower(args.jury),
      [{ juror: args.juror, kind: at(FAULT_KINDS, args.kind) }],
      args.challenger,
    );
}

/** With the jury ends who missed it and who voted against it: the contract reports them, without a log of its own. */
export async function onJuryClosed(tx: Executor, logs: Logs<"JuryClosed">): Promise<void> {
  for (const { args } of logs) {
    const id = lower(args.jury);
    await sql`update oracle.juries set closed = true, choice = ${args.choice} where id = ${id}`.execute(tx);
    await tellJury(tx, id);
    const found = await juryById(tx, id);
    if (!found?.seats) continue;
    const { seats } = found;
    const votes = seatVotes(found.votesWord, found.jury.size);
    const faults = drawnJurors(seats).flatMap((juror): { juror: number; kind: FaultKind }[] => {
      const vote = votes[seats.indexOf(juror)] ?? 0;
      if (vote === 0) return [{ juror, kind: "missing" }];
      return args.choice !== 0 && vote !== args.choice ? [{ juror, kind: "incoherent" }] : [];
    });
    await blame(tx, id, await withoutRecused(tx, found, faults), null);
  }
}

/** What the slasher names a juror who said in time that he holds a position in what the jury judges. */
export const RECUSED = "recused";

async function withoutRecused<F extends { juror: number; kind: FaultKind }>(
  tx: Executor,
  { id, jurors }: Pick<StoredJury, "id" | "jurors">,
  faults: readonly F[],
): Promise<F[]> {
  const idOf = ({ juror, kind }: F) => jurorFaultId(id, jurors[juror]?.signer ?? "0x", kind);
  const found = await rows<{ fault: string }>(
    tx,
    sql`select fault from oracle.named_faults where reason = ${RECUSED} and fault = any(${faults.map(idOf)}::text[])`,
  );
  const recused = new Set(found.map(({ fault }) => fault));
  return faults.filter((fault) => !recused.has(idOf(fault)));
}

async function blame(
  tx: Executor,
  jury: Hex,
  faults: readonly { juror: number; kind: FaultKind }[],
  challenger: string | null,
): Promise<void> {
  const found = await juryById(tx, jury);
  for (const { juror, kind } of faults) {
    const signer = found?.jurors[juror]?.signer;
    if (!signer) continue;
    await sql`insert into oracle.juror_faults (jury, juror, kind, fault, challenger)
      values (${jury}, ${juror}, ${kind}, ${jurorFaultId(jury, signer, kind)}, ${challenger?.toLowerCase() ?? null})
      on conflict do nothing`.execute(tx);
  }
}
