import { drandBeaconAbi, opinionsAbi, oracleAbi } from "@sooth/abi";
import { localParams } from "@sooth/chain";
import { DEV_MNEMONIC, devAccount } from "@sooth/chain/local-node";
import { type Address, type Amount, at, type Bps, canonicalJson, type Hex, need } from "@sooth/kernel";
import {
  doorOf,
  type Label,
  opinionMarketId,
  type OpinionTerms,
  opinionTermsHash,
  opinionTermsToChain,
  sealStance,
  sheetOf,
  stanceCommitment,
  stanceRound,
  textHash,
} from "@sooth/markets/core";
import {
  type EvidenceBundle,
  evidenceHash,
  evidenceText,
  evidenceTypedData,
  questionId,
  schemaHash,
  schemaText,
  type Terms,
  termsToChain,
} from "@sooth/oracle/core";
import { proofOf, publicKeyOf, secretKeyFrom, sign } from "@sooth/randomness/core";
import { type LocalAccount, toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { DOLLAR, HUB, keys, openRecordingChain, type RecordingChain, rich } from "./recording-chain.ts";

export type KeptBody = { hash: Hex; text: string; signature: Hex };
/** A chain on which one market of open stances was drawn and paid, one of hidden ones was paid, and one is still open. */
export type RecordedOpinions = {
  rpcUrl: string;
  settled: Hex;
  hidden: Hex;
  open: Hex;
  /** What two providers read for the first, and the labels that it came from. */
  evidence: KeptBody[];
  sheets: { hash: Hex; text: string }[];
  opinion: { hash: Hex; text: string };
  /** That opens the stances of the hidden one: the first's, who was told; the second sealed garbage, the third was never told. */
  round: bigint;
  /** Of the beacon. */
  secret: bigint;
  /** Of the beacon; every round. */
  signatureOf(round: bigint): Hex;
  stop(): Promise<void>;
};

const SECRET = secretKeyFrom(
  toHex(
    need(mnemonicToAccount(DEV_MNEMONIC, { addressIndex: 1_000 }).getHdKey().privateKey, "the beacon's key"),
  ),
);
const STANCE_BEACON = {
  publicKey: publicKeyOf(SECRET),
  genesis: localParams.beaconGenesis,
  period: localParams.beaconPeriodSeconds,
  clockLag: localParams.drawDelaySeconds,
};
const people = [5, 6, 7, 8].map(devAccount);
const BANDS = [12, 14, 3, 12];
const AMOUNTS = [2n * DOLLAR, 5n * DOLLAR + 1n, DOLLAR, 700_003n];
const thinks = (account: LocalAccount) => `${account.address} thinks that it depends on what they are for.`;
const SALT: Hex = `0x${"5a".repeat(32)}`;

type Announced = { id: Hex; terms: OpinionTerms; question: { id: Hex; terms: Terms } };

export async function recordOpinions(): Promise<RecordedOpinions> {
  const chain = await openRecordingChain();
  const { opinions, oracle } = chain.addresses;
  await chain.join([1, 2, 3, 4].map(() => 1_000n * DOLLAR));
  await chain.advance();
  await chain.fund([...people, rich], [opinions, oracle]);
  const first = await announce(chain, "Zoos should be closed", {});
  for (const [index, account] of people.entries())
    await stake(chain, first, account, { band: at(BANDS, index), amount: at(AMOUNTS, index) });
  const told = labelled(first, opinions);
  const score = BigInt(told.score) * 100n;
  await finish(chain, first, [score, score, score]);
  await pay(chain, first, people.slice(0, 3));

  const second = await announce(chain, "Schools should start later", {
    revealSeconds: 3_600,
    prizeBps: 0 as Bps,
  });
  const bands = [10, 11, 2];
  for (const [index, account] of people.slice(0, 3).entries())
    await hide(chain, second, account, { band: at(bands, index), isSealed: index !== 1 });
  await chain.warp(second.terms.closesAt);
  for (const [index, { address }] of people.slice(0, 2).entries())
    await chain.send(rich, opinions, opinionsAbi, "reveal", [
      opinionTermsHash(second.terms),
      doorOf(second.terms),
      address,
      at(bands, index),
      SALT,
    ]);
  await finish(chain, second, [5_000n, 5_000n, 5_100n]);
  await pay(chain, second, people.slice(0, 3));

  const third = await announce(chain, "Tea is better than coffee", {});
  await stake(chain, third, at(people, 0), { band: 20, amount: DOLLAR });

  const [one, two] = [await bodyOf(chain, first, told, 0), await bodyOf(chain, first, told, 1)];
  return {
    rpcUrl: chain.rpcUrl,
    settled: first.id,
    hidden: second.id,
    open: third.id,
    evidence: [one, two],
    sheets: [{ hash: told.hash, text: told.text }],
    opinion: { hash: textHash(thinks(at(people, 0))), text: thinks(at(people, 0)) },
    round: stanceRound(STANCE_BEACON, second.terms),
    secret: SECRET,
    signatureOf: (round) => sign(SECRET, round),
    stop: () => chain.stop(),
  };
}

let nonce = 0n;
async function announce(
  chain: RecordingChain,
  statement: string,
  over: Partial<OpinionTerms>,
): Promise<Announced> {
  nonce += 1n;
  const closesAt = (await chain.now()) + 600;
  const opensAt = closesAt + (over.revealSeconds ?? 0);
  const schema = schemaText({
    version: 1,
    text: `What do the opinions come to: ${statement}?`,
    kind: "score",
    outcomes: [],
    decimals: 2,
    unit: "",
    observeAt: opensAt,
    sources: [
      {
        type: "opinions",
        name: "opinions",
        unit: "points",
        scale: 0,
        chainId: HUB,
        address: chain.addresses.opinions,
      },
    ],
    rule: { type: "value" },
    default: "invalid",
    description: "",
  });
  const asked: Terms = {
    asker: rich.address,
    schema: schemaHash(schema),
    aggregation: "median",
    min: 0n,
    max: 10_000n,
    tolerance: 200n,
    opensAt,
    deadline: opensAt + 3_000,
    liveness: 30,
    reward: 0n,
    nonce,
    domain: 0,
    endsEarly: false,
    secures: 1_000n * DOLLAR,
  };
  const id = questionId(asked);
  await chain.send(rich, chain.addresses.oracle, oracleAbi, "ask", [termsToChain(asked), schema]);
  const terms: OpinionTerms = {
    question: id,
    statement: textHash(statement),
    rubric: textHash("Clarity 20, insight 30, reasoning 30, originality 20."),
    creator: at(people, 3).address,
    closesAt,
    revealSeconds: 0,
    quietSeconds: 0,
    feeBps: 250 as Bps,
    prizeBps: 1_000 as Bps,
    prizes: 3,
    minConfidence: 5_000,
    rule: "fourth",
    leastStake: (DOLLAR / 2n) as Amount,
    mostStake: (10n * DOLLAR) as Amount,
    quietMost: (10n * DOLLAR) as Amount,
    ...over,
  };
  await chain.send(rich, chain.addresses.opinions, opinionsAbi, "announce", [
    opinionTermsToChain(terms),
    termsToChain(asked),
    statement,
  ]);
  return { id: opinionMarketId(terms), terms, question: { id, terms: asked } };
}

const stake = (
  { send, addresses }: RecordingChain,
  { terms }: Announced,
  account: LocalAccount,
  { band, amount }: { band: number; amount: bigint },
) =>
  send(account, addresses.opinions, opinionsAbi, "stake", [
    opinionTermsHash(terms),
    doorOf(terms),
    band,
    Number(amount),
    textHash(thinks(account)),
  ]);

const hide = (
  { send, addresses }: RecordingChain,
  { id, terms }: Announced,
  account: LocalAccount,
  { band, isSealed }: { band: number; isSealed: boolean },
) =>
  send(account, addresses.opinions, opinionsAbi, "stakeHidden", [
    opinionTermsHash(terms),
    doorOf(terms),
    Number(DOLLAR),
    textHash(thinks(account)),
    stanceCommitment(id, account.address, band, SALT),
    isSealed
      ? sealStance(
          STANCE_BEACON,
          { market: id, closesAt: terms.closesAt, owner: account.address, band },
          { salt: SALT, chance: textHash(account.address) },
        ).sealed
      : "0x1234",
  ]);

async function finish(
  chain: RecordingChain,
  { question }: Announced,
  values: readonly bigint[],
): Promise<void> {
  await chain.warp(question.terms.opensAt + 1);
  await chain.report(question, values);
  await chain.warp((await chain.now()) + 120);
}

/** Scored, drawn where something is drawn, and claimed for these. */
async function pay(
  chain: RecordingChain,
  { id, terms }: Announced,
  owners: readonly LocalAccount[],
): Promise<void> {
  const { opinions, beacon } = chain.addresses;
  const send = (functionName: string, args: unknown[]) =>
    chain.send(rich, opinions, opinionsAbi, functionName, args);
  await send("score", [opinionTermsToChain(terms), "0x"]);
  if (terms.prizeBps > 0) {
    const [, , round] = (await chain.read(opinions, opinionsAbi, "resultOf", [id])) as [
      number,
      number,
      bigint,
    ];
    await chain.send(rich, beacon, drandBeaconAbi, "prove", [round, proofOf(round, sign(SECRET, round))]);
    for (let prize = 0; prize < terms.prizes; prize++) await claimPrize(chain, id, BigInt(prize));
  }
  await send("claimMany", [id, owners.map(({ address }) => address)]);
  await send("collectFee", [opinionTermsToChain(terms)]);
}

/** For whoever holds the unit on which it fell, as the contract itself says. */
async function claimPrize(chain: RecordingChain, id: Hex, prize: bigint): Promise<void> {
  const { opinions } = chain.addresses;
  const [band, offset] = (await chain.read(opinions, opinionsAbi, "drawOf", [id, prize])) as [number, bigint];
  for (const { address } of people) {
    const [its, start, amount] = (await chain.read(opinions, opinionsAbi, "positionOf", [id, address])) as [
      number,
      bigint,
      bigint,
    ];
    if (its === band && offset >= start && offset < start + amount)
      return chain.send(rich, opinions, opinionsAbi, "claimPrize", [id, prize, address]);
  }
  throw new Error(`nobody holds unit ${offset} of band ${band}`);
}

type Told = { hash: Hex; text: string; score: number };

const label = (stance: number): Label => ({
  stance,
  quality: 60,
  parts: { clarity: 15, insight: 15, reasoning: 20, originality: 10 },
  rejection: null,
});

const analyst = (name: string, stances: readonly number[]) => ({
  analyst: name,
  family: name,
  model: `${name}-1`,
  prompt: textHash(name),
  settings: {},
  labels: stances.map(label),
});

/** Labels of two families, and the sheet that they make. */
function labelled({ id, terms }: Announced, contract: Address): Told {
  const positions = people
    .map((account, index) => ({
      owner: account.address.toLowerCase() as Address,
      band: at(BANDS, index),
      staked: at(AMOUNTS, index),
      opinion: textHash(thinks(account)),
    }))
    .toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
  const made = sheetOf(
    {
      chainId: HUB,
      contract,
      market: id,
      question: terms.question,
      statement: terms.statement,
      rubric: terms.rubric,
    },
    positions,
    [analyst("one", [3_000, 2_000, 2_500, 1_000]), analyst("two", [3_500, 2_500, 2_000, 1_500])],
  );
  if (!("sheet" in made)) throw new Error(`no score: ${made.unscored}`);
  const text = canonicalJson(made.sheet);
  return { hash: textHash(text), text, score: made.sheet.score };
}

async function bodyOf(
  chain: RecordingChain,
  { question, id }: Announced,
  told: Told,
  seat: number,
): Promise<KeptBody> {
  const key = at(keys, seat);
  const bundle: EvidenceBundle = {
    version: 1,
    chainId: HUB,
    question: question.id,
    round: 0,
    provider: key.address.toLowerCase() as Hex,
    value: String(told.score * 100),
    reason: "what the opinions come to",
    sources: [
      {
        name: "opinions",
        type: "opinions",
        url: `eip155:${HUB}/${chain.addresses.opinions}/${id}`,
        fetchedAt: question.terms.opensAt,
        status: null,
        sha256: told.hash,
        excerpt: told.text.slice(0, 200),
        value: String(told.score),
        dropped: null,
      },
    ],
  };
  const text = evidenceText(bundle);
  const hash = evidenceHash(text);
  const domain = { chainId: HUB, oracle: chain.addresses.oracle };
  const signature = await key.signTypedData(
    evidenceTypedData(domain, { question: question.id, round: 0, hash }),
  );
  return { hash, text, signature };
}
