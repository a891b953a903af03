import { attestersAbi, bundleHubAbi, escrowAbi, settlerAbi, testDollarAbi } from "@sooth/abi";
import { parseDeployment, signerOf } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import {
  type Abi,
  decodeEventLog,
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  toEventSelector,
} from "viem";
import { expect, test } from "vitest";
import {
  type BundleFile,
  type ChainLog,
  parseBundleFile,
  proveBundle,
  type ProvenBundle,
} from "../src/core/index.ts";

/**
 * What a hub and two rollups said of five bundles, which a bundler brought to their ends on evidence of four attesters; kept by
 * `sooth verify bundle --save-logs`. Of `returned` one rollup took no transactions; `unopened` was held in part, and never opened.
 */
export type Recording = "committed" | "aborted" | "swapped" | "returned" | "unopened";

export const recorded = (name: Recording): BundleFile =>
  parseBundleFile(readFileSync(new URL(`recorded/${name}.jsonl`, import.meta.url), "utf8"));

export function prove(file: BundleFile, id: Hex = file.header.bundle): ProvenBundle {
  const { params, addresses } = parseDeployment(JSON.stringify(file.header.deployment));
  const domain = { ...params.bundles, addresses };
  const proven = proveBundle(file, id, domain, ({ digest, signature }) => signerOf(digest, signature));
  return need(proven ?? undefined, "a log that opens it");
}
export const found = (file: BundleFile): string[] => prove(file).findings.map(({ what }) => what);

const ABIS = {
  hub: bundleHubAbi,
  settler: settlerAbi,
  escrow: escrowAbi,
  attesters: attestersAbi,
  token: testDollarAbi,
};
type Contract = keyof typeof ABIS;
type Args = Record<string, unknown>;
/** The `count`th log of an event of a contract; `escrow.Receipt` and `settler.Receipt` are two. */
export type Which = `${Contract}.${string}` | readonly [`${Contract}.${string}`, number];

const partsOf = (which: Which): [Contract, string, number] => {
  const [name, count] = typeof which === "string" ? [which, 0] : which;
  const [contract, event] = name.split(".") as [Contract, string];
  return [contract, event, count];
};
const eventOf = (contract: Contract, name: string) =>
  need(
    (ABIS[contract] as Abi).flatMap((item) => (item.type === "event" && item.name === name ? [item] : []))[0],
    name,
  );

export function logOf(file: BundleFile, which: Which): ChainLog {
  const [contract, name, count] = partsOf(which);
  const { addresses } = parseDeployment(JSON.stringify(file.header.deployment));
  const addressOf = { ...addresses, hub: addresses.bundleHub, token: addresses.collateral }[contract];
  const topic = toEventSelector(eventOf(contract, name));
  const fitting = file.logs.filter(
    (log) => log.topics[0] === topic && log.address.toLowerCase() === addressOf.toLowerCase(),
  );
  return need(fitting[count], `${contract}.${name} ${count}`);
}

const withLogs = (file: BundleFile, logs: ChainLog[]): BundleFile => ({ ...file, logs });
const instead = (file: BundleFile, log: ChainLog, ...others: ChainLog[]): BundleFile =>
  withLogs(
    file,
    file.logs.flatMap((each) => (each === log ? others : [each])),
  );

export const without = (file: BundleFile, which: Which): BundleFile => instead(file, logOf(file, which));
/** The same log elsewhere: another chain, block or second. */
export function moved(
  file: BundleFile,
  which: Which,
  change: (log: ChainLog) => Partial<ChainLog>,
): BundleFile {
  const log = logOf(file, which);
  return instead(file, log, { ...log, ...change(log) });
}
/** The log once more, later in its block. */
export function again(
  file: BundleFile,
  which: Which,
  change: (args: Args) => object = (args) => args,
): BundleFile {
  const log = logOf(file, which);
  return instead(file, log, log, { ...rewrite(log, which, change), logIndex: log.logIndex + 100 });
}
/** The log with other arguments, as its contract would have logged them. */
export function bent(file: BundleFile, which: Which, change: (args: Args) => object): BundleFile {
  const log = logOf(file, which);
  return instead(file, log, rewrite(log, which, change));
}

function rewrite(log: ChainLog, which: Which, change: (args: Args) => object): ChainLog {
  const [contract, name] = partsOf(which);
  const event = eventOf(contract, name);
  const decoded = decodeEventLog({ abi: [event], topics: log.topics as [Hex], data: log.data });
  return { ...log, ...written(contract, name, change(decoded.args as unknown as Args)) };
}

function written(contract: Contract, name: string, given: object): Pick<ChainLog, "topics" | "data"> {
  const event = eventOf(contract, name);
  const args = given as Record<string, unknown>;
  const plain = event.inputs.filter(({ indexed }) => !indexed);
  return {
    topics: encodeEventTopics({ abi: [event], eventName: name, args }) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map((input) => args[input.name ?? ""]),
    ),
  };
}

/** The log `which` with what another event of its contract says in its place. */
export function turned(file: BundleFile, which: Which, event: string, args: object): BundleFile {
  const [contract] = partsOf(which);
  const log = logOf(file, which);
  return instead(file, log, { ...log, ...written(contract, event, args) });
}

/** One more log of the hub's, `seconds` after its last and in the block after. */
export function added(file: BundleFile, event: string, args: object, seconds: number): BundleFile {
  const { chainId, address } = logOf(file, "hub.Decided");
  const last = need(
    file.logs.filter((log) => log.chainId === chainId).toSorted((a, b) => b.block - a.block)[0],
    "a log of the hub",
  );
  const log = {
    ...last,
    address,
    ...written("hub", event, args),
    block: last.block + 1,
    at: last.at + seconds,
  };
  const heads = file.header.heads.map((head) => ({ ...head, block: head.block + 2 }));
  return { ...withLogs(file, [...file.logs, log]), header: { ...file.header, heads } };
}

/** The first leg that was finished, taken back instead. */
export const takenBack = (file: BundleFile, index = 0): BundleFile =>
  without(turned(file, "escrow.Finished", "TakenBack", { id: file.header.bundle, index }), "escrow.Receipt");

/** The token refused who was paid leg 0: the escrow owes it. */
export function creditedInstead(file: BundleFile): BundleFile {
  const log = logOf(file, ["token.Transfer", 1]);
  const { escrow } = parseDeployment(JSON.stringify(file.header.deployment)).addresses;
  const { args } = decodeEventLog({
    abi: testDollarAbi,
    eventName: "Transfer",
    topics: log.topics as [Hex, ...Hex[]],
    data: log.data,
  });
  const credited = written("escrow", "Credited", {
    token: log.address,
    account: args.to,
    amount: args.amount,
  });
  return instead(file, log, { ...log, address: escrow, ...credited });
}

/** As if its owner had aborted it. */
export function asAbort(file: BundleFile): BundleFile {
  const opened = logOf(file, "hub.Opened");
  const { args } = decodeEventLog({
    abi: bundleHubAbi,
    eventName: "Opened",
    topics: opened.topics as [Hex, ...Hex[]],
    data: opened.data,
  });
  const input = encodeFunctionData({ abi: bundleHubAbi, functionName: "abort", args: [args.bundle] });
  return sentBy(file, "hub.Decided", { input });
}

/** The transaction that wrote this log with other arguments. */
export function recalled(file: BundleFile, which: Which, change: (args: unknown[]) => unknown[]): BundleFile {
  const [contract] = partsOf(which);
  const { transaction, chainId } = logOf(file, which);
  const abi = ABIS[contract] as Abi;
  const sent = file.sent.map((each) => {
    if (each.transaction !== transaction || each.chainId !== chainId) return each;
    const { functionName, args } = decodeFunctionData({ abi, data: each.input });
    return {
      ...each,
      input: encodeFunctionData({ abi, functionName, args: change(structuredClone(args) as unknown[]) }),
    };
  });
  return { ...file, sent };
}
export function sentBy(file: BundleFile, which: Which, change: object): BundleFile {
  const { transaction } = logOf(file, which);
  return {
    ...file,
    sent: file.sent.map((each) => (each.transaction === transaction ? { ...each, ...change } : each)),
  };
}

export const other = `0x${"0b".repeat(20)}` as const;
export const word = `0x${"0b".repeat(32)}` as const;
export const later =
  (seconds: number) =>
  ({ at }: { at: number }) => ({ at: at + seconds });
export const HOUR = 3_600;

/** Of each file what is found of it. */
type Case = [string, BundleFile, RegExp];
export const changed = (cases: readonly Case[]) =>
  test.each(cases)("%s", (_, file, finding) => {
    expect(found(file)).toContainEqual(expect.stringMatching(finding));
  });
