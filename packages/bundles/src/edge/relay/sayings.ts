import { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { type AbiEvent, toEventSelector } from "viem";
import type { TriedLog } from "./attempt.ts";
import type { Desk, Job } from "./desks.ts";

/** What a call that was tried says of a leg or a bundle: that it was done, that it failed, or that it was left alone. */
export type Saying = "good" | "failed" | "left_alone";

const FAILED = 2n;

/** By topic, which event it is. viem's own decoder hashes the signature of every event it knows for every log. */
const NAMES = new Map(
  [...settlerAbi, ...escrowAbi, ...bundleHubAbi].flatMap((item): [Hex, string][] =>
    item.type === "event" ? [[toEventSelector(item as AbiEvent), item.name]] : [],
  ),
);

/** @param by the contract that was called; what legs call may say anything */
export function sayings(logs: readonly TriedLog[], by: Address): Map<string, Saying> {
  const said = new Map<string, Saying>();
  for (const { address, topics, data } of logs) {
    const name = sameAddress(address, by) ? NAMES.get(topics[0] ?? "0x") : undefined;
    const subject = topics[1];
    if (name === undefined || subject === undefined) continue;
    switch (name) {
      case "Receipt":
        said.set(ordinalIn(subject), wordIn(data) === FAILED ? "failed" : "good");
        break;
      case "Skipped":
      case "NotUndone":
        said.set(ordinalIn(subject), "left_alone");
        break;
      case "Refused":
        said.set(subject, "left_alone");
        break;
      case "NotFinished":
        said.set(`${subject} ${placeIn(topics)}`, "left_alone");
        break;
      case "Finished":
      case "Prepared":
      case "TakenBack":
        said.set(`${subject} ${placeIn(topics)}`, "good").set(subject, "good");
        break;
      case "ShareSettled":
        said.set(`${subject} ${wordIn(data)}`, "good").set(subject, "good");
        break;
      case "Decided":
        said.set(subject, "good");
        break;
      default:
    }
  }
  return said;
}

/** By what events name a job. */
export function subjectOf(desk: Desk, { view, action }: Job): string {
  if (!("leg" in action)) return view.id;
  if (desk === "finish" || desk === "prepare" || desk === "take_back") return `${view.id} ${action.leg}`;
  return `${(view.hub.base ?? 0n) + BigInt(action.leg)}`;
}

const ordinalIn = (topic: Hex): string => `${BigInt(topic)}`;
const placeIn = (topics: readonly Hex[]): number => Number(topics[2] ?? 0);
const wordIn = (data: Hex): bigint => BigInt(data.slice(0, 66));
