import { type Address, type Hex, keccak256 } from "@sooth/kernel";
import { BaseError, type LocalAccount } from "viem";

/** EIP-1559 without an access list. */
export type Unsigned = {
  chainId: number;
  nonce: number;
  to: Address;
  data: Hex;
  value: bigint;
  gas: bigint;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
};

const TYPE = Buffer.of(2);
const NO_ACCESS_LIST = Buffer.of(0xc0);

/**
 * Signs as viem does, to the same bytes. A batch of legs is some 30 kB, which viem turns from hex and back for every step, and
 * hashes in JavaScript. An account that signs no mere hashes does it as it can.
 */
export async function signTransaction(
  account: LocalAccount,
  transaction: Unsigned,
): Promise<{ raw: Hex; hash: Hex }> {
  if (!account.sign) {
    const raw = await account.signTransaction({ type: "eip1559", ...transaction });
    return { raw, hash: keccak256(raw) };
  }
  const { chainId, nonce, to, data, value, gas, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const fields = [
    ...[chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gas].map((number) => item(bytesOfNumber(number))),
    item(bytesOf(to, 20)),
    item(bytesOfNumber(value)),
    item(bytesOf(data)),
    NO_ACCESS_LIST,
  ];
  const signature = await account.sign({ hash: keccak256(Buffer.concat([TYPE, ...list(fields)])) });
  const [r, s] = [BigInt(signature.slice(0, 66)), BigInt(`0x${signature.slice(66, 130)}`)];
  const parity = Number.parseInt(signature.slice(130), 16) - 27;
  const signed = [parity, r, s].map((number) => item(bytesOfNumber(number)));
  const raw = Buffer.concat([TYPE, ...list([...fields, ...signed])]);
  return { raw: `0x${raw.toString("hex")}`, hash: keccak256(raw) };
}

/** The bytes of RLP, source: Ethereum yellow paper, appendix B. */
function item(bytes: Buffer): Buffer {
  const [first] = bytes;
  if (bytes.length === 1 && first !== undefined && first < 0x80) return bytes;
  return Buffer.concat([lengthOf(bytes.length, 0x80), bytes]);
}

const list = (items: readonly Buffer[]): Buffer[] => [
  lengthOf(
    items.reduce((sum, { length }) => sum + length, 0),
    0xc0,
  ),
  ...items,
];

function lengthOf(length: number, offset: number): Buffer {
  if (length < 56) return Buffer.of(offset + length);
  const bytes = bytesOfNumber(length);
  return Buffer.concat([Buffer.of(offset + 55 + bytes.length), bytes]);
}

/** Without zeros in front; zero itself has no byte. */
function bytesOfNumber(number: bigint | number): Buffer {
  if (number < 0) throw new BaseError("A transaction has no negative numbers.");
  const digits = number.toString(16);
  return digits === "0" ? Buffer.alloc(0) : Buffer.from(digits.length % 2 ? `0${digits}` : digits, "hex");
}

function bytesOf(hex: Hex, length = (hex.length - 2) / 2): Buffer {
  const bytes = Buffer.from(hex.slice(2), "hex");
  const isWhole = hex.startsWith("0x") && bytes.length === length && hex.length === 2 * length + 2;
  // What is no hex Node leaves out without a word; of a wider character it reads the lower half, which may be a digit.
  if (!isWhole || Buffer.byteLength(hex) !== hex.length)
    throw new BaseError(`${hex.slice(0, 50)} is no hex.`);
  return bytes;
}
