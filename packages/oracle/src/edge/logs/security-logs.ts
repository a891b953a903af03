import type { guardAbi, policyAbi, slasherAbi, stakeManagerAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";
import type { Hex } from "@sooth/kernel";
import { jurorFaultId, positionFault } from "../../core/index.ts";
import { juryById } from "../juries.ts";
import { ownersOf } from "../signer-sets.ts";
import { RECUSED } from "./jury-logs.ts";
import { onStandingSet as onStandingKept } from "./provider-logs.ts";
import { type ContractEventName, encodeAbiParameters, keccak256, zeroAddress } from "viem";

type StakeLogs<E extends ContractEventName<typeof stakeManagerAbi>> = readonly FollowedLog<
  ArgsOf<typeof stakeManagerAbi, E>
>[];
type SlasherLogs<E extends ContractEventName<typeof slasherAbi>> = readonly FollowedLog<
  ArgsOf<typeof slasherAbi, E>
>[];
type GuardLogs<E extends ContractEventName<typeof guardAbi>> = readonly FollowedLog<
  ArgsOf<typeof guardAbi, E>
>[];

const lower = (text: string): string => text.toLowerCase();

/* STAKES */

export async function onSlashed(tx: Executor, logs: StakeLogs<"Slashed">): Promise<void> {
  for (const { args, block, logIndex, transaction } of logs) {
    const owner = lower(args.owner);
    const challenger = args.challenger === zeroAddress ? null : lower(args.challenger);
    await sql`update oracle.providers set stake = ${String(args.stake)} where owner = ${owner}`.execute(tx);
    await sql`insert into oracle.slashes (block, log, owner, fault, challenger, amount, stake, at, tx)
      values (${block.number}, ${logIndex}, ${owner}, ${lower(args.fault)}, ${challenger}, ${String(args.amount)},
        ${String(args.stake)}, ${block.timestamp}, ${transaction})`.execute(tx);
    // The ladder says nothing when it punishes whom a re-report corrected; that their stakes are slashed for it tells.
    await sql`update oracle.disputes set stage = 'done' where id = ${lower(args.fault)} and stage = 'corrected'`.execute(
      tx,
    );
  }
}

export async function onFrozen(tx: Executor, logs: StakeLogs<"Frozen">): Promise<void> {
  for (const { args } of logs)
    await sql`update oracle.providers set frozen_until = ${args.until} where owner = ${lower(args.owner)}`.execute(
      tx,
    );
}

/** A suspension can only be made longer: the contract keeps the latest end. */
export async function onStandingSet(tx: Executor, logs: StakeLogs<"StandingSet">): Promise<void> {
  await onStandingKept(tx, logs);
  for (const { args } of logs)
    await sql`update oracle.providers set suspended_until = greatest(suspended_until, ${args.standing.suspendedUntil || null})
      where owner = ${lower(args.owner)}`.execute(tx);
}

export async function onSlashCredited(tx: Executor, logs: StakeLogs<"SlashCredited">): Promise<void> {
  for (const { args } of logs) await move(tx, args.account, args.amount);
}

export async function onSlashClaimed(tx: Executor, logs: StakeLogs<"SlashClaimed">): Promise<void> {
  for (const { args } of logs) await move(tx, args.account, -args.amount);
}

const move = (tx: Executor, account: string, amount: bigint) =>
  sql`insert into oracle.slash_credits as held (account, credit) values (${lower(account)}, ${String(amount)})
    on conflict (account) do update set credit = held.credit + excluded.credit`.execute(tx);

export async function onDomainPaused(tx: Executor, logs: StakeLogs<"DomainPaused">): Promise<void> {
  for (const { args } of logs)
    await sql`insert into oracle.domain_pauses (domain, until) values (${args.domain}, ${args.until})
      on conflict (domain) do update set until = excluded.until`.execute(tx);
}

/* FAULTS */

const name = (tx: Executor, fault: string, reason: string, question: string | null) =>
  sql`insert into oracle.named_faults (fault, reason, question) values (${fault}, ${reason}, ${question})
    on conflict do nothing`.execute(tx);

/** keccak256(abi.encode("outside", question)). Source: Slasher.sol. */
const outsideFault = (question: `0x${string}`): string =>
  keccak256(encodeAbiParameters([{ type: "string" }, { type: "bytes32" }], ["outside", question]));

export async function onOutside(tx: Executor, logs: SlasherLogs<"Outside">): Promise<void> {
  for (const { args } of logs)
    await name(tx, outsideFault(args.question), "outside tolerance", lower(args.question));
}

/** keccak256(abi.encode("position", question)), of whoever holds one. */
export async function onPositionShown(tx: Executor, logs: SlasherLogs<"PositionShown">): Promise<void> {
  for (const { args } of logs) await name(tx, positionFault(args.question), "position", lower(args.question));
}

/** Of a juror who may stay away: his being missing is no fault, see `onJuryClosed`. */
export async function onRecused(tx: Executor, logs: SlasherLogs<"Recused">): Promise<void> {
  for (const { args } of logs) {
    const [jury, owner] = [args.jury.toLowerCase() as Hex, lower(args.owner)];
    const found = await juryById(tx, jury);
    const jurors = found?.jurors ?? [];
    const owners = await ownersOf(
      tx,
      jurors.map(({ signer }) => signer),
    );
    for (const { signer } of jurors)
      if (owners.get(signer) === owner)
        await name(tx, jurorFaultId(jury, signer, "missing"), RECUSED, lower(args.question));
  }
}

export async function onAccused(tx: Executor, logs: SlasherLogs<"Accused">): Promise<void> {
  for (const { args } of logs) await name(tx, lower(args.id), "collusion", null);
}

export async function onEquivocated(tx: Executor, logs: SlasherLogs<"Equivocated">): Promise<void> {
  for (const { args, transaction } of logs)
    await sql`insert into oracle.shown_equivocations (tx, owner) values (${transaction}, ${lower(args.owner)})
      on conflict do nothing`.execute(tx);
}

type PolicyLogs<E extends ContractEventName<typeof policyAbi>> = readonly FollowedLog<
  ArgsOf<typeof policyAbi, E>
>[];

/** Named, or taken back at once with 0. */
export async function onConsumerSet(tx: Executor, logs: PolicyLogs<"ConsumerSet">): Promise<void> {
  for (const { args, block } of logs)
    await sql`insert into oracle.consumers (consumer, believed_from, named_at)
      values (${lower(args.consumer)}, ${args.from}, ${block.timestamp})
      on conflict (consumer) do update set believed_from = excluded.believed_from, named_at = excluded.named_at`.execute(
      tx,
    );
}

/* BRAKES */

export async function onPaused(tx: Executor, logs: GuardLogs<"Paused">): Promise<void> {
  for (const { args, block } of logs)
    await sql`insert into oracle.pauses (number, guardian, from_at, until_at)
      values (${args.number}, ${lower(args.guardian)}, ${block.timestamp}, ${args.until})`.execute(tx);
}

export async function onTripped(tx: Executor, logs: GuardLogs<"Tripped">): Promise<void> {
  for (const { args, block, logIndex } of logs)
    await sql`insert into oracle.trips (block, log, why, found, most, until, at)
      values (${block.number}, ${logIndex}, ${args.why}, ${String(args.found)}, ${String(args.limit)}, ${args.until},
        ${block.timestamp})`.execute(tx);
}
