import { type Hex, keccak256, size, stringToHex } from "viem";
import { privateKeyToAddress, sign } from "viem/accounts";
import { randomNumbers, times, write } from "./cases.ts";

// What members of a committee sign, and how it is packed: every word is laid down by hand, none through an ABI encoder.

const word = (value: bigint): string => value.toString(16).padStart(64, "0");
const hashOf = (words: readonly bigint[]): Hex => keccak256(`0x${words.map(word).join("")}`);
const hashed = (text: string): bigint => BigInt(keccak256(stringToHex(text)));
const hex = (value: bigint, bytes: number): Hex => `0x${value.toString(16).padStart(2 * bytes, "0")}`;

const CHAIN = 8_453n;
const COMMITTEE = 0xc0117ee0c0117ee0c0117ee0c0117ee0c0117ee0n;
const [SEATS, NEEDED] = [5, 3];

const APPROVAL =
  "Approval(bytes32 market,uint256 total,uint256 count,uint8 score,uint16 confidence,uint40 expiresAt)";
const REPLACEMENT = "Replacement(address[5] members,uint256 number,uint40 expiresAt)";

const DOMAIN = hashOf([
  hashed("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
  hashed("Sooth Committee"),
  hashed("1"),
  CHAIN,
  COMMITTEE,
]);
const digestOf = (content: Hex): Hex => keccak256(`0x1901${DOMAIN.slice(2)}${content.slice(2)}`);

/** Secrets of five members, in the order of their addresses. */
const five = (from: number) =>
  times(SEATS, (seat) => hex(BigInt(from + seat), 32)).toSorted((a, b) =>
    BigInt(privateKeyToAddress(a)) < BigInt(privateKeyToAddress(b)) ? -1 : 1,
  );
const addressesOf = (secrets: readonly Hex[]) =>
  secrets.map((secret) => privateKeyToAddress(secret).toLowerCase() as Hex);

/** Bitmap of who signed, the five, then length and signature of each signer. */
async function packed(secrets: readonly Hex[], signers: readonly number[], hash: Hex): Promise<Hex> {
  const bitmap = signers.reduce((bits, seat) => bits + 2 ** seat, 0);
  const signatures = await Promise.all(
    signers.map((seat) => sign({ hash, privateKey: secrets[seat] ?? "0x", to: "hex" })),
  );
  const parts = [
    hex(BigInt(bitmap), 1),
    ...addressesOf(secrets),
    ...signatures.flatMap((signature) => [hex(BigInt(size(signature)), 2), signature]),
  ];
  return `0x${parts.map((part) => part.slice(2)).join("")}`;
}

/** Three, four or all of the seats, ascending. */
function signersOf(random: (below: bigint) => bigint): number[] {
  const seats = times(SEATS, (seat) => seat);
  while (seats.length > NEEDED && random(3n) > 0n) seats.splice(Number(random(BigInt(seats.length))), 1);
  return seats;
}

export async function committee(): Promise<void> {
  const random = randomNumbers(53n);
  const approvals = [];
  const replacements = [];
  for (let index = 0; index < 12; index++) {
    const sitting = five(100 + 10 * index);
    const signers = signersOf(random);
    const expiresAt = 1_800_000_000n + random(10_000_000n);
    const result = {
      market: (random(2n ** 63n) << 192n) + random(2n ** 63n),
      total: random(2n ** 54n),
      count: random(100_000n),
      score: random(101n),
      confidence: random(10_001n),
    };
    const { market, total, count, score, confidence } = result;
    const ofResult = [market, total, count, score, confidence, expiresAt];
    const approval = digestOf(hashOf([hashed(APPROVAL), ...ofResult]));
    approvals.push({
      members: addressesOf(sitting),
      signers,
      result: {
        market: hex(market, 32),
        total: String(total),
        count: Number(count),
        score: Number(score),
        confidence: Number(confidence),
      },
      expiresAt: Number(expiresAt),
      digest: approval,
      packed: `${hex(expiresAt, 5)}${(await packed(sitting, signers, approval)).slice(2)}`,
    });
    const next = addressesOf(five(1_000 + 10 * index));
    const number = 1n + random(50n);
    const list = hashOf(next.map(BigInt));
    const content = hashOf([hashed(REPLACEMENT), BigInt(list), number, expiresAt]);
    const replacement = digestOf(content);
    replacements.push({
      sitting: addressesOf(sitting),
      signers,
      members: next,
      number: Number(number),
      expiresAt: Number(expiresAt),
      digest: replacement,
      packed: await packed(sitting, signers, replacement),
    });
  }
  write("committee.json", {
    domain: { chainId: Number(CHAIN), verifyingContract: hex(COMMITTEE, 20) },
    approvals,
    replacements,
  });
}
