import type { Address, Hex } from "@sooth/kernel";
import type { RawLog } from "@sooth/oracle/core";
import { z } from "zod";
import { BundlesError } from "../errors.ts";

/** A log of one chain as its node gives it. */
export type ChainLog = Omit<RawLog, "input"> & { chainId: number };
/** Who sent what to whom: legs, signatures and facts stand in calldata alone. */
export type Sent = { chainId: number; transaction: Hex; from: Address; to: Address | null; input: Hex };
export type BundleFileHeader = {
  format: typeof BUNDLE_FORMAT;
  bundle: Hex;
  /** Of the hub; for the reader to judge. */
  deployment: unknown;
  /** The last block of each chain that was read: nothing is known of what came after. */
  heads: readonly { chainId: number; block: number; at: number }[];
};
/** All that chains say of one bundle. */
export type BundleFile = { header: BundleFileHeader; logs: ChainLog[]; sent: Sent[] };

export const BUNDLE_FORMAT = "sooth-bundle-logs-1";

const hex = z.custom<Hex>(
  (text) => typeof text === "string" && /^0x([0-9a-f]{2})*$/i.test(text),
  "no hex bytes",
);
const word = z.custom<Hex>((text) => typeof text === "string" && /^0x[0-9a-f]{64}$/i.test(text), "no word");
const address = z.custom<Address>(
  (text) => typeof text === "string" && /^0x[0-9a-f]{40}$/i.test(text),
  "no address",
);
const whole = z.number().int().min(0);
const header = z.object({
  format: z.literal(BUNDLE_FORMAT),
  bundle: word,
  deployment: z.unknown(),
  heads: z.array(z.object({ chainId: whole, block: whole, at: whole })),
});
const line = z.union([
  z.object({
    chainId: whole,
    address,
    topics: z.array(hex),
    data: hex,
    block: whole,
    at: whole,
    logIndex: whole,
    transaction: word,
  }),
  z.object({ chainId: whole, transaction: word, from: address, to: address.nullable(), input: hex }),
]);

/** JSON lines: the header, then a log or a transaction a line. */
export const bundleFileText = ({ header: head, logs, sent }: BundleFile): string =>
  [head, ...logs, ...sent].map((each) => `${JSON.stringify(each)}\n`).join("");

/** {bundleFileText} back. @throws bundles.bad_log_file */
export function parseBundleFile(text: string): BundleFile {
  const [first = "", ...rest] = text.split("\n").filter((each) => each.trim() !== "");
  const file: BundleFile = { header: readLine(header, first, 1) as BundleFileHeader, logs: [], sent: [] };
  for (const [index, each] of rest.entries()) {
    const read = readLine(line, each, index + 2);
    if ("topics" in read) file.logs.push(read);
    else file.sent.push(read);
  }
  return file;
}

function readLine<T>(schema: z.ZodType<T>, text: string, number: number): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw BundlesError.bad_log_file({ line: number, what: "it is not JSON" });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw BundlesError.bad_log_file({ line: number, what: z.prettifyError(parsed.error).slice(0, 200) });
}
