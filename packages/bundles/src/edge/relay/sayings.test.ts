import { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { type Abi, encodeAbiParameters, encodeEventTopics, type AbiEvent, getAbiItem } from "viem";
import { expect, test } from "vitest";
import { sayings } from "./sayings.ts";

const BY: Address = `0x${"11".repeat(20)}`;
const ID: Hex = `0x${"1d".repeat(32)}`;
const WHO: Address = `0x${"22".repeat(20)}`;
const NOTHING: Hex = `0x${"00".repeat(32)}`;

function log(abi: Abi, eventName: string, args: Record<string, unknown>, address = BY) {
  const { inputs } = getAbiItem({ abi, name: eventName }) as AbiEvent;
  const plain = inputs.filter(({ indexed }) => indexed !== true);
  const topics = encodeEventTopics({ abi, eventName, args }) as Hex[];
  return {
    address,
    topics,
    data: encodeAbiParameters(
      plain,
      plain.map(({ name = "" }) => args[name]),
    ),
  };
}
const receipt = (ordinal: bigint, status: number, address = BY) =>
  log(settlerAbi, "Receipt", { ordinal, status, result: NOTHING, relayer: WHO }, address);

test.each([
  ["a leg that ran", receipt(7n, 1), [["7", "good"]]],
  ["a leg that failed", receipt(7n, 2), [["7", "failed"]]],
  ["a leg that was cancelled", receipt(7n, 3), [["7", "good"]]],
  ["a leg that waits", log(settlerAbi, "Skipped", { ordinal: 7n, why: 1 }), [["7", "left_alone"]]],
  [
    "what could not be undone",
    log(settlerAbi, "NotUndone", { ordinal: 7n, result: NOTHING, relayer: WHO }),
    [["7", "left_alone"]],
  ],
  ["what the hub refuses", log(bundleHubAbi, "Refused", { id: ID, why: 1 }), [[ID, "left_alone"]]],
  ["a decision", log(bundleHubAbi, "Decided", { id: ID, base: 7n, outcome: 2 }), [[ID, "good"]]],
  [
    "a share",
    log(bundleHubAbi, "ShareSettled", {
      id: ID,
      index: 3,
      relayer: WHO,
      amount: 1n,
      epoch: 1,
      toAttesters: 0n,
    }),
    [
      [`${ID} 3`, "good"],
      [ID, "good"],
    ],
  ],
  [
    "what an escrow paid",
    log(escrowAbi, "Finished", { id: ID, index: 3, outcome: 2 }),
    [
      [`${ID} 3`, "good"],
      [ID, "good"],
    ],
  ],
  ["what it did not", log(escrowAbi, "NotFinished", { id: ID, index: 3 }), [[`${ID} 3`, "left_alone"]]],
  ["what somebody else says", receipt(7n, 1, WHO), []],
  ["what nobody here knows", { address: BY, topics: [NOTHING, NOTHING], data: "0x" as Hex }, []],
  ["a log without topics", { address: BY, topics: [], data: "0x" as Hex }, []],
])("%s", (_, said, wanted) => expect([...sayings([said], BY)]).toEqual(wanted));
