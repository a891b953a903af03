import { attestersAbi, bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { need } from "@sooth/kernel";
import { type AbiEvent, decodeAbiParameters, getAbiItem, numberToHex, toEventSelector } from "viem";
import {
  type Bundle,
  decodeLegs,
  type Decided,
  isHeader,
  type Leg,
  LEG_STATUSES,
  legHash,
  legsHashOf,
  MODES,
  OUTCOMES,
  type Place,
  type Seat,
  type Settled,
} from "../../core/index.ts";

/** A log as a node hands it out. */
export type RawLog = {
  address: Address;
  topics: readonly Hex[];
  data: Hex;
  blockNumber: Hex;
  blockHash: Hex;
  logIndex: Hex;
};

/** Legs with their hashes, which tell whether they are the header's: nobody need hash them again. */
export type LoggedLegs = { legs: readonly Leg[]; hashes: readonly Hex[] };
/** What one log says of a bundle, of a leg of one, or of the contract that wrote it. */
export type Seen =
  | {
      kind: "opened";
      id: Hex;
      base: bigint;
      bundle: Bundle;
      legs: LoggedLegs | null;
      isUnopened: boolean;
    }
  | { kind: "decided"; id: Hex; outcome: Decided }
  | { kind: "share" | "prepared" | "taken_back" | "not_finished"; id: Hex; place: Place; leg?: Hex }
  | { kind: "finished"; id: Hex; place: Place; outcome: Decided }
  | { kind: "topped_up"; id: Hex; amount: bigint }
  | { kind: "reclaimed"; id: Hex }
  | { kind: "receipt"; ordinal: bigint; status: Settled; result: Hex; relayer: Address }
  | { kind: "returned"; ordinal: bigint; data: Hex }
  | { kind: "not_undone"; ordinal: bigint }
  | { kind: "seated"; epoch: number; totalWeight: bigint; seats: readonly Seat[] }
  | { kind: "paused"; contract: Address; until: number }
  | { kind: "lane"; other: number; token: Address; isBounded: boolean };
/** `time`: unix seconds, of the block or of one a little later. */
export type SeenAt = Seen & { chainId: number; block: number; time: number };

const topicOf = (abi: readonly unknown[], name: string): Hex =>
  toEventSelector(getAbiItem({ abi: abi as typeof bundleHubAbi, name: name as "Opened" }) as AbiEvent);
const RETURNED = [{ type: "bytes" }] as const;

/** Word of the data, or of a topic, as digits. viem's own decoder hashes every event's signature for every log. */
const wordIn = (data: Hex, index: number): Hex => `0x${data.slice(2 + 64 * index, 66 + 64 * index)}`;
const numberIn = (data: Hex, index = 0): number => Number(BigInt(wordIn(data, index)));
const addressIn = (data: Hex, index: number): Address => `0x${wordIn(data, index).slice(26)}`;
/** Bytes of any length, of which this word says where they stand. */
function bytesIn(data: Hex, index: number): Hex {
  const from = 2 + 2 * numberIn(data, index);
  const digits = 2 * Number(BigInt(`0x${data.slice(from, from + 64)}`));
  const found = data.slice(from + 64, from + 64 + digits);
  return `0x${need(found.length === digits ? found : undefined, "the bytes of an event")}`;
}
const decidedOf = (number: number): Decided => OUTCOMES[number] as Decided;

/** The hub logs what it is given: legs that the header does not commit to are none of its. */
function committedLegs({ legs: count, legsHash }: Bundle, logged: Hex): LoggedLegs | null {
  const legs = logged === "0x" ? null : decodeLegs(logged);
  if (legs?.length !== count) return null;
  const hashes = legs.map(legHash);
  return legsHashOf(hashes) === legsHash ? { legs, hashes } : null;
}

type Read = (topics: readonly Hex[], data: Hex, from: Address) => Seen | null;
const first = (topics: readonly Hex[]): Hex => need(topics[1], "the first topic of an event");
const second = (topics: readonly Hex[]): Hex => need(topics[2], "the second topic of an event");

/** That nobody opened it is written down in the same words, and decided at once. */
const opening =
  (isUnopened: boolean): Read =>
  (topics, data) => {
    const header: Bundle = {
      owner: addressIn(data, 1),
      mode: need(MODES[numberIn(data, 2)], "the mode of a bundle"),
      legs: numberIn(data, 3),
      deadline: numberIn(data, 4),
      legsHash: wordIn(data, 5),
      fee: BigInt(wordIn(data, 6)),
      salt: BigInt(wordIn(data, 7)),
    };
    // Nobody signed it: whoever wrote it down chose every word.
    if (isUnopened && !isHeader(header)) return null;
    return {
      kind: "opened",
      id: first(topics),
      base: BigInt(wordIn(data, 0)),
      bundle: header,
      legs: committedLegs(header, bytesIn(data, 8)),
      isUnopened,
    };
  };

const ofHub: Record<Hex, Read> = {
  [topicOf(bundleHubAbi, "Opened")]: opening(false),
  [topicOf(bundleHubAbi, "Unopened")]: opening(true),
  [topicOf(bundleHubAbi, "Decided")]: (topics, data) => ({
    kind: "decided",
    id: first(topics),
    outcome: decidedOf(numberIn(data, 1)),
  }),
  [topicOf(bundleHubAbi, "ShareSettled")]: (topics, data) => ({
    kind: "share",
    id: first(topics),
    place: numberIn(data),
  }),
  [topicOf(bundleHubAbi, "ToppedUp")]: (topics, data) => ({
    kind: "topped_up",
    id: first(topics),
    amount: BigInt(wordIn(data, 0)),
  }),
  [topicOf(bundleHubAbi, "Reclaimed")]: (topics) => ({ kind: "reclaimed", id: first(topics) }),
};

const receipt: Read = (topics, data) => ({
  kind: "receipt",
  ordinal: BigInt(first(topics)),
  status: LEG_STATUSES[numberIn(data)] as Settled,
  result: wordIn(data, 1),
  relayer: addressIn(data, 2),
});
const ofSettler: Record<Hex, Read> = {
  [topicOf(settlerAbi, "Receipt")]: receipt,
  [topicOf(settlerAbi, "Returned")]: (topics, data) => ({
    kind: "returned",
    ordinal: BigInt(first(topics)),
    data: decodeAbiParameters(RETURNED, data)[0],
  }),
  [topicOf(settlerAbi, "NotUndone")]: (topics) => ({ kind: "not_undone", ordinal: BigInt(first(topics)) }),
};

const ofPlace =
  (kind: "prepared" | "taken_back" | "not_finished"): Read =>
  (topics, data) => ({
    kind,
    id: first(topics),
    place: Number(second(topics)),
    ...(kind === "prepared" && { leg: wordIn(data, 0) }),
  });
const ofEscrow: Record<Hex, Read> = {
  [topicOf(escrowAbi, "Receipt")]: receipt,
  [topicOf(escrowAbi, "Prepared")]: ofPlace("prepared"),
  [topicOf(escrowAbi, "TakenBack")]: ofPlace("taken_back"),
  [topicOf(escrowAbi, "NotFinished")]: ofPlace("not_finished"),
  [topicOf(escrowAbi, "LaneLimitSet")]: (topics, data) => ({
    kind: "lane",
    other: Number(first(topics)),
    token: `0x${second(topics).slice(26)}`,
    isBounded: BigInt(wordIn(data, 0)) > 0n,
  }),
  [topicOf(escrowAbi, "Finished")]: (topics, data) => ({
    kind: "finished",
    id: first(topics),
    place: Number(second(topics)),
    outcome: decidedOf(numberIn(data)),
  }),
};

const SEATED = getAbiItem({ abi: attestersAbi, name: "AttestersSeated" }).inputs.filter(
  ({ indexed }) => !indexed,
);
const ofAttesters: Record<Hex, Read> = {
  [topicOf(attestersAbi, "AttestersSeated")]: (topics, data) => {
    const [totalWeight, seats] = decodeAbiParameters(SEATED, data) as unknown as [bigint, readonly bigint[]];
    return {
      kind: "seated",
      epoch: Number(first(topics)),
      totalWeight,
      seats: seats.map((seat) => ({
        key: numberToHex(seat >> 96n, { size: 20 }),
        weight: BigInt.asUintN(96, seat),
      })),
    };
  },
};

const PAUSED = topicOf(bundleHubAbi, "Paused");
const paused: Read = (_, data, from) => ({ kind: "paused", contract: from, until: numberIn(data) });

/** Which logs of these contracts are read, and how; null for one that says nothing of bundles. */
export type LogReader = {
  addresses: readonly Address[];
  topics: readonly Hex[];
  read: (log: RawLog) => Seen | null;
};

export function logReader(contracts: {
  settler: Address;
  escrow: Address;
  /** Where bundles are decided, and who attests is said: on the hub's chain. */
  hub?: { hub: Address; attesters: Address };
}): LogReader {
  const { hub, settler, escrow } = contracts;
  const readers = new Map<string, Record<Hex, Read>>([
    [settler.toLowerCase(), { ...ofSettler, [PAUSED]: paused }],
    [escrow.toLowerCase(), { ...ofEscrow, [PAUSED]: paused }],
  ]);
  if (hub) {
    readers.set(hub.hub.toLowerCase(), { ...ofHub, [PAUSED]: paused });
    readers.set(hub.attesters.toLowerCase(), ofAttesters);
  }
  return {
    addresses: [...readers.keys()] as Address[],
    topics: [...new Set([...readers.values()].flatMap((each) => Object.keys(each) as Hex[]))],
    read: ({ address, topics, data }) => {
      const from = address.toLowerCase() as Address;
      const read = readers.get(from)?.[topics[0] ?? "0x"];
      return read ? read(topics, data.toLowerCase() as Hex, from) : null;
    },
  };
}
