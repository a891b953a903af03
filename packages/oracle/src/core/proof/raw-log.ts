import type { Address, Hex } from "@sooth/kernel";
import { z } from "zod";
import { OracleError } from "../errors.ts";

/** One log as `eth_getLogs` gives it, with the second of its block. `input`: calldata of its transaction, where it matters. */
export type RawLog = {
  address: Address;
  topics: readonly Hex[];
  data: Hex;
  block: number;
  /** Unix seconds. */
  at: number;
  logIndex: number;
  transaction: Hex;
  input?: Hex;
};
/** Where the logs came from, as its first line says. `deployment` is for the reader to judge. */
export type LogFileHeader = {
  format: typeof LOG_FORMAT;
  deployment: unknown;
  /** The last block that was read: nothing is known of what came after. */
  head: { block: number; at: number };
  /** Signatures of the beacon's rounds that no log has, and that something sealed opens by. They are for the reader to check. */
  rounds?: readonly { round: string; signature: Hex }[];
};
export type LogFile = { header: LogFileHeader; logs: RawLog[] };

export const LOG_FORMAT = "sooth-logs-1";

const hex = z.custom<Hex>(
  (text) => typeof text === "string" && /^0x([0-9a-f]{2})*$/i.test(text),
  "no hex bytes",
);
const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,12}$/i)
  .transform((text) => Number.parseInt(text, 16));
const header = z.object({
  format: z.literal(LOG_FORMAT),
  deployment: z.unknown(),
  head: z.object({ block: z.number().int(), at: z.number().int() }),
  rounds: z.array(z.object({ round: z.string().regex(/^\d{1,20}$/), signature: hex })).optional(),
});
/** Fields beside these, which nodes differ in, are passed over. */
const entry = z.object({
  address: z.custom<Address>(
    (text) => typeof text === "string" && /^0x[0-9a-f]{40}$/i.test(text),
    "no address",
  ),
  topics: z.array(hex),
  data: hex,
  blockNumber: quantity,
  blockTimestamp: quantity,
  logIndex: quantity,
  transactionHash: hex,
  transactionInput: hex.optional(),
});

const asQuantity = (value: number): Hex => `0x${value.toString(16)}`;

/** JSON lines: the header, then a log a line, named as nodes name them. */
export const logFileText = ({ header: head, logs }: LogFile): string =>
  [
    head,
    ...logs.map(({ address, topics, data, block, at, logIndex, transaction, input }) => ({
      address,
      topics,
      data,
      blockNumber: asQuantity(block),
      blockTimestamp: asQuantity(at),
      logIndex: asQuantity(logIndex),
      transactionHash: transaction,
      ...(input === undefined ? {} : { transactionInput: input }),
    })),
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

/** `logFileText` back. @throws oracle.bad_log_file */
export function parseLogFile(text: string): LogFile {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const [first = "", ...rest] = lines;
  return {
    header: readLine(header, first, 1) as LogFileHeader,
    logs: rest.map((line, index) => {
      const log = readLine(entry, line, index + 2);
      return {
        address: log.address,
        topics: log.topics,
        data: log.data,
        block: log.blockNumber,
        at: log.blockTimestamp,
        logIndex: log.logIndex,
        transaction: log.transactionHash,
        ...(log.transactionInput === undefined ? {} : { input: log.transactionInput }),
      };
    }),
  };
}

function readLine<T>(schema: z.ZodType<T>, line: string, number: number): T {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw OracleError.bad_log_file({ line: number, what: "it is not JSON" });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw OracleError.bad_log_file({ line: number, what: z.prettifyError(parsed.error).slice(0, 200) });
}
