import { setTimeout as delay } from "node:timers/promises";
import { type Address, sameAddress } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import {
  batchDigest,
  batchTypedData,
  type Fact,
  HELLO_HEADER,
  helloHeader,
  helloTypedData,
  type Silence,
  sayable,
  silenceTypedData,
  type WireReasons,
} from "../../core/index.ts";
import { Answers } from "./answers.ts";
import { type DeadlineOf, type FactJournal, openFactJournal } from "./fact-journal.ts";
import { HashLearner } from "./learn-hashes.ts";
import { linesOf } from "./lines-of.ts";
import { Looks } from "./looks.ts";
import { refusedFacts, signedFacts } from "./metrics.ts";
import type { Proposal } from "./proposals.ts";
import type { Sighting } from "./sight.ts";
import { Turns } from "./turns.ts";

export type AttesterOptions = {
  /** Signs; the stake belongs to another key. */
  account: LocalAccount;
  sighting: Sighting;
  attesters: Address;
  /** The longest that a batch may be valid, in seconds. */
  longestValidity: number;
  /** APIs that gather signatures; each is listened to by itself. */
  collectors: readonly string[];
  /** Remembers what was said. Without it a node that is started again may contradict itself, which costs all of its stake. */
  journalFile?: string;
  signal: AbortSignal;
  log: Logger;
};

/** Whoever asks waits 2 s. */
const PATIENCE_MS = 1_600;
const LOOK_AGAIN_MS = 60;
const RECONNECT_MS = 1_000;
/** Batches of one collector looked at together; what comes then waits for its turn in the connection. Who waits for blocks looks at nothing. */
const AT_ONCE = 128;
/** Facts of one collector that blocks are waited for; of what comes then is said at once what is so now. */
const MOST_WAITING = 16_384;
/** What no time makes so. */
const FINAL: ReadonlySet<Silence> = new Set(["said_otherwise", "long_over", "no_policy", "not_theirs"]);
/** What is answered once both nodes were asked after the question came: only another block changes it, and it may be asked again. */
const IN_VAIN: ReadonlySet<Silence> = new Set(["not_seen", "nodes_disagree"]);

const SAID_OTHERWISE = { why: "said_otherwise", near: false } as const;
const LONG_OVER = { why: "long_over", near: false } as const;
/** How often it is looked whether the journal has grown large. */
const COMPACT_MS = 600_000;
/** The first time: a node that is started anew every day, or falls every hour, must not grow its journal for ever. */
const FIRST_COMPACT_MS = 60_000;

/**
 * An attester's node: signs batches of which it sees every fact itself, on two views of every chain, at blocks that its policy
 * trusts, and that contradicts nothing that it said before. Runs until `signal` aborts.
 * @throws bundles.bad_journal, bundles.journal_broken
 */
export async function runAttester(o: AttesterOptions): Promise<void> {
  const { account, attesters, sighting } = o;
  const domain = `${sighting.hubChainId}:${attesters.toLowerCase()}`;
  const end = new AbortController();
  const signal = AbortSignal.any([o.signal, end.signal]);
  let broken: Error | undefined;
  const onBroken = (error: Error) => {
    broken = error;
    end.abort();
  };
  const journal = await openFactJournal({ file: o.journalFile, signer: account.address, domain, onBroken });
  try {
    await Promise.all(sighting.views.map(({ watch }) => watch.ready));
    const looks = Looks.of(sighting);
    if (!signal.aborted)
      await Promise.all([
        ...o.collectors.map((url) => listen(attending({ ...o, signal, journal, looks }, url))),
        keepSmall({ ...o, signal }, journal),
      ]);
  } finally {
    await journal.close();
  }
  // Whoever runs this starts it again, and the file is read as it is.
  if (broken) throw broken;
}

/** Leaves out of the journal what neither view remembers, whenever it has grown. */
async function keepSmall({ sighting, signal, log }: AttesterOptions, journal: FactJournal): Promise<void> {
  await delay(FIRST_COMPACT_MS, undefined, { signal }).catch(() => undefined);
  while (!signal.aborted) {
    // What is remembered is looked through as a whole: not for nothing.
    const [one, other] = journal.isLarge ? sighting.views.map(({ watch }) => watch.remembered()) : [];
    if (one && other)
      try {
        const left = await journal.compact(
          [...one.bundles, ...other.bundles],
          Math.min(one.before, other.before),
        );
        log.info({ lines: left }, "the journal of what was said is smaller by what nobody needs");
      } catch (error) {
        // What was written before stands, and a file that is broken ends the node by itself.
        log.warn({ err: error }, "the journal of what was said could not be compacted");
      }
    await delay(COMPACT_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** By either view; the earlier where they differ. */
const deadlineOf =
  ({ sighting }: Pick<AttesterOptions, "sighting">): DeadlineOf =>
  (id) => {
    const told = sighting.views.flatMap(({ watch }) => watch.headerOf(id)?.deadline ?? []);
    return told.length === 0 ? undefined : Math.min(...told);
  };

type Attending = AttesterOptions & {
  journal: FactJournal;
  looks: Looks;
  url: string;
  learner: HashLearner;
  answers: Answers;
  turns: Turns;
  /** Facts that blocks are waited for. */
  waiting: number;
};

function attending(o: AttesterOptions & { journal: FactJournal; looks: Looks }, url: string): Attending {
  const { sighting, signal, log } = o;
  const learner = new HashLearner({
    url,
    signal,
    log,
    learn: (id, learned) => {
      for (const view of sighting.views) view.watch.learn(id, learned);
    },
  });
  const answers = new Answers({ url, signal, log });
  return { ...o, url, learner, answers, turns: new Turns(AT_ONCE), waiting: 0 };
}

/** That this key holds a seat, said to this collector alone: it keeps a place for it. */
async function hello({ account, sighting, attesters, url }: Attending): Promise<string> {
  const at = Date.now();
  const typed = helloTypedData({ chainId: sighting.hubChainId, attesters }, { host: new URL(url).host, at });
  return helloHeader({ signer: account.address, at, signature: await account.signTypedData(typed) });
}

/** Takes one collector's proposals, for as long as it stands. */
async function listen(o: Attending): Promise<void> {
  const { signal, log, url, turns } = o;
  const running = new Set<Promise<void>>();
  let complaint: string | null = null;
  while (!signal.aborted) {
    try {
      const response = await fetch(new URL("/v1/bundles/batches/stream", url), {
        headers: { [HELLO_HEADER]: await hello(o) },
        signal,
      });
      if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
      complaint = null;
      for await (const line of linesOf(response.body)) {
        await turns.take();
        const one = attend(o, line)
          .catch((error: unknown) => {
            if (!signal.aborted) log.warn({ err: error, collector: url }, "a batch was not answered");
          })
          .finally(() => {
            turns.give();
            running.delete(one);
          });
        running.add(one);
      }
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (!signal.aborted && text !== complaint)
        log.warn({ err: error, collector: url }, "a collector is away");
      complaint = text;
    }
    await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(running);
}

async function attend(o: Attending, line: string): Promise<void> {
  const proposal = readProposal(o, line);
  if (proposal === null) return;
  const { facts, batch } = proposal;
  const { account, attesters, journal, sighting } = o;
  const set = sighting.views[0].watch.sets().findLast(({ epoch }) => epoch === batch.epoch);
  // Of a set that the hub has not shown yet one may be; of one that it showed the seats are known.
  if (set && !set.seats.some(({ key }) => sameAddress(key, account.address))) return;
  const at = { chainId: sighting.hubChainId, attesters };
  const head = { signer: account.address.toLowerCase(), epoch: batch.epoch, validUntil: batch.validUntil };
  const silent = await reasonsAgainst(o, facts);
  if (silent.length > 0) {
    refusedFacts(facts.length, silent);
    const signature = await account.signTypedData(silenceTypedData(at, batch, silent));
    await o.answers.hand(batch.root, { ...head, signature, silent });
    return;
  }
  await journal.say(batch.epoch, facts, deadlineOf(o));
  const signature = account.sign
    ? await account.sign({ hash: batchDigest(at, batch) })
    : await account.signTypedData(batchTypedData(at, batch));
  signedFacts(facts.length);
  await o.answers.hand(batch.root, { ...head, signature });
}

/** Null for what is no batch, or is valid for longer than any may be: an answer to it would be of no use to anybody. */
function readProposal({ sighting, looks, longestValidity, log }: Attending, line: string): Proposal | null {
  const proposal = looks.proposals.read(line, log);
  if (proposal === null) return null;
  const { root, validUntil } = proposal.batch;
  const now = sighting.views[0].watch.head(sighting.hubChainId)?.timestamp ?? 0;
  if (validUntil > now + longestValidity || validUntil < now) {
    log.info({ root }, "a collector showed a batch of another time");
    return null;
  }
  return proposal;
}

/** A decision whose header was not read yet is only waited for, though the journal lets nothing be said of it meanwhile. */
const isLongOver = (o: Attending, fact: Fact): boolean =>
  (fact.kind !== "decision" || deadlineOf(o)(fact.id) !== undefined) && o.journal.isPast(fact, deadlineOf(o));

/**
 * Which of the facts are not to be said, after a while in which they may become so; none: all of them are. What neither node
 * showed when it was asked is answered at once, and so is what is too young for longer than anybody waits: whoever makes up
 * facts, or asks for true ones too early, holds nobody up.
 */
async function reasonsAgainst(o: Attending, facts: readonly Fact[]): Promise<WireReasons> {
  const { journal, looks, signal, turns } = o;
  const came = performance.now();
  const contradicting = new Set(sayable(facts, journal.said).contradicts);
  const isOver = () => signal.aborted || performance.now() > came + PATIENCE_MS;
  for (;;) {
    const isAllLearned = contradicting.size > 0 || (await learnHashes(o, facts));
    // Before the look: what came after it was not looked at.
    const isRead = looks.isReadSince(came);
    const look = looks.now;
    const [reasons, lasting]: [WireReasons, WireReasons] = [[], []];
    for (const [fact, one] of facts.entries()) {
      const found = contradicting.has(one)
        ? SAID_OTHERWISE
        : isLongOver(o, one)
          ? LONG_OVER
          : look.whyNot(one);
      // Of sets alone nodes are asked.
      const not = found instanceof Promise ? await found : found;
      if (not === null) continue;
      reasons.push({ fact, why: not.why });
      const isInVain = isAllLearned && isRead && IN_VAIN.has(not.why);
      if (isInVain || FINAL.has(not.why) || (not.why === "too_young" && !not.near))
        lasting.push({ fact, why: not.why });
    }
    if (reasons.length === 0) return [];
    // Of the others nothing is said yet: without these they may be so in the next batch.
    if (lasting.length > 0) return lasting;
    if (isOver() || o.waiting + facts.length > MOST_WAITING) return reasons;
    o.waiting += facts.length;
    // What was not asked for is asked for then, whether or not anything changed.
    const isNews = () =>
      !isAllLearned || looks.now !== look || looks.isReadSince(came) !== isRead || isOver();
    await turns.leave(async () => {
      do await looks.changed(LOOK_AGAIN_MS);
      while (!isNews());
    });
    o.waiting -= facts.length;
  }
}

/**
 * Of bundles whose legs are private the collector knows header and hashes. It is asked for those alone that some chain shows: of
 * others nothing can be so. @returns whether it was asked for all of them
 */
function learnHashes({ sighting, looks, learner }: Attending, facts: readonly Fact[]): Promise<boolean> {
  const [{ watch }] = sighting.views;
  const unknown = new Set(facts.flatMap((fact) => looks.now.idOf(fact) ?? []));
  for (const id of unknown) if (!watch.isSeen(id) || watch.factsView(id) !== undefined) unknown.delete(id);
  return learner.ask(unknown);
}
