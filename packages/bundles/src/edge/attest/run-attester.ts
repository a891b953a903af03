import { setTimeout as delay } from "node:timers/promises";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { wireHex32 } from "@sooth/oracle/core";
import type { Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import { z } from "zod";
import {
  batchTypedData,
  bundleFromWire,
  type Fact,
  factFromWire,
  factTree,
  type Silence,
  sayable,
  type SignedBatch,
  silenceTypedData,
  type WireBatchAnswer,
  wireBundle,
  wireProposal,
  type WireReasons,
} from "../../core/index.ts";
import { type FactJournal, openFactJournal } from "./fact-journal.ts";
import { linesOf } from "./lines-of.ts";
import { Look, type Sighting } from "./sight.ts";

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
const TIMEOUT_MS = 10_000;
/** Batches looked at together; what comes then waits for its turn in the connection. */
const AT_ONCE = 32;
/** Bundles of one batch whose hashes are asked for: of a batch that names more, most will not be said. */
const MOST_ASKED = 64;
/** What no time makes so. */
const FINAL: ReadonlySet<Silence> = new Set(["said_otherwise", "no_policy", "not_theirs"]);

type Proposal = { facts: readonly Fact[]; batch: SignedBatch };

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
    if (!signal.aborted) await Promise.all(o.collectors.map((url) => listen({ ...o, signal }, journal, url)));
  } finally {
    await journal.close();
  }
  // Whoever runs this starts it again, and the file is read as it is.
  if (broken) throw broken;
}

/** Takes one collector's proposals, for as long as it stands. */
async function listen(o: AttesterOptions, journal: FactJournal, url: string): Promise<void> {
  const { signal, log } = o;
  const running = new Set<Promise<void>>();
  let complaint: string | null = null;
  while (!signal.aborted) {
    try {
      const response = await fetch(new URL("/v1/bundles/batches/stream", url), { signal });
      if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
      complaint = null;
      for await (const line of linesOf(response.body)) {
        const one = attend(o, journal, url, line)
          .catch((error: unknown) => {
            if (!signal.aborted) log.warn({ err: error, collector: url }, "a batch was not answered");
          })
          .finally(() => running.delete(one));
        running.add(one);
        if (running.size >= AT_ONCE) await Promise.race(running);
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

async function attend(o: AttesterOptions, journal: FactJournal, url: string, line: string): Promise<void> {
  const proposal = readProposal(o, line);
  if (proposal === null) return;
  const { facts, batch } = proposal;
  const { account, attesters, sighting } = o;
  const set = sighting.views[0].watch.sets().findLast(({ epoch }) => epoch === batch.epoch);
  // Of a set that the hub has not shown yet one may be; of one that it showed the seats are known.
  if (set && !set.seats.some(({ key }) => sameAddress(key, account.address))) return;
  const at = { chainId: sighting.hubChainId, attesters };
  const head = { signer: account.address.toLowerCase(), epoch: batch.epoch, validUntil: batch.validUntil };
  const silent = await reasonsAgainst(o, journal, url, facts);
  if (silent.length > 0) {
    const signature = await account.signTypedData(silenceTypedData(at, batch, silent));
    await answer(o, url, batch.root, { ...head, signature, silent });
    return;
  }
  await journal.say(batch.epoch, facts);
  const signature = await account.signTypedData(batchTypedData(at, batch));
  await answer(o, url, batch.root, { ...head, signature });
}

/** Null for what is no batch, or is valid for longer than any may be: an answer to it would be of no use to anybody. */
function readProposal({ sighting, longestValidity, log }: AttesterOptions, line: string): Proposal | null {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    json = null;
  }
  const read = wireProposal.safeParse(json);
  if (!read.success) {
    log.info("a collector showed what is no batch");
    return null;
  }
  const { epoch, validUntil } = read.data;
  const facts = read.data.facts.map(factFromWire);
  const root = factTree(facts).root;
  const now = sighting.views[0].watch.head(sighting.hubChainId)?.timestamp ?? 0;
  if (root !== read.data.root || validUntil > now + longestValidity || validUntil < now) {
    log.info({ root: read.data.root }, "a collector showed a batch with another root, or of another time");
    return null;
  }
  return { facts, batch: { epoch, validUntil, root } };
}

/** Which of the facts are not to be said, after a while in which they may become so; none: all of them are. */
async function reasonsAgainst(
  o: AttesterOptions,
  journal: FactJournal,
  url: string,
  facts: readonly Fact[],
): Promise<WireReasons> {
  const { sighting, signal } = o;
  const until = performance.now() + PATIENCE_MS;
  const contradicting = new Set(sayable(facts, journal.said).contradicts);
  const asked = new Set<Hex>();
  for (;;) {
    const look = new Look(sighting);
    await learnHashes(o, url, look, facts, asked);
    const reasons: WireReasons = [];
    for (const [index, fact] of facts.entries()) {
      const why = contradicting.has(fact) ? "said_otherwise" : await look.whyNot(fact);
      if (why !== null) reasons.push({ fact: index, why });
    }
    const isOver = reasons.length === 0 || reasons.some(({ why }) => FINAL.has(why));
    if (isOver || signal.aborted || performance.now() > until) return reasons;
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

const wireHashes = z.object({ bundle: wireBundle, hashes: z.array(wireHex32).max(32) });

/** Of bundles whose legs are private the collector knows header and hashes; what it says is held against the id. */
async function learnHashes(
  { sighting, signal, log }: AttesterOptions,
  url: string,
  look: Look,
  facts: readonly Fact[],
  asked: Set<Hex>,
): Promise<void> {
  const [{ watch }] = sighting.views;
  const unknown = new Set(facts.flatMap((fact) => look.idOf(fact) ?? []));
  for (const id of unknown) if (watch.factsView(id) !== undefined || asked.has(id)) unknown.delete(id);
  await Promise.all(
    [...unknown].slice(0, MOST_ASKED - asked.size).map(async (id) => {
      asked.add(id);
      try {
        const response = await fetch(new URL(`/v1/bundles/${id}/hashes`, url), {
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        if (!response.ok) return;
        const { bundle, hashes } = wireHashes.parse(await response.json());
        const learned = { bundle: bundleFromWire(bundle), hashes: hashes as Hex[] };
        for (const view of sighting.views) view.watch.learn(id, learned);
      } catch (error) {
        log.info({ err: error, id, collector: url }, "hashes of a bundle could not be learned");
      }
    }),
  );
}

async function answer({ signal, log }: AttesterOptions, url: string, root: Hex, body: WireBatchAnswer) {
  const response = await fetch(new URL(`/v1/bundles/batches/${root}/signatures`, url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (!response.ok) log.info({ root, collector: url, status: response.status }, "a signature was not taken");
  await response.body?.cancel();
}
