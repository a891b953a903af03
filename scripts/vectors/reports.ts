import {
  concat,
  encodeAbiParameters,
  encodePacked,
  hashTypedData,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  parseSignature,
  signatureToCompactSignature,
  stringToBytes,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { texts, times, write } from "./cases.ts";

// Reports: ids, digests and signatures as wallets make them.

const termsAbi = [
  { type: "address", name: "asker" },
  { type: "bytes32", name: "schema" },
  { type: "uint8", name: "aggregation" },
  { type: "int96", name: "min" },
  { type: "int96", name: "max" },
  { type: "uint96", name: "tolerance" },
  { type: "uint40", name: "opensAt" },
  { type: "uint40", name: "deadline" },
  { type: "uint32", name: "liveness" },
  { type: "uint96", name: "reward" },
  { type: "uint64", name: "nonce" },
  { type: "uint8", name: "domain" },
  { type: "bool", name: "endsEarly" },
  { type: "uint96", name: "secures" },
] as const;

const reportTypes = {
  Report: [
    { name: "question", type: "bytes32" },
    { name: "value", type: "int96" },
    { name: "epoch", type: "uint32" },
    { name: "round", type: "uint8" },
  ],
} as const;

export async function reports(): Promise<void> {
  const domain = {
    name: "Sooth",
    version: "1",
    chainId: 31_337,
    verifyingContract: "0x00000000000000000000000000000000000050f7",
  } as const;
  const keys = times(4, (i) => pad(numberToHex(0xa11ce000 + i), { size: 32 }));
  const weights = [1000n, 1000n, 900n, 800n];

  const sign = async (seat: number, question: Hex, value: bigint, epoch: number, round: number) => {
    const typed = {
      domain,
      types: reportTypes,
      primaryType: "Report",
      message: { question, value, epoch, round },
    } as const;
    const signature = await privateKeyToAccount(keys[seat] ?? "0x").signTypedData(typed);
    const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature));
    return { seat, value: String(value), digest: hashTypedData(typed), signature, r, vs: yParityAndS };
  };

  const caseOf = async (
    schema: string,
    aggregation: 0 | 1,
    [min, max]: readonly [bigint, bigint],
    values: readonly [number, bigint][],
    agreed: bigint,
    epoch: number,
    round: number,
  ) => {
    const tolerance = aggregation === 0 ? 0n : 10n; // a plurality has none
    const terms = {
      asker: "0x00000000000000000000000000000000000a5ce2",
      schema: keccak256(stringToBytes(schema)),
      aggregation,
      min,
      max,
      tolerance,
      opensAt: 1_750_086_400,
      deadline: 1_750_172_800,
      liveness: 1_800,
      reward: 5_000_000n,
      nonce: BigInt(round),
      domain: round % 16,
      endsEarly: round % 2 === 1,
      secures: 7_000_000n,
    } as const;
    const question = keccak256(encodeAbiParameters([{ type: "tuple", components: termsAbi }], [terms]));
    const signed = await Promise.all(
      values.map(([seat, value]) => sign(seat, question, value, epoch, round)),
    );
    const cosigned = await Promise.all([0, 1, 3].map((seat) => sign(seat, question, agreed, epoch, round)));
    return {
      schemaText: schema,
      terms: {
        ...terms,
        min: String(min),
        max: String(max),
        tolerance: String(tolerance),
        reward: "5000000",
        nonce: String(round),
        secures: "7000000",
      },
      question,
      epoch,
      round,
      reports: signed,
      entries: concat(
        signed.map(({ seat, value, r, vs }) =>
          encodePacked(["uint8", "int96", "bytes32", "bytes32"], [seat, BigInt(value), r, vs]),
        ),
      ),
      agreed: {
        value: String(agreed),
        seats: 0b1011,
        signatures: concat(cosigned.flatMap(({ r, vs }) => [r, vs])),
        digest: cosigned[0]?.digest,
      },
    };
  };

  write("reports.json", {
    about: "question ids, EIP-712 digests and packed reports; keys are for tests alone",
    domain,
    keys,
    signers: keys.map((key) => privateKeyToAccount(key).address),
    weights: texts(weights),
    cases: [
      await caseOf(
        '{"kind":"numeric","text":"ETH/USD at noon"}',
        1,
        [-1_000n, 1_000n],
        [
          [2, -7n],
          [0, 10n],
          [1, 12n],
        ],
        -(1n << 95n),
        1,
        0,
      ),
      await caseOf(
        '{"kind":"bool","text":"Did it rain? 🌧 שלום"}',
        0,
        [0n, 1n],
        [
          [0, 1n],
          [1, 1n],
          [3, 1n],
        ],
        1n,
        7,
        3,
      ),
      await caseOf(
        '{"kind":"numeric","text":"limits"}',
        1,
        [-(1n << 95n) + 2n, (1n << 95n) - 1n],
        [
          [3, -(1n << 95n) + 2n],
          [2, 0n],
          [1, (1n << 95n) - 1n],
        ],
        -(1n << 95n) + 1n,
        4_294_967_295,
        255,
      ),
    ],
  });
}
