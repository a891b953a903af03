import { callsWithEvidence, evidenceFrom } from "@sooth/bundles";
import {
  bundleTypedData,
  bundleFromWire,
  legFromWire,
  type WireBundleCall,
  wireBundleDetail,
  type WireBundleDetail,
  wireBundleId,
  wireBundleQuote,
  wirePreparedBundle,
} from "@sooth/bundles/core";
import { type Chain, walletOf } from "@sooth/chain";
import { type Address, AppError, type Hex } from "@sooth/kernel";
import type { LocalAccount } from "viem";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { diagnose } from "../bundle/doctor.ts";
import { readLegs } from "../bundle/legs-file.ts";
import { refuseOther } from "../bundle/refuse-other.ts";
import { openServer, sameAccount, type Sent, type Server, signerFor, withChains } from "../bundle/network.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";
import { time } from "../verify/verify-question.ts";

const shared = {
  url: z.url().default("http://127.0.0.1:3000").describe("the server that is asked"),
  json: z.boolean().default(false).describe("one JSON value, nothing else"),
};
const keys = {
  keystore: z.string().optional().describe("keystore file (version 3) of the key; else BUNDLE_KEY"),
  passwordFile: z.string().optional().describe("file with the keystore's password"),
};
const id = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "wants 0x and 64 digits")
  .transform((text) => text.toLowerCase())
  .describe("the bundle, as the hub names it");
const file = z.string().describe("JSON: mode, legs, and what else is wanted (docs/bundles.md)");
const legsFile = z.string().optional().describe("the same file as for bundle open, where legs are private");
const send = z.boolean().default(false).describe("sends; else it is only shown what would be sent");

/** The time by which deadlines are counted where the file says seconds. */
const hereAndNow = (): number => Math.floor(Date.now() / 1_000);

export const bundleQuote = command({
  name: "bundle quote",
  about: "tries the legs of a file as things stand, and says what relaying them would cost and take",
  args: z.object({
    file,
    owner: z.string().optional().describe("where the file names none; else whoever would sign"),
    ...shared,
  }),
  positional: ["file"],
  run: async ({ file: from, owner, url, json }, terminal) => {
    const server = await openServer(url);
    const asked = await readLegs(from, owner ?? (await mayBeSigner(server)), hereAndNow());
    const quote = await server.api.post("/v1/bundles/quote", asked, wireBundleQuote);
    if (json) terminal.result(quote);
    else {
      const rows = quote.legs.map((leg) => [
        String(leg.place),
        String(leg.chainId),
        leg.callGas ?? "?",
        leg.gasAlone,
        leg.fails ?? "",
      ]);
      terminal.line(
        columns([["leg", "chain", "call gas", "all gas", "as things stand it fails"], ...rows], [2, 3]),
      );
      terminal.line(
        `costs ${quote.cost} wei of the hub to relay; fee ${quote.fee}; about ${quote.seconds} s`,
      );
    }
    return quote.legs.some(({ fails }) => fails !== null) ? 1 : 0;
  },
});

/** Whoever would sign, where somebody would: to ask for a price nobody needs a key. */
const mayBeSigner = (server: Server): Promise<Address | undefined> =>
  signerFor(server, {}).then(
    ({ address }) => address,
    (error: unknown) => {
      if (error instanceof AppError && error.code === "ops.no_key") return undefined;
      throw error;
    },
  );

export const bundleOpen = command({
  name: "bundle open",
  about:
    "signs a bundle of a file's legs and hands it over to be opened and relayed; --pay opens it with a transaction of one's own",
  args: z.object({
    file,
    pay: z
      .boolean()
      .default(false)
      .describe("opens it itself and pays the fee; else the credit at the hub does"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["file"],
  run: async ({ file: from, pay, send: really, url, json, ...own }, terminal) => {
    const server = await openServer(url);
    const account = await signerFor(server, own);
    const asked = await readLegs(from, account.address, hereAndNow());
    const prepared = await server.api.post("/v1/bundles/prepare", asked, wirePreparedBundle);
    refuseOther({ chainId: server.hubChainId, hub: server.addresses.bundleHub }, asked, prepared);
    const mine = prepared.calls.filter(({ by }) => by !== null && sameAccount(by, account.address));
    const calls = mine.filter(({ what }) => pay || what !== "open");
    if (!really) {
      if (json) terminal.result({ ...prepared, sent: [] });
      else
        for (const line of [`bundle ${prepared.id}`, ...callLines(calls), NOTHING_SENT]) terminal.line(line);
      return 0;
    }
    if (!pay) {
      const typed = bundleTypedData(
        { chainId: server.hubChainId, hub: server.addresses.bundleHub },
        bundleFromWire(prepared.bundle),
      );
      const signature = await account.signTypedData(typed);
      const body = { bundle: prepared.bundle, legs: asked.legs, signature, private: asked.private ?? false };
      await server.api.post("/v1/bundles", body, wireBundleId);
    } else if (asked.private)
      await server.api.post(
        `/v1/bundles/${prepared.id}/legs`,
        { bundle: prepared.bundle, legs: asked.legs },
        wireBundleId,
      );
    const sent = await withChains(server, (chainAt) => sendAll(calls, account, chainAt));
    if (json) terminal.result({ id: prepared.id, sent });
    else for (const line of [`bundle ${prepared.id}`, ...sentLines(sent)]) terminal.line(line);
    return 0;
  },
});

export const bundleStatus = command({
  name: "bundle status",
  about: "shows how far a bundle is: each leg on its chain, times, fees, and what can be sent now",
  args: z.object({ id, ...shared }),
  positional: ["id"],
  run: async ({ id: which, url, json }, terminal) => {
    const detail = await detailOf(await openServer(url), which);
    if (json) terminal.result(detail);
    else for (const line of statusLines(detail)) terminal.line(line);
    return 0;
  },
});

export const bundleDoctor = command({
  name: "bundle doctor",
  about: "says in words why a bundle does not move, and which command moves it; ends with 1 where one would",
  args: z.object({ id, legs: legsFile, ...shared }),
  positional: ["id"],
  run: async ({ id: which, legs, url, json }, terminal) => {
    const server = await openServer(url);
    const { detail, calls, missing } = await lookAt(server, which, legs, NOBODY);
    const found = diagnose(detail, calls, missing);
    if (json) terminal.result(found);
    else {
      terminal.line(found.says);
      for (const reason of found.reasons) terminal.line(`  ${reason}`);
      for (const todo of found.todo) terminal.line(`do: npx ${todo}`);
    }
    return found.todo.length === 0 ? 0 : 1;
  },
});

const RELAYED = [
  "open",
  "run",
  "cancel",
  "compensate",
  "prepare",
  "finish",
  "take_back",
  "commit",
  "abort",
  "expire",
  "settle",
];
const RETRIED = ["compensate", "finish"];
const REFUNDED = ["abort", "expire", "cancel", "finish", "take_back", "reclaim"];

const acting = { id, legs: legsFile, send, ...keys, ...shared };

export const bundleRelay = command({
  name: "bundle relay",
  about:
    "does by itself what a bundler does: asks attesters, runs, commits, compensates and settles until a bundle is over",
  args: z.object({
    ...acting,
    once: z.boolean().default(false).describe("one round, and not until it is over"),
    seconds: z.coerce.number().int().positive().default(600).describe("how long it tries"),
  }),
  positional: ["id"],
  run: async ({ once, seconds, ...rest }, terminal) =>
    act({ ...rest, which: RELAYED, rounds: once || !rest.send ? 1 : seconds }, terminal),
});

export const bundleRetry = command({
  name: "bundle retry",
  about: "tries compensations that failed, and participants that did not finish, once more",
  args: z.object(acting),
  positional: ["id"],
  run: (args, terminal) => act({ ...args, which: RETRIED, rounds: 1 }, terminal),
});

export const bundleRefund = command({
  name: "bundle refund",
  about:
    "does what brings money home: aborts what its owner or the time allows, gives and takes back, reclaims what is left of the fee",
  args: z.object(acting),
  positional: ["id"],
  run: (args, terminal) => act({ ...args, which: REFUNDED, rounds: 1 }, terminal),
});

type Acting = {
  id: string;
  legs?: string | undefined;
  send: boolean;
  keystore?: string | undefined;
  passwordFile?: string | undefined;
  url: string;
  json: boolean;
  which: readonly string[];
  rounds: number;
};

const ROUND_MS = 1_000;

/** Ends with 0 when something was due and is done, or the bundle is over; with 1 when it waits for others. */
async function act(
  o: Acting,
  terminal: Parameters<Parameters<typeof command>[0]["run"]>[1],
): Promise<number> {
  const server = await openServer(o.url);
  const account = await signerFor(server, o);
  const sent: Sent[] = [];
  const done = new Set<string>();
  let waits: string[] = [];
  let isOver = false;
  await withChains(server, async (chainAt) => {
    for (let round = 0; round < o.rounds && !isOver; round++) {
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
      const { detail, calls, missing } = await lookAt(server, o.id, o.legs, account.address);
      const due = calls.filter(
        (call) =>
          o.which.includes(call.what) &&
          (call.by === null || sameAccount(call.by, account.address)) &&
          // An owner's abort is his to ask for; relaying does not.
          !(o.which === RELAYED && call.what === "abort" && call.by !== null) &&
          !done.has(keyOf(call)),
      );
      waits = missing.map(({ why, chainId }) => `attesters for chain ${chainId}: ${why}`);
      isOver = ["completed", "compensated", "refunded"].includes(detail.status.kind) && due.length === 0;
      if (!o.send) {
        for (const line of o.json ? [] : callLines(due)) terminal.line(line);
        if (o.json) terminal.result({ due, waits });
        else terminal.line(due.length === 0 ? "nothing is due now" : NOTHING_SENT);
        return;
      }
      const now = await sendAll(due, account, chainAt);
      for (const call of due) done.add(keyOf(call));
      sent.push(...now);
      if (!o.json) for (const line of sentLines(now)) terminal.line(line);
    }
  });
  if (!o.send) return 0;
  if (o.json) terminal.result({ sent, waits, isOver });
  else if (sent.length === 0)
    terminal.line(isOver ? "it is over" : ["nothing is due now", ...waits].join("; "));
  return sent.length > 0 || isOver ? 0 : 1;
}

/** A step of a leg is taken once by one command: what did not help is not sent again and again. */
const keyOf = ({ what, leg, chainId }: WireBundleCall): string => `${what} ${leg} ${chainId}`;

const NOBODY: Address = `0x${"00".repeat(20)}`;
const NOTHING_SENT = "Nothing was sent: --send does.";
const ASK_MS = 30_000;

async function lookAt(server: Server, which: string, legs: string | undefined, relayer: Address) {
  const detail = await detailOf(server, which);
  const own = legs === undefined ? undefined : (await readLegs(legs, detail.owner, 0)).legs.map(legFromWire);
  const known = { detail, addresses: server.addresses, ...(own && { legs: own }) };
  const found = await callsWithEvidence(
    known,
    evidenceFrom(server.url),
    relayer,
    AbortSignal.timeout(ASK_MS),
  );
  // What the server can prove by itself, such as a payer's consent, stands in its own calls.
  const seen = new Set(found.calls.map(keyOf));
  const others = detail.calls.filter((call) => !seen.has(keyOf(call)));
  const calls = [...found.calls.map((call) => better(call, detail.calls)), ...others];
  return { detail, calls, missing: found.missing };
}

/** What anybody may send is better than what one alone may. */
const better = (call: WireBundleCall, others: readonly WireBundleCall[]): WireBundleCall =>
  others.find((one) => keyOf(one) === keyOf(call) && one.by === null && call.by !== null) ?? call;

const detailOf = ({ api }: Server, which: string): Promise<WireBundleDetail> =>
  api.get(`/v1/bundles/${which}`, wireBundleDetail);

/** One after the other: each may need the one before. @throws ops.reverted */
async function sendAll(
  calls: readonly WireBundleCall[],
  account: LocalAccount,
  chainAt: (chainId: number) => Chain,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const { what, leg, chainId, to, data, value } of calls) {
    const chain = chainAt(chainId);
    const purpose = `${what}${leg === null ? "" : ` of leg ${leg}`} on chain ${chainId}`;
    const transaction = await walletOf(chain, account)
      .sendTransaction({ to: to as Address, data: data as Hex, value: BigInt(value) })
      .catch((error: unknown) => {
        const said = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
        throw OpsError.refused({ action: purpose, error: said }, { cause: error });
      });
    const receipt = await chain.client.waitForTransactionReceipt({ hash: transaction });
    if (receipt.status !== "success") throw OpsError.reverted({ purpose, transaction });
    sent.push({ what, leg, chainId, transaction });
  }
  return sent;
}

const callLines = (calls: readonly WireBundleCall[]): string[] =>
  calls.map(
    ({ what, leg, chainId, to, value }) =>
      `would send ${what}${leg === null ? "" : ` of leg ${leg}`} on chain ${chainId} to ${to}, ${value} wei`,
  );
const sentLines = (sent: readonly Sent[]): string[] =>
  sent.map(
    ({ what, leg, chainId, transaction }) =>
      `${what}${leg === null ? "" : ` of leg ${leg}`} on chain ${chainId}  ${transaction}`,
  );

function statusLines(detail: WireBundleDetail): string[] {
  const { fees, times } = detail;
  const legs = detail.shown.map(({ place, chainId, state, relayer, transaction }) => [
    String(place),
    chainId === null ? "private" : String(chainId),
    state,
    relayer ?? "",
    transaction ?? "",
  ]);
  return [
    `bundle    ${detail.id}`,
    `owner     ${detail.owner}, ${detail.mode}`,
    `stands    ${detail.status.kind}; the hub says ${detail.outcome}`,
    `deadline  ${time(detail.deadline)}; aborted by anybody from ${time(times.abortable)}, taken back from ${time(times.escape)}`,
    `fee       ${detail.fee} wei: ${fees.paid} to relayers, ${fees.toAttesters} to attesters, ${fees.toOwner} to the owner, ${fees.left} left`,
    ...columns([["leg", "chain", "state", "relayer", "transaction"], ...legs]).split("\n"),
    ...detail.calls.map(
      ({ what, leg, by, chainId }) =>
        `now       ${what}${leg === null ? "" : ` of leg ${leg}`} on chain ${chainId}, by ${by ?? "anybody"}`,
    ),
  ];
}
