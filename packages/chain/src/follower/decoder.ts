import type { Address, Hex } from "@sooth/kernel";
import { type AbiEvent, type AbiParameter, decodeAbiParameters, toEventSelector } from "viem";
import type { LogHandlers } from "../logs.ts";

export type RawLog = {
  address: Address;
  topics: readonly Hex[];
  data: Hex;
  blockNumber: Hex;
  blockHash: Hex;
  logIndex: Hex;
  transactionHash: Hex;
};
type Run = LogHandlers["on"][string];
/** One event that somebody handles, with what is needed to decode it prepared once. Handlers run in the slices' order. */
export type FollowedEvent = {
  name: string;
  handles: Run[];
  decode: (log: RawLog) => Record<string, unknown>;
};
export type Followed = {
  addresses: readonly Address[];
  topics: readonly Hex[];
  /** Undefined for a log that nobody handles. */
  eventOf: (log: RawLog) => FollowedEvent | undefined;
  /** Event topics that a contract may emit and we want. */
  wanted: ReadonlyMap<Address, readonly Hex[]>;
};

/** Turns the slices' handlers into one filter and one table of decoders. */
export function prepare(handlers: readonly LogHandlers[]): Followed {
  const events = new Map<string, FollowedEvent>();
  const wanted = new Map<Address, Hex[]>();
  for (const { address, abi, on } of handlers) {
    const contract = address.toLowerCase() as Address;
    for (const item of abi) {
      const handle = item.type === "event" ? on[item.name] : undefined;
      if (item.type !== "event" || !handle) continue;
      const topic = toEventSelector(item);
      const known = events.get(`${contract}${topic}`);
      if (known) {
        known.handles.push(handle);
        continue;
      }
      events.set(`${contract}${topic}`, { name: item.name, handles: [handle], decode: decoderOf(item) });
      wanted.set(contract, [...(wanted.get(contract) ?? []), topic]);
    }
  }
  return {
    addresses: [...wanted.keys()],
    topics: [...new Set([...wanted.values()].flat())],
    eventOf: ({ address, topics }) => events.get(`${address.toLowerCase()}${topics[0]}`),
    wanted,
  };
}

/** viem's own decoder hashes the event's signature for every log; this one knows it already. */
function decoderOf(event: AbiEvent): FollowedEvent["decode"] {
  const inputs = event.inputs.map((input, index) => ({ ...input, name: input.name ?? String(index) }));
  const indexed = inputs.filter((input) => input.indexed);
  const plain = inputs.filter((input) => !input.indexed);
  return (log) => {
    const args: Record<string, unknown> = {};
    for (const [index, input] of indexed.entries())
      args[input.name] = decodeTopic(input, log.topics[index + 1] ?? "0x");
    if (plain.length > 0) {
      const values = decodeAbiParameters(plain, log.data);
      for (const [index, input] of plain.entries()) args[input.name] = values[index];
    }
    return args;
  };
}

function decodeTopic(input: AbiParameter, topic: Hex): unknown {
  // Of values longer than a word only the hash is in the topic.
  const hashed = input.type === "string" || input.type === "bytes" || /\]$|^tuple/.test(input.type);
  return hashed ? topic : decodeAbiParameters([input], topic)[0];
}
