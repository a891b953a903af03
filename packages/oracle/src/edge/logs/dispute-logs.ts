import type { ladderAbi, oracleAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { at } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";
import { type ContractEventName, zeroHash } from "viem";
import {
  decodeAnswerWord,
  differs,
  type Dispute,
  disputedAnswer,
  disputeId,
  isSilence,
  OUTCOMES,
  STAGES,
} from "../../core/index.ts";
import { reasonWasUsed } from "../reasons.ts";
import { tellDispute, tellQuestions } from "./live.ts";

type Logs<E extends ContractEventName<typeof oracleAbi>> = readonly FollowedLog<
  ArgsOf<typeof oracleAbi, E>
>[];
type LadderLogs<E extends ContractEventName<typeof ladderAbi>> = readonly FollowedLog<
  ArgsOf<typeof ladderAbi, E>
>[];

const lower = <T extends string>(text: T): T => text.toLowerCase() as T;
/** Sides of a stake. Source: Cases.sol. */
const THE_CLAIM = 2;
const NOT_THE_ANSWER = 0;

// Disputes are few: their logs are written one by one, in their order.

/* AT THE ORACLE */

export async function onDisputed(tx: Executor, logs: Logs<"Disputed">): Promise<void> {
  for (const log of logs) {
    const { question, disputer, answer, claim, deposit, reason } = log.args;
    const root = { root: zeroHash, claimRoot: zeroHash };
    await open(tx, log, { question, answer, disputer, claim, deposit, ...root }, reason);
  }
  await tellQuestions(tx, logs);
}

export async function onDisputedRoot(tx: Executor, logs: Logs<"DisputedRoot">): Promise<void> {
  for (const log of logs) {
    const { question, disputer, answer, claim, claimRoot, deposit, reason } = log.args;
    const { root, facts } = answer;
    await open(tx, log, { question, answer: facts, root, disputer, claim, claimRoot, deposit }, reason);
  }
  await tellQuestions(tx, logs);
}

async function open(tx: Executor, log: FollowedLog, terms: Omit<Dispute, "at">, reason: Hex): Promise<void> {
  const dispute: Dispute = { ...terms, at: log.block.timestamp };
  const [id, question, disputer] = [disputeId(dispute), lower(dispute.question), lower(dispute.disputer)];
  await sql`insert into oracle.disputes (id, question, answer, root, disputer, claim, claim_root, deposit, reason, at, block, log, tx)
    values (${id}, ${question}, ${String(dispute.answer)}, ${dispute.root}, ${disputer}, ${String(dispute.claim)},
      ${dispute.claimRoot}, ${String(dispute.deposit)}, ${reason === zeroHash ? null : lower(reason)}, ${dispute.at}, ${log.block.number}, ${log.logIndex}, ${log.transaction})`.execute(
    tx,
  );
  if (reason !== zeroHash) await reasonWasUsed(tx, lower(reason));
  await sql`insert into oracle.dispute_stakes (dispute, place, who, amount, side)
    values (${id}, 0, ${disputer}, ${String(dispute.deposit)}, ${THE_CLAIM})`.execute(tx);
  // Nobody had answered: what is disputed is the INVALID that the deadline would have made of it.
  const word = isSilence(dispute) ? disputedAnswer(dispute) : null;
  if (word)
    await sql`update oracle.questions set value = ${String(word.value)}, finalize_at = ${word.finalizeAt}, confidence = 0,
        seats = 0, epoch = ${word.epoch}, deposit = ${word.deposit ?? 0} where id = ${question}`.execute(tx);
  await sql`update oracle.questions set state = 'disputed', dispute = ${id} where id = ${question}`.execute(
    tx,
  );
  // The oracle takes it from his credit without a word more.
  await sql`insert into oracle.credits as held (account, credit) values (${disputer}, ${String(-dispute.deposit)})
    on conflict (account) do update set credit = held.credit + excluded.credit`.execute(tx);
}

export async function onRuled(tx: Executor, logs: Logs<"Ruled">): Promise<void> {
  for (const { args, block, logIndex, transaction } of logs) {
    const outcome = at(OUTCOMES, args.verdict);
    const question = lower(args.question);
    await sql`update oracle.disputes set stage = case when stage = 'corrected' and ${outcome} <> 'reopen' then stage else 'done' end,
        outcome = ${outcome}, ended_at = ${block.timestamp}, ended_tx = ${transaction}
      where id = ${lower(args.dispute)}`.execute(tx);
    const word = decodeAnswerWord(args.word);
    if (word.state === "open") {
      await sql`update oracle.questions set state = 'open', dispute = null, value = null, finalize_at = null,
          confidence = null, seats = null, epoch = null, report = null, answered_at = null, answered_block = null,
          answered_log = null, answered_tx = null, ruled = false, deposit = 0, held = 0,
          round = ${word.round}, not_before = ${word.notBefore}, disputes = ${word.disputes ?? 0}
        where id = ${question}`.execute(tx);
      continue;
    }
    if (word.state === "root") {
      await sql`update oracle.questions set state = 'answered', dispute = null, finalize_at = ${word.finalizeAt},
          root = coalesce(nullif(${lower(args.root)}, ${zeroHash}), root) where id = ${question}`.execute(tx);
      continue;
    }
    if (word.state !== "answered") continue;
    await sql`update oracle.questions set state = 'answered', dispute = null, finalize_at = ${word.finalizeAt},
        round = ${word.round}, deposit = ${word.deposit ?? 0}, disputes = ${word.disputes ?? 0},
        ruled = ${word.ruled ?? false}, held = ${word.held ?? 0} where id = ${question}`.execute(tx);
    if (outcome === "uphold" || outcome === "restore") continue;
    // Another answer: signed by those who reported anew, or given by a jury, which signs nothing.
    await sql`update oracle.questions set value = ${String(word.value)}, confidence = ${word.confidence},
        seats = ${String(word.seats)}, epoch = ${word.epoch}, answered_at = ${block.timestamp},
        answered_block = ${block.number}, answered_log = ${logIndex}, answered_tx = ${transaction},
        report = (select signatures from oracle.dispute_steps s where s.dispute = ${lower(args.dispute)}
          and s.kind = 'rereported' and s.tx = ${transaction})
      where id = ${question}`.execute(tx);
  }
  await tellQuestions(tx, logs);
}

export async function onHeld(tx: Executor, logs: Logs<"Held">): Promise<void> {
  for (const { args } of logs)
    await sql`update oracle.questions set finalize_at = ${args.finalizeAt},
        held = (select (max(number) - 1) % 7 + 1 from oracle.pauses) where id = ${lower(args.question)}`.execute(
      tx,
    );
  await tellQuestions(tx, logs);
}

/* AT THE LADDER */

type Step = {
  kind: string;
  value?: bigint;
  signatures?: Hex;
  jury?: Hex;
  tier?: number;
  choice?: number;
  who?: string;
  until?: number;
};

async function record(
  tx: Executor,
  { args, block, logIndex, transaction }: FollowedLog<{ dispute: Hex }>,
  step: Step,
): Promise<void> {
  await sql`insert into oracle.dispute_steps (block, log, dispute, kind, at, tx, value, signatures, jury, tier, choice, who, until)
    values (${block.number}, ${logIndex}, ${lower(args.dispute)}, ${step.kind}, ${block.timestamp}, ${transaction},
      ${step.value === undefined ? null : String(step.value)}, ${step.signatures ?? null}, ${step.jury ?? null},
      ${step.tier ?? null}, ${step.choice ?? null}, ${step.who ?? null}, ${step.until ?? null})`.execute(tx);
}

export async function onRereported(tx: Executor, logs: LadderLogs<"Rereported">): Promise<void> {
  for (const log of logs) {
    const { dispute, value, signatures } = log.args;
    const stage = at(STAGES, log.args.stage);
    await record(tx, log, { kind: "rereported", value, signatures });
    // A re-report that confirms stands until somebody appeals; the contract's event does not say until when.
    await sql`update oracle.disputes set stage = ${stage}, verdict = ${stage === "confirmed" ? 1 : 0}
      where id = ${lower(dispute)}`.execute(tx);
    if (stage === "sitting") await replaceClaim(tx, lower(dispute), value);
  }
  await tellDispute(tx, logs);
}

/** Whose claim was replaced by another wins whenever the answer does not. Mirror of `Rereports._replaceClaim`. */
async function replaceClaim(tx: Executor, dispute: Hex, value: bigint): Promise<void> {
  const found = await one<{ held: bigint; tolerance: bigint }>(
    tx,
    sql`select case when d.claim = ${String(-(1n << 95n))} or d.claim between q.min_value and q.max_value then d.claim
          else ${String(-(1n << 95n) + 1n)} end as held, q.tolerance
        from oracle.disputes d join oracle.questions q on q.id = d.question where d.id = ${dispute}`,
  );
  if (found && differs(value, found.held, found.tolerance))
    await sql`update oracle.dispute_stakes set side = ${NOT_THE_ANSWER} where dispute = ${dispute} and place = 0`.execute(
      tx,
    );
  await sql`update oracle.disputes set held_claim = ${String(value)} where id = ${dispute}`.execute(tx);
}

export async function onConvened(tx: Executor, logs: LadderLogs<"Convened">): Promise<void> {
  for (const log of logs) {
    const { tier, claim } = log.args;
    const [dispute, jury] = [lower(log.args.dispute), lower(log.args.jury)];
    await record(tx, log, { kind: "convened", jury, tier });
    await sql`update oracle.disputes set stage = 'sitting', jury = ${jury}, tier = ${tier}, held_claim = ${String(claim)},
      until = null where id = ${dispute}`.execute(tx);
    await sql`update oracle.juries set dispute = ${dispute} where id = ${jury}`.execute(tx);
  }
  await tellDispute(tx, logs);
}

export async function onVerdictTaken(tx: Executor, logs: LadderLogs<"VerdictTaken">): Promise<void> {
  for (const log of logs) {
    const { choice, until } = log.args;
    await record(tx, log, { kind: "verdict", jury: lower(log.args.jury), choice, until });
    // Undecided: the next jury, or the end, is told by another log.
    if (choice !== 0)
      await sql`update oracle.disputes set stage = 'ruled', verdict = ${choice}, until = ${until}
        where id = ${lower(log.args.dispute)}`.execute(tx);
  }
  await tellDispute(tx, logs);
}

export async function onAppealed(tx: Executor, logs: LadderLogs<"Appealed">): Promise<void> {
  for (const log of logs) {
    const { side, deposit } = log.args;
    const [dispute, who] = [lower(log.args.dispute), lower(log.args.who)];
    await record(tx, log, { kind: "appealed", who, choice: side });
    await sql`insert into oracle.dispute_stakes (dispute, place, who, amount, side)
      select ${dispute}, count(*), ${who}, ${String(deposit)}, ${side} from oracle.dispute_stakes where dispute = ${dispute}`.execute(
      tx,
    );
  }
  await tellDispute(tx, logs);
}

export async function onAwarded(tx: Executor, logs: LadderLogs<"Awarded">): Promise<void> {
  for (const { args, block, logIndex } of logs)
    await sql`insert into oracle.dispute_awards (block, log, dispute, who, amount)
      values (${block.number}, ${logIndex}, ${lower(args.dispute)}, ${lower(args.who)}, ${String(args.amount)})`.execute(
      tx,
    );
}

export async function onConcluded(tx: Executor, logs: LadderLogs<"Concluded">): Promise<void> {
  for (const log of logs) {
    const { outcome, toInsurance } = log.args;
    await record(tx, log, { kind: "concluded", choice: outcome });
    await sql`update oracle.disputes set choice = ${outcome}, to_insurance = ${String(toInsurance)}
      where id = ${lower(log.args.dispute)}`.execute(tx);
  }
  await tellDispute(tx, logs);
}
