import { randomBytes } from "node:crypto";
import { courtAbi } from "@sooth/abi";
import { type Addresses, walletOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { provedSeed } from "@sooth/randomness";
import { counter, type Logger } from "@sooth/runtime";
import { type LocalAccount, toHex, zeroHash } from "viem";
import {
  batchHash,
  type CourtWindows,
  DisputeError,
  drawSeats,
  type JuryChoice,
  juryId,
  juryPhase,
  jurySeed,
  juryWindows,
  packOpenings,
  seatVotes,
  voteCommitment,
  voteTypedData,
} from "../../core/index.ts";
import { mined } from "./join.ts";
import type { CollectorClient } from "./collector-client.ts";
import type { DisputeView, KnownJury } from "./dispute-view.ts";
import { type OwnPositions, type Recusal, recusalText } from "./own-positions.ts";
import { judge, type JudgeTools } from "./judge.ts";
import type { KeptVote, VoteJournal } from "./vote-journal.ts";

const votesCast = counter("oracle_juror_steps_total", "What this node did as a juror", ["step"]);

/** A provider as a juror. */
export type JurorDuty = JudgeTools & {
  addresses: Addresses;
  account: LocalAccount;
  view: DisputeView;
  votes: VoteJournal;
  /** What this node holds in questions: it judges none of those. */
  positions: OwnPositions;
  collectors: readonly CollectorClient[];
  windows: CourtWindows;
  /** What was handed over and taken, so that it is not handed over at every block. */
  handed: Set<string>;
  /** Juries that this node cannot tell anything, and the court clock at which it looks again. */
  silent: Map<Hex, number>;
  log: Logger;
};

/** Who was left out of every batch helps himself in this last part of a window. */
const LAST_PART = 6;
/**
 * This part of the time to reveal passes before a vote is opened: a block that is taken back could else bring an open vote
 * into the time to commit, where whoever shows it is paid out of its juror's stake.
 */
const FIRST_PART = 12;
/** How often who has no vote looks for one in the time to commit. */
const LOOKS = 8;

/** The place of this key among the drawn; null while nobody is drawn, and when it is not. */
async function place(
  duty: JurorDuty,
  { jury }: KnownJury,
): Promise<{ juror: number; seats: number[] } | null> {
  const jurors = await duty.view.jurorsOf(jury.jurorEpoch);
  const juror = jurors.findIndex(({ signer }) => signer === duty.account.address.toLowerCase());
  if (juror === -1) return null;
  const seed = await provedSeed(duty.hub, duty.addresses, jury.beaconRound);
  if (seed === null) return null;
  const weights = jurors.map(({ weight }) => weight);
  const seats = drawSeats(weights, jury.excluded, jury.size, jurySeed(seed, juryId(jury)));
  return seats.includes(juror) ? { juror, seats } : null;
}

/**
 * Does what a drawn juror owes a jury at `clock`, of the court: commits once to every collector, sees to it that its
 * commitment reaches the chain in a batch that it was shown, and opens it in the reveal window. Level-triggered.
 */
export async function jurorStep(duty: JurorDuty, known: KnownJury, clock: number): Promise<void> {
  const { windows } = duty;
  const phase = juryPhase(known.jury, windows, clock);
  if (phase === "evidence" || phase === "over") return;
  const drawn = await place(duty, known);
  if (!drawn) return;
  const { revealAt, endsAt } = juryWindows(known.jury, windows);
  const kept = duty.votes.find(known.id);
  if (phase === "commit") {
    const looks = !kept && (duty.silent.get(known.id) ?? 0) <= clock;
    const recused = looks ? await recusalIn(duty, known) : undefined;
    const vote = kept ?? (looks && recused === undefined && (await castVote(duty, known, drawn.juror)));
    if (!vote) {
      abstain(duty, known, clock, recused);
      return;
    }
    const { juror, commitment, signature } = vote;
    await toAll(duty, known, phase, (collector) =>
      collector.commit(known.id, { juror, commitment, signature }),
    );
    const isLate = clock >= revealAt - Math.ceil(windows.commit / LAST_PART);
    if (isLate && !(await shownBatch(duty, known, vote))) await commitOwn(duty, known, vote);
    return;
  }
  if (!kept || clock < revealAt + Math.ceil(windows.reveal / FIRST_PART)) return;
  if (await hasVoted(duty, known, drawn)) return;
  const { juror, choice, salt } = kept;
  await toAll(duty, known, phase, (collector) => collector.open(known.id, { juror, choice, salt }));
  if ((await ownCommitment(duty, known, kept)) !== zeroHash) return revealOwn(duty, known, kept);
  if (clock >= endsAt - Math.ceil(windows.reveal / LAST_PART)) await revealAlone(duty, known, kept);
}

/**
 * Says once that this node has no vote, and waits before it looks again. Staying away is the only abstention there is: what it
 * costs, and why no other choice stands in for it, see docs/decisions/looking-back.md.
 */
function abstain(
  { silent, windows, log }: JurorDuty,
  { id }: KnownJury,
  clock: number,
  recusal?: Recusal,
): void {
  const next = silent.get(id);
  if (next !== undefined && next > clock) return;
  if (next === undefined) {
    votesCast.inc({ step: recusal === undefined ? "abstained" : "recused" });
    if (recusal === undefined)
      log.warn({ jury: id }, "drawn, and has no vote: it cannot tell, or its sources may have moved");
    else log.warn({ jury: id, ...recusal }, `drawn, and does not vote: ${recusalText(recusal)}`);
  }
  silent.set(id, clock + Math.ceil(windows.commit / LOOKS));
}

/**
 * Why this node must not judge what the jury judges. Such a juror stays away; of a position anybody may say so
 * ({ISlasher.recuse}), as workers do, and then it costs him nothing.
 */
async function recusalIn({ view, positions }: JurorDuty, { about }: KnownJury): Promise<Recusal | undefined> {
  const dispute = about && view.disputes.get(about.dispute)?.dispute;
  return dispute ? positions.recusalOf(dispute.question) : undefined;
}

async function castVote(duty: JurorDuty, known: KnownJury, juror: number): Promise<KeptVote | null> {
  const choice = await judge(duty, known);
  if (choice === null) return null;
  const salt = toHex(randomBytes(16));
  const commitment = voteCommitment(known.id, { juror, choice, salt });
  const domain = { chainId: duty.hub.definition.id, court: duty.addresses.court };
  const signature = await duty.account.signTypedData(voteTypedData(domain, known.id, commitment));
  const signer = duty.account.address.toLowerCase();
  const vote = { jury: known.id, signer, juror, choice, salt, commitment, signature };
  await duty.votes.write(vote);
  votesCast.inc({ step: "voted" });
  duty.log.info({ jury: known.id, juror, choice }, "voted as a juror");
  return vote;
}

/** Each collector by itself: one that is away or refuses costs the others nothing. */
async function toAll(
  duty: JurorDuty,
  known: KnownJury,
  what: string,
  hand: (collector: CollectorClient) => ReturnType<CollectorClient["commit"]>,
): Promise<void> {
  await Promise.all(
    duty.collectors.map(async (collector) => {
      const name = `${known.id}:${what}:${collector.url}`;
      if (duty.handed.has(name)) return;
      try {
        const handed = await hand(collector);
        if (handed.taken) duty.handed.add(name);
        else duty.log.info({ jury: known.id, collector: collector.url, why: handed.why }, "not taken");
      } catch (error) {
        duty.log.warn({ err: error, jury: known.id, collector: collector.url }, "a collector is away");
      }
    }),
  );
}

/** The batch on chain that holds this vote and was shown whole; any other cannot be counted on to be opened. */
async function shownBatch(duty: JurorDuty, known: KnownJury, vote: KeptVote): Promise<readonly Hex[] | null> {
  for (const collector of duty.collectors) {
    const batches = await collector.batches(known.id).catch((error: unknown) => {
      duty.log.warn({ err: error, jury: known.id, collector: collector.url }, "a collector shows no batches");
      return [];
    });
    for (const { commitments } of batches) {
      const order = commitments as Hex[];
      if (order.includes(vote.commitment) && known.posted.has(batchHash(order))) return order;
    }
  }
  return null;
}

const court = (duty: JurorDuty) => ({ address: duty.addresses.court, abi: courtAbi }) as const;
const wallet = (duty: JurorDuty) => walletOf(duty.hub, duty.account);

const ownCommitment = (duty: JurorDuty, known: KnownJury, { juror }: KeptVote): Promise<Hex> =>
  duty.hub.client.readContract({ ...court(duty), functionName: "ownCommitment", args: [known.id, juror] });

async function hasVoted(
  duty: JurorDuty,
  known: KnownJury,
  { juror, seats }: { juror: number; seats: readonly number[] },
): Promise<boolean> {
  const word = await duty.hub.client.readContract({
    ...court(duty),
    functionName: "votesOf",
    args: [known.id],
  });
  const votes = seatVotes(word, known.jury.size);
  return seats.some((holder, seat) => holder === juror && votes[seat] !== 0);
}

async function commitOwn(duty: JurorDuty, known: KnownJury, vote: KeptVote): Promise<void> {
  if ((await ownCommitment(duty, known, vote)) !== zeroHash) return;
  const { juror, commitment, signature } = vote;
  duty.log.warn({ jury: known.id, juror }, "left out of every batch: commits by itself");
  votesCast.inc({ step: "committed_alone" });
  const args = [known.jury, juror, commitment, signature] as const;
  await mined(
    duty.hub,
    await wallet(duty).writeContract({ ...court(duty), functionName: "commitOwn", args }),
  );
}

async function revealOwn(duty: JurorDuty, known: KnownJury, vote: KeptVote): Promise<void> {
  const args = [known.jury, vote.juror, vote.choice, vote.salt] as const;
  votesCast.inc({ step: "revealed_alone" });
  await mined(
    duty.hub,
    await wallet(duty).writeContract({ ...court(duty), functionName: "revealOwn", args }),
  );
}

/** Nobody opened the batch: this juror opens it himself, and passes the others over. */
async function revealAlone(duty: JurorDuty, known: KnownJury, vote: KeptVote): Promise<void> {
  const order = await shownBatch(duty, known, vote);
  if (!order) throw DisputeError.batch_withheld({ jury: known.id });
  const { juror, salt, signature } = vote;
  const choice = vote.choice as JuryChoice;
  const openings = packOpenings(
    order.map((commitment) =>
      commitment === vote.commitment ? { juror, choice, salt, signature } : { commitment },
    ),
  );
  votesCast.inc({ step: "revealed_alone" });
  const args = [known.jury, openings] as const;
  await mined(duty.hub, await wallet(duty).writeContract({ ...court(duty), functionName: "reveal", args }));
}
