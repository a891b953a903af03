import type { Addresses, BlockRef, Chain, FollowedLog } from "@sooth/chain";
import { at, type Hex } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  encodeAnswerWord,
  kindOf,
  rootOf,
  rootTypedData,
  type EvidenceBundle,
  evidenceHash,
  evidenceText,
  evidenceTypedData,
  questionId,
  type QuestionSchema,
  questionSchema,
  reportTypedData,
  schemaHash,
  schemaText,
  type Terms,
  termsToChain,
} from "../src/core/index.ts";
import { oracleLogHandlers } from "../src/edge/logs/index.ts";
import type { Handover } from "../src/edge/provider/api-client.ts";

/** Four providers of equal weight with keys of tests, and a chain that tells the time and nothing else. */
export const signers: readonly LocalAccount[] = [1, 2, 3, 4].map((n) =>
  privateKeyToAccount(`0x${String(n).padStart(64, "0")}`),
);
export const stranger = privateKeyToAccount(`0x${"77".repeat(32)}`);
export const ownerOf = (seat: number): Hex => `0x${String(seat + 1).repeat(40)}`;
export const addresses: Addresses = {
  stakeManager: `0x${"51".repeat(20)}`,
  oracle: `0x${"0a".repeat(20)}`,
  markets: `0x${"3a".repeat(20)}`,
  opinions: `0x${"3b".repeat(20)}`,
  outcomeTokens: `0x${"3c".repeat(20)}`,
  beacon: `0x${"be".repeat(20)}`,
  wiring: `0x${"11".repeat(20)}`,
  timelock: `0x${"12".repeat(20)}`,
  policy: `0x${"13".repeat(20)}`,
  guard: `0x${"14".repeat(20)}`,
  slasher: `0x${"15".repeat(20)}`,
  ladder: `0x${"16".repeat(20)}`,
  court: `0x${"17".repeat(20)}`,
  feeds: `0x${"18".repeat(20)}`,
  gateway: `0x${"19".repeat(20)}`,
  assertions: `0x${"1a".repeat(20)}`,
  attesters: `0x${"41".repeat(20)}`,
  settler: `0x${"42".repeat(20)}`,
  escrow: `0x${"44".repeat(20)}`,
  bundleHub: `0x${"43".repeat(20)}`,
  orders: `0x${"44".repeat(20)}`,
  hashLocks: `0x${"45".repeat(20)}`,
  bundleResolver: `0x${"46".repeat(20)}`,
  messageGateway: `0x${"47".repeat(20)}`,
  epochs: `0x${"e0".repeat(20)}`,
  collateral: `0x${"c0".repeat(20)}`,
};
export const CHAIN_ID = 31_337;
export const WEIGHT = 1_000n;
export const OPENS = 1_750_000_000;

/** What never changes in the contracts; the first period of reputation is far off. */
const BUILT: Record<string, unknown> = {
  LOWEST_WINDOW: 60,
  MAX_LIVENESS: 172_800,
  MAX_QUESTION_SECONDS: 1_000_000,
  EPOCH_SECONDS: 60,
  UNBONDING_SECONDS: 86_400,
  MIN_STAKE: 1n,
  COMMIT_TIER: 1_000_000_000_000n,
  COMMIT_SECONDS: 100,
  UNIT: 1_000_000n,
  LEAST_DEPOSIT: 250,
  MOST_DEPOSIT: 50_000,
  START_FACTOR_BPS: 10_000,
  rules: {
    genesis: OPENS + 1_000_000,
    periodSeconds: 1_000,
    settleSeconds: 10,
    answerSeconds: 60,
    livenessSeconds: 60,
    cooldownSeconds: 5_000,
    premiumRounds: 100,
  },
};
const readContract = async ({ functionName }: { functionName: string }) => BUILT[functionName];

export const clock = (now: number) => {
  const time = { now };
  const chain = {
    definition: { id: CHAIN_ID, blockSeconds: 1 },
    now: async () => time.now,
    client: { readContract },
  } as unknown as Chain;
  return { time, chain };
};

export const boolSchema = (over: object = {}): QuestionSchema =>
  questionSchema.parse({
    version: 1,
    text: "Did ETH close above 2300 USD?",
    kind: "bool",
    outcomes: ["No", "Yes"],
    observeAt: OPENS,
    unit: "USD",
    rule: { type: "atLeast", threshold: "2300" },
    sources: [{ name: "k", url: "https://k.test/{observeAt}", path: "0.4", unit: "USD" }],
    ...over,
  });
export const numericSchema = (over: object = {}): QuestionSchema =>
  boolSchema({
    text: "The close of ETH?",
    kind: "numeric",
    outcomes: [],
    decimals: 2,
    rule: { type: "value" },
    ...over,
  });

export const vectorSchema = (kind: string, count: number, over: object = {}): QuestionSchema =>
  (kind === "bool" ? boolSchema : numericSchema)({ kind: "vector", items: { kind, count }, ...over });

export const termsFor = (schema: QuestionSchema, over: Partial<Terms> = {}): Terms => ({
  asker: `0x${"aa".repeat(20)}`,
  schema: schemaHash(schemaText(schema)),
  aggregation: kindOf(schema).aggregation,
  min: 0n,
  max: schema.outcomes.length === 0 ? 1_000_000n : BigInt(schema.outcomes.length - 1),
  tolerance: 0n,
  opensAt: OPENS,
  deadline: OPENS + 1_000,
  liveness: 60,
  reward: 5_000_000n,
  nonce: 0n,
  domain: 0,
  endsEarly: false,
  secures: 0n,
  ...over,
});

export type Asked = { id: Hex; terms: Terms; schema: QuestionSchema };
export const asked = (schema: QuestionSchema, over: Partial<Terms> = {}): Asked => {
  const terms = termsFor(schema, over);
  return { id: questionId(terms), terms, schema };
};

const blockAt = (number: number): BlockRef => ({
  chainId: CHAIN_ID,
  number,
  timestamp: OPENS - 1_000 + number,
  hash: `0x${number.toString(16).padStart(64, "0")}`,
});
/** Gives logs to the slice's handlers as the follower would: runs of one event of one contract, in order. */
export async function happen(
  tx: Executor,
  contract: Exclude<keyof Addresses, "committee">,
  event: string,
  ...args: readonly { at?: number; [name: string]: unknown }[]
): Promise<void> {
  const address = addresses[contract];
  const handlers = oracleLogHandlers(addresses).find((each) => each.address === address);
  const handler = handlers?.on[event];
  if (!handler) throw new Error(`nothing handles ${event}`);
  const logs = args.map(({ at: number = 1, ...rest }, index): FollowedLog => ({
    args: rest,
    block: blockAt(number),
    logIndex: index,
    transaction: `0x${number.toString(16).padStart(64, "f")}`,
    address,
  }));
  await handler(tx, logs as unknown as readonly FollowedLog<never>[]);
}

export async function joinAll(tx: Executor, epoch = 1): Promise<void> {
  if (epoch === 1)
    await happen(
      tx,
      "stakeManager",
      "Joined",
      ...signers.map(({ address }, seat) => ({
        owner: ownerOf(seat),
        signer: address,
        stake: WEIGHT,
        kinds: 1,
      })),
    );
  if (epoch === 1)
    await happen(
      tx,
      "stakeManager",
      "Seated",
      ...signers.map((_, seat) => ({ domain: 0, owner: ownerOf(seat) })),
    );
  await happen(tx, "stakeManager", "EpochAdvanced", {
    domain: 0,
    epoch,
    totalWeight: WEIGHT * 4n,
    seats: signers.map(({ address }) => (BigInt(address) << 96n) | WEIGHT),
  });
}

export const ask = (tx: Executor, question: Asked, block = 1) =>
  happen(tx, "oracle", "Asked", {
    at: block,
    question: question.id,
    asker: question.terms.asker,
    terms: termsToChain(question.terms),
    schema: schemaText(question.schema),
  });

export const answer = (
  tx: Executor,
  question: Asked,
  o: { value: bigint; finalizeAt: number; report?: Hex; seats?: bigint; at?: number; round?: number },
) =>
  happen(tx, "oracle", "Answered", {
    at: o.at ?? 2,
    question: question.id,
    word: encodeAnswerWord({
      state: "answered",
      value: o.value,
      finalizeAt: o.finalizeAt,
      confidence: 7500,
      seats: o.seats ?? 7n,
      epoch: 1,
      round: o.round ?? 0,
      rewardSettled: false,
    }),
    report: o.report ?? "0x",
  });

/** An answer with this root, as the contract logs it: seats 0 to 2 of epoch 1 signed it. */
export const answerRoot = (tx: Executor, question: Asked, root: Hex, finalizeAt: number) => {
  const facts = encodeAnswerWord({
    state: "answered",
    value: 0n,
    finalizeAt: 0,
    confidence: 7500,
    seats: 7n,
    epoch: 1,
    round: 0,
    rewardSettled: false,
  });
  // The state of an answer with a root: 3 where a value has 2.
  const asRoot = facts | (1n << 136n);
  return happen(tx, "oracle", "AnsweredRoot", {
    at: 2,
    question: question.id,
    word: (3n << 136n) | (BigInt(finalizeAt) << 96n) | 5n,
    answer: { root, facts: asRoot },
    signatures: "0x",
  });
};

/** A provider's report on a vector: a root, and what stands under it; `over` bends it. */
export async function vectorHandover(
  account: LocalAccount,
  question: Asked,
  values: readonly bigint[],
  over: { root?: Hex; values?: readonly bigint[] } = {},
): Promise<Handover> {
  const root = over.root ?? rootOf(question.schema, values);
  const plain = await handoverOf(account, question, 0n, { bundle: { root } });
  const typed = rootTypedData(
    { chainId: CHAIN_ID, oracle: addresses.oracle },
    { question: question.id, root, epoch: 1, round: 0 },
  );
  return {
    ...plain,
    root,
    values: (over.values ?? values).map(String),
    signature: await account.signTypedData(typed),
  };
}

/** A provider's report as its node hands it over; `over` bends it. */
export async function handoverOf(
  account: LocalAccount,
  question: Pick<Asked, "id">,
  value: bigint,
  over: {
    epoch?: number;
    round?: number;
    chainId?: number;
    oracle?: Hex;
    bundle?: Partial<EvidenceBundle>;
  } = {},
): Promise<Handover> {
  const { epoch = 1, round = 0, chainId = CHAIN_ID, oracle = addresses.oracle } = over;
  const domain = { chainId, oracle };
  const evidence = evidenceText({
    version: 1,
    chainId,
    question: question.id,
    round,
    provider: account.address.toLowerCase(),
    value: String(value),
    reason: "read it",
    sources: [
      {
        name: "k",
        url: "https://k.test/1",
        fetchedAt: OPENS,
        status: 200,
        sha256: `0x${"ef".repeat(32)}`,
        excerpt: '[[0,0,0,0,"2315.5"]]',
        value: "2315.5",
        dropped: null,
      },
    ],
    ...over.bundle,
  });
  const [signature, evidenceSignature] = await Promise.all([
    account.signTypedData(reportTypedData(domain, { question: question.id, value, epoch, round })),
    account.signTypedData(
      evidenceTypedData(domain, { question: question.id, round, hash: evidenceHash(evidence) }),
    ),
  ]);
  return {
    question: question.id,
    value: String(value),
    epoch,
    round,
    signature,
    evidence,
    evidenceSignature,
  };
}

export const seatOf = (seat: number): LocalAccount => at(signers, seat);
