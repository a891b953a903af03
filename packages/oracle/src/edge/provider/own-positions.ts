import { marketsAbi, opinionsAbi, policyAbi, stakeManagerAbi } from "@sooth/abi";
import { type Addresses, type BlockRange, type Chain, inRanges } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, gauge, type Logger } from "@sooth/runtime";
import { getAbiItem, zeroHash } from "viem";

const noticed = gauge(
  "oracle_provider_consumers_noticed",
  "Consumers that the policy has named, are believed about positions soon, and are not declared harmless",
);
alert({
  id: "oracle.consumer_noticed",
  severity: "ticket",
  forSeconds: 0,
  when: `${noticed.metric} > 0`,
  runbook: "docs/runbooks/oracle.md#a-consumer-is-to-be-believed",
});

/** How far a reorg may reach: logs are read again from so far below. */
const REORG_BLOCKS = 64;
/** Markets that are named in one request. */
const MARKETS_AT_ONCE = 100;
const STAKED = getAbiItem({ abi: marketsAbi, name: "Staked" });
const OPENED = getAbiItem({ abi: marketsAbi, name: "Opened" });
const NAMED = [
  getAbiItem({ abi: stakeManagerAbi, name: "Joined" }),
  getAbiItem({ abi: stakeManagerAbi, name: "SignerRotated" }),
  getAbiItem({ abi: policyAbi, name: "ConsumerSet" }),
] as const;

/** Why a node must not judge a question: `holder` of its owner's has a position in it, or may have one at `consumer`. */
export type Recusal = { holder: Hex } | { consumer: Hex };
/** Which questions a node may not judge. */
export type OwnPositions = {
  /** Undefined when nothing that counts against this node's owner is in its way. @throws while the chain is away */
  recusalOf(question: Hex): Promise<Recusal | undefined>;
  /** Consumers that are believed soon, and after which this node judges nothing. Told to the log once each. @throws while the chain is away */
  tellNoticed(): Promise<Noticed[]>;
};
/** A consumer in its notice time; `from`: when it is believed, unix seconds. */
export type Noticed = { consumer: Hex; from: number };
type Head = { number: number; timestamp: number };

/**
 * What the owner of this node's stake and every key that he ever named hold in the markets, by the chain's own logs: the
 * server that it hands over to must not be the one who says so. Where the policy has another consumer believed, this cannot
 * tell what they hold there, so it judges nothing, unless its operator declared it harmless: he vouches that nobody of his
 * holds a position there. Mirror of Conflicts.sol.
 * @param head the block that is looked at: one reading serves all who ask at the same
 */
export function ownPositions({
  hub: { client },
  addresses,
  fromBlock,
  key,
  harmless = [],
  log,
  head = async () => {
    const { number, timestamp } = await client.getBlock({ blockTag: "latest" });
    return { number: Number(number), timestamp: Number(timestamp) };
  },
}: {
  hub: Pick<Chain, "client">;
  addresses: Pick<Addresses, "markets" | "opinions" | "policy" | "stakeManager">;
  fromBlock: number;
  key: Hex;
  harmless?: readonly string[];
  log?: Pick<Logger, "warn">;
  head?: () => Head | Promise<Head>;
}): OwnPositions {
  const own = lower(key);
  const known = new Set(
    [addresses.markets, addresses.opinions, ...harmless].map((each) => each.toLowerCase()),
  );
  const told = new Set<string>();
  const ownerOf = new Map<Hex, Hex>();
  /** From when on each is believed, unix seconds; 0: no longer. */
  const consumers = new Map<Hex, number>();
  const questions = new Map<Hex, Hex>();
  const stakes = new Map<string, { market: Hex; outcome: number; holder: Hex; block: number }>();
  let accounts = "";
  let [nextNamed, nextStaked] = [fromBlock, fromBlock];
  let reading: { number: number; done: Promise<void> } | undefined;

  const from = (next: number, number: number) =>
    Math.max(fromBlock, Math.min(next, number + 1) - REORG_BLOCKS);

  const readNamed = async (number: number): Promise<void> => {
    await inRanges({ from: from(nextNamed, number), to: number }, async (range) => {
      const address = [addresses.stakeManager, addresses.policy];
      const logs = await client.getLogs({ address, events: NAMED, ...range, strict: true });
      for (const log of logs) {
        if (log.eventName === "ConsumerSet") consumers.set(lower(log.args.consumer), log.args.from);
        else if (log.eventName === "Joined") ownerOf.set(lower(log.args.signer), lower(log.args.owner));
        else ownerOf.set(lower(log.args.to), lower(log.args.owner));
      }
      return undefined;
    });
    nextNamed = number + 1;
  };

  /** The owner, and the keys that he named so far; this key alone while nobody named it. */
  const accountsOf = (): Hex[] => {
    const owner = ownerOf.get(own);
    if (owner === undefined) return [own];
    return [owner, ...[...ownerOf].filter(([, his]) => his === owner).map(([named]) => named)];
  };

  const readStaked = async (number: number): Promise<void> => {
    const owner = accountsOf();
    // Of another account all is read anew.
    if (owner.join() !== accounts) nextStaked = fromBlock;
    accounts = owner.join();
    await inRanges({ from: from(nextStaked, number), to: number }, async (range) => {
      const filter = { address: addresses.markets, event: STAKED, args: { owner } };
      for (const { args, blockNumber } of await client.getLogs({ ...filter, ...range, strict: true })) {
        const { market, outcome, owner: holder } = args;
        stakes.set(`${market}:${outcome}:${holder}`, { market, outcome, holder, block: Number(blockNumber) });
      }
      return undefined;
    });
    await readQuestions();
    nextStaked = number + 1;
  };

  /** What the markets are about in which they staked: opened in or before the block of a stake, mostly not long before. */
  const readQuestions = async (): Promise<void> => {
    const unknown = [...stakes.values()].filter(({ market }) => !questions.has(market));
    for (let i = 0; i < unknown.length; i += MARKETS_AT_ONCE) {
      const some = unknown.slice(i, i + MARKETS_AT_ONCE);
      const market = [...new Set(some.map((stake) => stake.market))];
      const to = Math.max(...some.map(({ block }) => block));
      await inRanges({ from: fromBlock, to, latestFirst: true }, async (range: BlockRange) => {
        const filter = { address: addresses.markets, event: OPENED, args: { market } };
        for (const { args } of await client.getLogs({ ...filter, ...range, strict: true }))
          questions.set(args.market, args.question);
        return market.every((each) => questions.has(each)) ? "enough" : undefined;
      });
    }
  };

  /** Of an opinion market no log is needed: a question has one, which knows by an address whether it staked. */
  const opinionHolder = async (question: Hex): Promise<Hex | undefined> => {
    const opinions = { address: addresses.opinions, abi: opinionsAbi } as const;
    const market = await client.readContract({ ...opinions, functionName: "marketOf", args: [question] });
    if (market === zeroHash) return undefined;
    const held = await Promise.all(
      accountsOf().map(async (account) => {
        const args = [question, account, "0x"] as const;
        const holds = await client.readContract({ ...opinions, functionName: "holdsPosition", args });
        return holds ? account : undefined;
      }),
    );
    return held.find((account) => account !== undefined);
  };

  const readOn = async (number: number): Promise<void> => {
    await readNamed(number);
    await readStaked(number);
  };

  /** Who asks while it is read waits for the same reading; one that failed is made anew. */
  const readAt = async (number: number): Promise<void> => {
    const before = reading;
    if (before?.number === number) return before.done;
    const done = (before?.done ?? Promise.resolve()).catch(() => undefined).then(() => readOn(number));
    reading = { number, done };
    try {
      await done;
    } catch (error) {
      if (reading?.done === done) reading = undefined;
      throw error;
    }
  };

  return {
    recusalOf: async (question) => {
      const { number, timestamp } = await head();
      await readAt(number);
      for (const { market, outcome, holder } of stakes.values()) {
        if (questions.get(market) !== question) continue;
        const amount = await client.readContract({
          address: addresses.markets,
          abi: marketsAbi,
          functionName: "positionOf",
          args: [market, outcome, holder],
        });
        if (amount > 0n) return { holder };
      }
      const holder = await opinionHolder(question);
      if (holder !== undefined) return { holder };
      for (const [consumer, since] of consumers)
        if (since !== 0 && since <= timestamp && !known.has(consumer)) return { consumer };
      return undefined;
    },
    tellNoticed: async () => {
      const { number, timestamp } = await head();
      await readAt(number);
      const found = [...consumers].flatMap(([consumer, since]): Noticed[] =>
        since > timestamp && !known.has(consumer) ? [{ consumer, from: since }] : [],
      );
      for (const each of found) {
        const name = `${each.consumer}:${each.from}`;
        if (told.has(name)) continue;
        told.add(name);
        log?.warn(each, "a consumer is to be believed about positions: from then on nothing is judged here");
      }
      noticed.set({}, found.length);
      return found;
    },
  };
}

const lower = (address: Hex) => address.toLowerCase() as Hex;

/** For people. */
export const recusalText = (recusal: Recusal): string =>
  "holder" in recusal
    ? "its owner holds a position in what the question decides"
    : `this node cannot see what its owner holds at ${recusal.consumer}, which is believed about positions`;
