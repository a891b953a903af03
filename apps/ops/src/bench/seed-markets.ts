import type { Addresses, FollowedLog, LogHandlers } from "@sooth/chain";
import { type Address, canonicalJson, type Hex } from "@sooth/kernel";
import { markets } from "@sooth/markets";
import { marketId, type MarketTerms } from "@sooth/markets/core";
import { oracle } from "@sooth/oracle";
import { questionId, schemaHash, type Terms, termsToChain } from "@sooth/oracle/core";
import type { Store } from "@sooth/store";
import { keccak256, numberToHex, zeroHash } from "viem";

/** Stakes on each seeded market. */
export const SEEDED_STAKES = 5;
/** Logs handed over at once; the follower's runs are of this order. */
const RUN = 500;
const DAY = 86_400;

type Made = { question: Hex; terms: Terms; schema: string; market: Hex; marketTerms: MarketTerms };

/** Fills the tables with `count` markets the way a chain does: through the slices' own log handlers. Returns their ids. */
export async function seedMarkets(
  store: Store,
  addresses: Addresses,
  chainId: number,
  count: number,
  now: number,
): Promise<Hex[]> {
  const made = Array.from({ length: count }, (_, index) => makeMarket(index, now));
  const handlers = [...oracle.logHandlers(addresses), ...markets.logHandlers(addresses)];
  let logIndex = 0;
  const logOf = (address: Address, args: unknown): FollowedLog => ({
    args,
    // No real log is in the first block of a chain, so none has this place.
    block: { chainId, number: 0, timestamp: now - DAY, hash: zeroHash },
    logIndex: logIndex++,
    transaction: numberToHex(logIndex, { size: 32 }),
    address: address.toLowerCase() as Address,
  });
  const give = (address: Address, event: string, all: readonly unknown[]) =>
    handOver(
      store,
      handlers,
      address,
      event,
      all.map((args) => logOf(address, args)),
    );

  await give(
    addresses.oracle,
    "Asked",
    made.map(({ question, terms, schema }) => ({
      question,
      asker: terms.asker,
      terms: termsToChain(terms),
      schema,
    })),
  );
  await give(
    addresses.markets,
    "Opened",
    made.map(({ market, question, marketTerms }) => ({ market, question, terms: marketTerms })),
  );
  await give(
    addresses.markets,
    "Staked",
    made.flatMap(({ market }, index) =>
      Array.from({ length: SEEDED_STAKES }, (_, stake) => ({
        market,
        owner: addressOf(stake + 1),
        outcome: stake % 2,
        amount: BigInt(1_000_000 * (stake + 1) + index),
      })),
    ),
  );
  return made.map(({ market }) => market);
}

async function handOver(
  store: Store,
  handlers: readonly LogHandlers[],
  address: Address,
  event: string,
  logs: readonly FollowedLog[],
): Promise<void> {
  const takers = handlers.filter((one) => one.address.toLowerCase() === address.toLowerCase());
  for (let from = 0; from < logs.length; from += RUN)
    await store.transaction(async (tx) => {
      for (const { on } of takers)
        await on[event]?.(tx, logs.slice(from, from + RUN) as unknown as readonly FollowedLog<never>[]);
    });
}

const addressOf = (number: number): Address => numberToHex(number, { size: 20 });

function makeMarket(index: number, now: number): Made {
  const opensAt = now + DAY * (1 + (index % 30));
  const schema = canonicalJson({
    version: 1,
    text: `Will number ${index} be drawn on day ${1 + (index % 30)}? ${keccak256(numberToHex(index + 1)).slice(2, 42)}`,
    kind: "bool",
    outcomes: ["No", "Yes"],
    decimals: 0,
    unit: "",
    observeAt: opensAt,
    sources: [],
    rule: { type: "value" },
    default: "invalid",
    description: "",
  });
  const terms: Terms = {
    asker: addressOf(9),
    schema: schemaHash(schema),
    aggregation: "plurality",
    min: 0n,
    max: 1n,
    tolerance: 0n,
    opensAt,
    deadline: opensAt + DAY,
    liveness: 7_200,
    reward: 0n,
    nonce: BigInt(index),
    domain: 0,
    endsEarly: false,
    secures: 0n,
  };
  const question = questionId(terms);
  const marketTerms: MarketTerms = {
    question,
    creator: addressOf(9),
    closesAt: opensAt,
    feeBps: 100,
    outcomes: 2,
    cuts: [],
  };
  return { question, terms, schema, market: marketId(marketTerms), marketTerms };
}
