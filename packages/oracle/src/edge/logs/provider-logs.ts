import { oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { type ArgsOf, type FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";
import type { ContractEventName } from "viem";
import { decodeSeat } from "../../core/index.ts";
import { stakeCame, stakeLeaves } from "./stake-moves.ts";

type Logs<E extends ContractEventName<typeof stakeManagerAbi>> = readonly FollowedLog<
  ArgsOf<typeof stakeManagerAbi, E>
>[];
type CreditLogs<E extends "Credited" | "Debited"> = readonly FollowedLog<ArgsOf<typeof oracleAbi, E>>[];

const lower = (text: string): string => text.toLowerCase();

// Providers are few: their logs are written one by one, in their order.

export async function onJoined(tx: Executor, logs: Logs<"Joined">): Promise<void> {
  for (const log of logs) {
    const { args, block } = log;
    const [owner, signer] = [lower(args.owner), lower(args.signer)];
    await stakeCame(tx, log, "joined", owner, args.stake);
    await sql`
      insert into oracle.providers (owner, signer, stake, state, unbonds_at, joined_at, kinds, juror)
      values (${owner}, ${signer}, ${String(args.stake)}, 'active', null, ${block.timestamp}, ${args.kinds}, false)
      on conflict (owner) do update set signer = excluded.signer, stake = excluded.stake, state = 'active',
        unbonds_at = null, joined_at = excluded.joined_at, kinds = excluded.kinds, juror = false`.execute(tx);
    await nameSigner(tx, signer, owner);
  }
}

export async function onKindsSet(tx: Executor, logs: Logs<"KindsSet">): Promise<void> {
  for (const { args } of logs)
    await sql`update oracle.providers set kinds = ${args.kinds} where owner = ${lower(args.owner)}`.execute(
      tx,
    );
}

export async function onJurorSet(tx: Executor, logs: Logs<"JurorSet">): Promise<void> {
  for (const { args, block } of logs)
    await sql`update oracle.providers set juror = ${args.willing},
        juror_since = ${args.willing ? block.timestamp : null} where owner = ${lower(args.owner)}`.execute(
      tx,
    );
}

export async function onSeated(tx: Executor, logs: Logs<"Seated">): Promise<void> {
  for (const { args } of logs)
    await sql`insert into oracle.rosters (domain, owner) values (${args.domain}, ${lower(args.owner)})`.execute(
      tx,
    );
}

export async function onBenched(tx: Executor, logs: Logs<"Benched">): Promise<void> {
  for (const { args } of logs)
    await sql`delete from oracle.rosters where domain = ${args.domain} and owner = ${lower(args.owner)}`.execute(
      tx,
    );
}

export async function onBanned(tx: Executor, logs: Logs<"Banned">): Promise<void> {
  for (const { args } of logs)
    await sql`update oracle.providers set banned = true where owner = ${lower(args.owner)}`.execute(tx);
}

/** What a proved epoch record says of a provider. Records come once an epoch: all are kept, for his history. */
export async function onStandingSet(tx: Executor, logs: Logs<"StandingSet">): Promise<void> {
  for (const { args, block } of logs) {
    const { score, factorBps, strikes, suspendedUntil, cluster, epoch, premium } = args.standing;
    await sql`
      insert into oracle.standings (domain, owner, epoch, score, factor_bps, strikes, suspended_until, cluster, premium, at)
      values (${args.domain}, ${lower(args.owner)}, ${epoch}, ${score}, ${factorBps}, ${strikes}, ${suspendedUntil}, ${cluster}, ${premium},
        ${block.timestamp})
      on conflict (domain, owner, epoch) do update set score = excluded.score, factor_bps = excluded.factor_bps,
        strikes = excluded.strikes, suspended_until = excluded.suspended_until, cluster = excluded.cluster,
        premium = excluded.premium, at = excluded.at`.execute(tx);
  }
}

export async function onStakeAdded(tx: Executor, logs: Logs<"StakeAdded">): Promise<void> {
  for (const log of logs) {
    const { args } = log;
    await stakeCame(tx, log, "added", lower(args.owner), args.amount);
    await sql`update oracle.providers set stake = ${String(args.stake)} where owner = ${lower(args.owner)}`.execute(
      tx,
    );
  }
}

export async function onSignerRotated(tx: Executor, logs: Logs<"SignerRotated">): Promise<void> {
  for (const { args } of logs) {
    const [owner, signer] = [lower(args.owner), lower(args.to)];
    await sql`update oracle.providers set signer = ${signer} where owner = ${owner}`.execute(tx);
    await nameSigner(tx, signer, owner);
  }
}

export async function onLeft(tx: Executor, logs: Logs<"Left">): Promise<void> {
  for (const log of logs) {
    const { args } = log;
    await stakeLeaves(tx, log, lower(args.owner));
    await sql`update oracle.providers set state = 'unbonding', unbonds_at = ${args.unbondsAt}, kinds = 0, juror = false
      where owner = ${lower(args.owner)}`.execute(tx);
  }
}

export async function onWithdrawn(tx: Executor, logs: Logs<"Withdrawn">): Promise<void> {
  for (const { args } of logs)
    await sql`update oracle.providers set state = 'withdrawn', stake = 0, unbonds_at = null
      where owner = ${lower(args.owner)}`.execute(tx);
}

/** A key belongs to the first who names it, so its owner never changes. */
const nameSigner = (tx: Executor, signer: string, owner: string) =>
  sql`insert into oracle.signers (signer, owner) values (${signer}, ${owner}) on conflict do nothing`.execute(
    tx,
  );

export async function onEpochAdvanced(tx: Executor, logs: Logs<"EpochAdvanced">): Promise<void> {
  for (const { args, block, transaction } of logs) {
    const seats = args.seats.map(decodeSeat);
    await sql`insert into oracle.epochs (domain, epoch, total_weight, at, block, tx)
      values (${args.domain}, ${args.epoch}, ${String(args.totalWeight)}, ${block.timestamp}, ${block.number}, ${transaction})`.execute(
      tx,
    );
    await sql`insert into oracle.seats (domain, epoch, seat, signer, weight)
      select ${args.domain}::int, ${args.epoch}::bigint, * from unnest(
        ${seats.map((_, seat) => seat)}::int[],
        ${seats.map(({ signer }) => lower(signer))}::text[],
        ${seats.map(({ weight }) => String(weight))}::numeric[])`.execute(tx);
  }
}

export const onCredited = (tx: Executor, logs: CreditLogs<"Credited">): Promise<void> => move(tx, logs, 1n);
export const onDebited = (tx: Executor, logs: CreditLogs<"Debited">): Promise<void> => move(tx, logs, -1n);

async function move(tx: Executor, logs: CreditLogs<"Credited">, sign: 1n | -1n): Promise<void> {
  const sums = new Map<string, bigint>();
  for (const { args } of logs) {
    const account = lower(args.account);
    sums.set(account, (sums.get(account) ?? 0n) + sign * args.amount);
  }
  await sql`
    insert into oracle.credits as held (account, credit)
    select * from unnest(${[...sums.keys()]}::text[], ${[...sums.values()].map(String)}::numeric[])
    on conflict (account) do update set credit = held.credit + excluded.credit`.execute(tx);
}
