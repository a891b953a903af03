import { type Address, ascending, type Hex, sameAddress } from "@sooth/kernel";
import { type Abi, type ContractEventName, decodeEventLog, type GetEventArgs, toEventSelector } from "viem";
import type { RawLog } from "./raw-log.ts";

/** Where a log stands. `at` is the second of its block, `input` the calldata of its transaction, where it was recorded. */
export type LogPlace = { block: number; logIndex: number; at: number; transaction: Hex; input?: Hex };
/** The logs of a contract with this ABI, decoded. */
export type DecodedLog<A extends Abi> = LogPlace &
  {
    [E in ContractEventName<A>]: {
      event: E;
      args: GetEventArgs<A, E, { EnableUnion: false; IndexedOnly: false; Required: true }>;
    };
  }[ContractEventName<A>];

/** A log that does not say what it must. `where` is block:logIndex, `subject` what it is about. */
export type ProofFinding = { where: string; subject: string | null; what: string };

export const placeOf = ({ block, logIndex }: Pick<LogPlace, "block" | "logIndex">): string =>
  `${block}:${logIndex}`;

/**
 * Every log of these contracts, in the order of the chain; a log of another address counts for nothing, whatever it
 * says. A log that is there twice counts once and is found, one that cannot be read is found too.
 */
export function decodeLogs<Log extends LogPlace>(
  raws: readonly RawLog[],
  contracts: readonly { address: Address; abi: Abi }[],
): { logs: Log[]; findings: ProofFinding[] } {
  // Looked up once: to search a whole ABI for each log takes longer than everything else.
  const known = contracts.map(({ address, abi }) => ({
    address,
    events: new Map(
      abi.flatMap((item) => (item.type === "event" ? [[toEventSelector(item), item] as const] : [])),
    ),
  }));
  const findings: ProofFinding[] = [];
  const seen = new Set<string>();
  const logs = raws
    .toSorted((a, b) => ascending(a.block, b.block) || ascending(a.logIndex, b.logIndex))
    .flatMap((raw) => {
      const contract = known.find(({ address }) => sameAddress(address, raw.address));
      const item = contract?.events.get(raw.topics[0] ?? "0x");
      if (!item) return [];
      const where = placeOf(raw);
      if (seen.has(where)) {
        findings.push({ where, subject: null, what: "this log is there twice" });
        return [];
      }
      seen.add(where);
      const { block, logIndex, at, transaction, input, data } = raw;
      try {
        const topics = raw.topics as [Hex, ...Hex[]];
        const { eventName, args } = decodeEventLog({ abi: [item], topics, data, strict: true });
        // The ABI gives each event its arguments.
        return [{ block, logIndex, at, transaction, input, event: eventName, args } as unknown as Log];
      } catch {
        findings.push({ where, subject: null, what: "this log cannot be read" });
        return [];
      }
    });
  return { logs, findings };
}
