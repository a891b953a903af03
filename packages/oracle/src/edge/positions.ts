import { slasherAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import type { Address, Hex, UnixSeconds } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { encodeFunctionData } from "viem";
import {
  type HeldPosition,
  jurorsWithPositions,
  mayBeAsked,
  positionFault,
  positionsOfSigners,
  provableSignature,
  type SecurityEvent,
  seatVotes,
  unpackReport,
} from "../core/index.ts";
import type { WorkerDeps } from "./deps.ts";
import { disputeById } from "./disputes.ts";
import { juriesByIds, type StoredJury } from "./juries.ts";
import { questionsByIds, type StoredQuestion } from "./questions.ts";
import { reportsOf } from "./reports.ts";
import { openEvents } from "./security/events.ts";
import { send } from "./send.ts";
import { signerSet } from "./signer-sets.ts";

/** Juries of one question that are looked at: three tiers for each of its disputes. */
const JURIES = 32;

/** Every account that judges: owners of stakes and all keys that they named, each with its owner. Lower case. */
export async function judgingAccounts(db: Executor): Promise<Map<Hex, Hex>> {
  const found = await rows<{ account: Hex; owner: Hex }>(
    db,
    sql`select s.signer as account, s.owner from oracle.signers s
        join oracle.providers p on p.owner = s.owner where p.stake > 0 and not p.banned
      union select owner, owner from oracle.providers where stake > 0 and not banned`,
  );
  return new Map(found.map(({ account, owner }) => [account, owner]));
}

/** The provider, owner or key, behind an account who may be asked to answer in this domain; undefined for anybody else. */
export async function judgeIn(db: Executor, account: Address, domain: number): Promise<Hex | undefined> {
  const who = account.toLowerCase();
  const found = await one<{
    owner: Hex;
    state: "active" | "unbonding" | "withdrawn";
    banned: boolean;
    kinds: number;
  }>(
    db,
    sql`select p.owner, p.state, p.banned, p.kinds from oracle.providers p
      where p.owner = ${who} or p.owner = (select owner from oracle.signers where signer = ${who})
      order by p.owner = ${who} desc limit 1`,
  );
  return found && mayBeAsked(found, domain) ? found.owner : undefined;
}

/**
 * Shows positions of those who judge: of who signed a report, and of jurors who voted; says of jurors who have not that they
 * hold one, so that it costs them nothing. Level-triggered: what was sent is sent once, and who was slashed is passed over.
 * @param positions those of {@link judgingAccounts}, in whatever the server runs that rests on answers
 */
export async function sweepPositions(
  deps: Pick<WorkerDeps, "store" | "hub" | "addresses" | "log">,
  positions: readonly HeldPosition[],
  { timestamp }: Pick<BlockRef, "timestamp">,
): Promise<void> {
  if (positions.length === 0) return;
  const { db } = deps.store;
  const ids = [...new Set(positions.map(({ question }) => question))];
  const [accounts, questions] = await Promise.all([judgingAccounts(db), questionsByIds(db, ids)]);
  const ownerOf = (account: Hex) => accounts.get(account);
  const signed: Signed[] = [];
  // One after the other: there may be as many as there are open markets, and the pool is everybody's.
  for (const question of questions) signed.push(...(await signedOn(db, question)));
  for (const { owner, position, report } of positionsOfSigners(positions, signed, ownerOf)) {
    if (await isPunished(db, owner, position.question)) continue;
    const { question, epoch, round, value, signature } = report;
    const data = encodeFunctionData({
      abi: slasherAbi,
      functionName: "positionOfSigner",
      args: [question, epoch, round, value, provableSignature(signature), holdingOf(position)],
    });
    await show(deps, { owner, position, data, as: "reported on it" }, timestamp);
  }
  for (const id of ids) await sweepJuries(deps, id, positions, { ownerOf, timestamp });
}

const holdingOf = ({ consumer, holder, where }: HeldPosition) => ({ consumer, holder, where });

type Signed = { question: Hex; signer: Hex; epoch: number; round: number; value: bigint; signature: Hex };

/**
 * Values that were handed over here, and those of the last answer that somebody else transmitted, whatever became of it: whoever
 * signed it himself could else object to it at once, and nobody would look.
 */
async function signedOn(db: Executor, { id, terms }: StoredQuestion): Promise<Signed[]> {
  const held = (await reportsOf(db, [id])).get(id) ?? [];
  const here = held.filter(({ root }) => !root);
  const answer = await one<{ value: bigint; seats: number; epoch: number; round: number; report: Hex }>(
    db,
    sql`select value, seats, epoch, round, report from oracle.signed_answers where question = ${id}`,
  );
  if (!answer) return here;
  const { value, epoch, round, report } = answer;
  const { seats } = await signerSet(db, terms.domain, epoch);
  const shown = (unpackReport(report, BigInt(answer.seats), value) ?? []).flatMap((each) => {
    const signer = seats[each.seat]?.signer;
    return signer ? [{ ...each, question: id, signer, epoch, round }] : [];
  });
  return [...here, ...shown];
}

async function isPunished(db: Executor, owner: Hex, question: Hex): Promise<boolean> {
  const fault = positionFault(question);
  const found = await one(db, sql`select 1 from oracle.slashes where owner = ${owner} and fault = ${fault}`);
  return found !== undefined;
}

async function sweepJuries(
  deps: Pick<WorkerDeps, "store" | "hub" | "addresses" | "log">,
  question: Hex,
  positions: readonly HeldPosition[],
  { ownerOf, timestamp }: { ownerOf: (account: Hex) => Hex | undefined; timestamp: number },
): Promise<void> {
  const { db } = deps.store;
  const found = await rows<{ id: Hex }>(
    db,
    sql`select j.id from oracle.juries j join oracle.disputes d on d.id = j.dispute
      where d.question = ${question} order by j.block desc, j.log desc limit ${JURIES}`,
  );
  const juries = await juriesByIds(
    db,
    found.map(({ id }) => id),
  );
  for (const jury of juries) {
    const { seats, votesWord, jurors } = jury;
    if (seats === null) continue;
    const drawn = {
      question,
      seats,
      votes: seatVotes(votesWord, jury.jury.size),
      jurors: jurors.map(({ signer }) => signer),
    };
    for (const juror of jurorsWithPositions(positions, drawn, ownerOf)) {
      if (juror.did === "stayed away" && jury.closed) continue;
      if (juror.did === "voted" && (await isPunished(db, juror.owner, question))) continue;
      await showJuror(deps, jury, juror, timestamp);
    }
  }
}

async function showJuror(
  deps: Pick<WorkerDeps, "store" | "hub" | "addresses" | "log">,
  { id, jury, dispute: disputed }: StoredJury,
  { owner, position, seat, did }: ReturnType<typeof jurorsWithPositions>[number],
  timestamp: number,
): Promise<void> {
  const dispute = disputed && (await disputeById(deps.store.db, disputed));
  if (!dispute) return;
  const args = [jury, dispute.dispute, seat, holdingOf(position)] as const;
  if (did === "voted") {
    const data = encodeFunctionData({ abi: slasherAbi, functionName: "positionOfJuror", args });
    return show(deps, { owner, position, data, as: "voted on it" }, timestamp);
  }
  const data = encodeFunctionData({ abi: slasherAbi, functionName: "recuse", args });
  const key = `oracle:recuse:${id}:${owner}`;
  await send(deps, { key, to: deps.addresses.slasher, data, purpose: "recuse" });
}

async function show(
  deps: Pick<WorkerDeps, "store" | "hub" | "addresses" | "log">,
  { owner, position, data, as }: { owner: Hex; position: HeldPosition; data: Hex; as: string },
  timestamp: number,
): Promise<void> {
  const { store, hub, addresses } = deps;
  const { question, holder, consumer } = position;
  const event: SecurityEvent = {
    rule: "position",
    severity: 4,
    // Of the same owner another question is news.
    subject: `${owner} ${question}`,
    evidence: { owner, question, holder, consumer, as },
    at: timestamp as UnixSeconds,
  };
  await store.transaction((tx) => openEvents(tx, hub.definition.id, [{ event }]));
  const key = `oracle:position:${question}:${owner}`;
  await send(deps, { key, to: addresses.slasher, data, purpose: "position" });
}
