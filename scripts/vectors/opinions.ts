import { type Hex, keccak256, numberToHex, pad, stringToHex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { randomNumbers, times, write } from "./cases.ts";

// Ids of opinion markets, and what stakers sign: every word is laid down by hand, none through an ABI encoder.

const word = (value: bigint): string => value.toString(16).padStart(64, "0");
const hashOf = (words: readonly bigint[]): Hex => keccak256(`0x${words.map(word).join("")}`);

const hashFrom = (random: (below: bigint) => bigint): bigint =>
  (random(2n ** 64n) << 192n) | random(2n ** 64n);

const address = (value: bigint): string => `0x${value.toString(16).padStart(40, "0")}`;

/** One number: fields beside each other, from the low bits up. */
function packed(fields: readonly { bits: number; value: bigint }[]): bigint {
  const bits = fields.toReversed().map(({ bits, value }) => value.toString(2).padStart(bits, "0"));
  return BigInt(`0b${bits.join("")}`);
}

type Numbers<K extends string> = Record<K, bigint>;
type TermNumbers = Numbers<
  | "question"
  | "statement"
  | "rubric"
  | "creator"
  | "closesAt"
  | "revealSeconds"
  | "quietSeconds"
  | "feeBps"
  | "prizeBps"
  | "prizes"
  | "minConfidence"
  | "rule"
  | "leastStake"
  | "mostStake"
  | "quietMost"
>;

/** Terms as the files write them, and what they are called. The order of the fields is the contract's. */
export function named(terms: TermNumbers) {
  const { closesAt, revealSeconds, quietSeconds, leastStake, mostStake, quietMost } = terms;
  const { question, statement, rubric, creator, ...small } = terms;
  const door = packed([
    { bits: 40, value: closesAt },
    { bits: 40, value: closesAt + revealSeconds },
    { bits: 40, value: closesAt - quietSeconds },
    { bits: 45, value: leastStake },
    { bits: 45, value: mostStake },
    { bits: 45, value: quietMost },
  ]);
  const termsHash = hashOf([
    question,
    statement,
    rubric,
    creator,
    closesAt,
    revealSeconds,
    quietSeconds,
    small.feeBps,
    small.prizeBps,
    small.prizes,
    small.minConfidence,
    small.rule,
    leastStake,
    mostStake,
    quietMost,
  ]);
  return {
    terms: {
      question: `0x${word(question)}`,
      statement: `0x${word(statement)}`,
      rubric: `0x${word(rubric)}`,
      creator: address(creator),
      closesAt: Number(closesAt),
      revealSeconds: Number(revealSeconds),
      quietSeconds: Number(quietSeconds),
      feeBps: Number(small.feeBps),
      prizeBps: Number(small.prizeBps),
      prizes: Number(small.prizes),
      minConfidence: Number(small.minConfidence),
      rule: Number(small.rule),
      leastStake: String(leastStake),
      mostStake: String(mostStake),
      quietMost: String(quietMost),
    },
    termsHash,
    door,
    id: hashOf([BigInt(termsHash), door]),
  };
}

/* INTENTS */

const DOMAIN = { chainId: 31_337n, verifyingContract: 0x50f7n };
const textHash = (text: string): bigint => BigInt(keccak256(stringToHex(text)));
const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const INTENT_TYPE =
  "OpinionIntent(bytes32 market,uint8 band,uint48 amount,bytes32 opinion,bytes32 commitment,address owner,uint256 nonce,uint40 deadline,bytes sealed)";

function digestOf(fields: readonly bigint[], sealed: Hex): Hex {
  const { chainId, verifyingContract } = DOMAIN;
  const separator = hashOf([
    textHash(DOMAIN_TYPE),
    textHash("Sooth Opinions"),
    textHash("1"),
    chainId,
    verifyingContract,
  ]);
  const struct = hashOf([textHash(INTENT_TYPE), ...fields, BigInt(keccak256(sealed))]);
  return keccak256(`0x1901${separator.slice(2)}${struct.slice(2)}`);
}

export function opinions(): void {
  const random = randomNumbers(23n);
  const hash = () => hashFrom(random);
  const chance = randomNumbers(29n);
  const cases = times(24, (index) => {
    const [question, statement, rubric, market, salt] = [hash(), hash(), hash(), hash(), hash()];
    const [creator, owner] = [random(2n ** 64n) << 90n, random(2n ** 64n) << 70n];
    const closesAt = index === 0 ? 2n ** 39n : 1_800_000_000n + random(10_000_000n);
    const revealSeconds = index % 3 === 0 ? 0n : random(604_801n);
    const quietSeconds = random(86_400n);
    const [feeBps, prizeBps, prizes] = [random(1_001n), random(5_001n), 1n + random(16n)];
    const [minConfidence, rule] = [random(10_001n), BigInt(index % 5)];
    const leastStake = 1n + random(1_000_000n);
    const quietMost = leastStake + random(10n ** 9n);
    const mostStake = index === 0 ? 2n ** 45n - 1n : quietMost + random(10n ** 9n);
    const { terms, termsHash, door, id } = named({
      question,
      statement,
      rubric,
      creator,
      closesAt,
      revealSeconds,
      quietSeconds,
      feeBps,
      prizeBps,
      prizes,
      minConfidence,
      rule,
      leastStake,
      mostStake,
      quietMost,
    });
    const band = random(21n);
    // Who signs has the key of the case's number, from 1.
    const signer = BigInt(privateKeyToAddress(pad(numberToHex(index + 1), { size: 32 })));
    const said = revealSeconds === 0n ? chance(21n) : 31n;
    const amount = index === 0 ? mostStake : leastStake + chance(mostStake - leastStake + 1n);
    const commitment = said === 31n ? hashFrom(chance) : 0n;
    const [opinion, nonce] = [hashFrom(chance), chance(2n ** 64n)];
    const sealed: Hex = said === 31n ? `0x${word(hashFrom(chance))}${word(hashFrom(chance))}ab` : "0x";
    const intent = [BigInt(id), said, amount, opinion, commitment, signer, nonce, closesAt];
    return {
      ...terms,
      termsHash,
      door: String(door),
      id,
      stance: {
        market: `0x${word(market)}`,
        owner: address(owner),
        band: Number(band),
        salt: `0x${word(salt)}`,
        commitment: hashOf([market, owner, band, salt]),
      },
      intent: {
        band: Number(said),
        amount: String(amount),
        opinion: `0x${word(opinion)}`,
        commitment: `0x${word(commitment)}`,
        owner: address(signer),
        nonce: String(nonce),
        deadline: Number(closesAt),
        sealed,
        digest: digestOf(intent, sealed),
      },
    };
  });
  const { chainId, verifyingContract } = DOMAIN;
  write("opinions.json", {
    domain: { chainId: Number(chainId), verifyingContract: address(verifyingContract) },
    cases,
  });
}
