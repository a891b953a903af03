import {
  courtAbi,
  drandBeaconAbi,
  epochsAbi,
  guardAbi,
  ladderAbi,
  marketsAbi,
  opinionsAbi,
  oracleAbi,
  slasherAbi,
  stakeManagerAbi,
  testDollarAbi,
} from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import type { RawLog } from "@sooth/oracle/core";
import { type Abi, decodeEventLog, encodeAbiParameters, encodeEventTopics, toEventSelector } from "viem";

const ABI: Abi = [
  ...stakeManagerAbi,
  ...oracleAbi,
  ...ladderAbi,
  ...marketsAbi,
  ...opinionsAbi,
  ...courtAbi,
  ...slasherAbi,
  ...guardAbi,
  ...drandBeaconAbi,
  ...epochsAbi,
  ...testDollarAbi,
];
const EVENTS = ABI.flatMap((item) => (item.type === "event" ? [item] : []));

/** Whether this is a log of the event of this name. */
export const isEvent = (log: RawLog, name: string): boolean =>
  EVENTS.some((event) => event.name === name && toEventSelector(event) === log.topics[0]);

export type Args = Record<string, unknown>;
/** The same log, with other arguments, as the contract would have logged them. */
export function rewritten(log: RawLog, change: (args: never) => Args): RawLog {
  const event = need(
    EVENTS.find((each) => toEventSelector(each) === log.topics[0]),
    "an event",
  );
  const decoded = decodeEventLog({ abi: [event], topics: log.topics as [Hex], data: log.data });
  const args = change(decoded.args as never);
  const plain = event.inputs.filter(({ indexed }) => !indexed);
  return {
    ...log,
    topics: encodeEventTopics({ abi: [event], eventName: event.name, args }) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => args[name ?? ""]),
    ),
  };
}
