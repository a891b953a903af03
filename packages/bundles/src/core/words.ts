import type { Address, Hex } from "@sooth/kernel";
import {
  AbiEncodingBytesSizeMismatchError,
  IntegerOutOfRangeError,
  InvalidAddressError,
  isAddress,
} from "viem";

const PLAIN_ADDRESS = /^0x[0-9a-f]{40}$/;

/**
 * Words as `abi.encode` writes them, 64 hex digits each, for what is hashed thousands of times a second: viem's encoder, which
 * reads the types anew for every value, takes several times as long. It throws what viem throws.
 * @param bits a multiple of four, as all of Solidity's are
 */
export function uintWord(value: bigint | number, bits: number): string {
  // Hardly anything is other than this.
  if (typeof value === "number" && value >= 0 && value < 2 ** Math.min(bits, 53) && Number.isInteger(value))
    return value.toString(16).padStart(64, "0");
  const number = BigInt(value);
  const digits = number.toString(16);
  if (number < 0n || digits.length > bits / 4)
    throw new IntegerOutOfRangeError({
      max: `${(1n << BigInt(bits)) - 1n}`,
      min: "0",
      signed: false,
      size: bits / 8,
      value: `${number}`,
    });
  return digits.padStart(64, "0");
}

export function addressWord(address: Address): string {
  // viem remembers what it was asked, which takes longer than to look; of mixed case it checks the sum.
  if (!PLAIN_ADDRESS.test(address) && !isAddress(address)) throw new InvalidAddressError({ address });
  return address.slice(2).toLowerCase().padStart(64, "0");
}

export function bytes32Word(bytes: Hex): string {
  if (bytes.length !== 66) throw new AbiEncodingBytesSizeMismatchError({ expectedSize: 32, value: bytes });
  return bytes.slice(2).toLowerCase();
}
