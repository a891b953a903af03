import type { Hex } from "@sooth/kernel";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { create } from "multiformats/hashes/digest";
import { bytesToHex, hexToBytes, sha256 } from "viem";

/** Of SHA-256 in the table of multihashes. */
const SHA_256 = 0x12;
const HASH = /^0x[0-9a-fA-F]{64}$/;
/** Longer than any name of ours; other names are not looked into. */
const LONGEST_NAME = 120;

/** SHA-256 of a text's bytes: what a contract keeps of it. */
export const hashOf = (bytes: Uint8Array): Hex => sha256(bytes);

/** The CID of bytes with this SHA-256: version 1, raw, so that it says nothing but the hash. */
export const cidOf = (hash: Hex): string =>
  CID.createV1(raw.code, create(SHA_256, hexToBytes(hash))).toString();

/** The SHA-256 that a name stands for: a CID of version 1, raw, in any base that CIDs have, or the hash itself; or null. */
export function hashNamed(name: string): Hex | null {
  if (HASH.test(name)) return name.toLowerCase() as Hex;
  if (name.length > LONGEST_NAME) return null;
  try {
    const cid = CID.parse(name);
    const { code, digest } = cid.multihash;
    return cid.version === 1 && cid.code === raw.code && code === SHA_256 && digest.length === 32
      ? bytesToHex(digest)
      : null;
  } catch {
    return null; // no CID, which the caller says in its own words
  }
}
