import {
  bundleFromWire,
  legToWire,
  prepareCalls,
  type WireBundleCall,
  type WireBundleDetail,
} from "@sooth/bundles/core";
import type { Address } from "@sooth/kernel";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { id, keys, legsFile, NOTHING_SENT, send, shared } from "../bundle/arguments.ts";
import { keyOf, lookAt, type Seen } from "../bundle/look.ts";
import {
  type ChainAt,
  isOwn,
  type Key,
  openServer,
  signerFor,
  type Server,
  withChains,
} from "../bundle/network.ts";
import { wantedApprovals } from "../bundle/plan.ts";
import { type Sent, sendAll, sentLines } from "../bundle/send.ts";
import { callLines } from "../bundle/show-call.ts";
import { legLines } from "../bundle/show-legs.ts";
import { legNames } from "../bundle/words.ts";
import { time } from "../verify/verify-question.ts";
import { command, type Terminal } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";

const acting = { id, legs: legsFile, send, ...keys, ...shared };

const RELAYED: ReadonlySet<string> = new Set([
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
]);
const RETRIED: ReadonlySet<string> = new Set(["compensate", "finish"]);
const REFUNDED: ReadonlySet<string> = new Set([
  "abort",
  "expire",
  "cancel",
  "finish",
  "take_back",
  "reclaim",
]);

type Look = { seen: Seen; own: Address; server: Server; chainAt: ChainAt };
/** Which calls of a bundle a command sends. */
type Choice = (look: Look) => Promise<WireBundleCall[]> | WireBundleCall[];

export const bundleRelay = command({
  name: "bundle relay",
  about:
    "does by itself what a bundler does: asks attesters, runs, commits, compensates and settles until a bundle is over",
  args: z.object({
    ...acting,
    value: z
      .boolean()
      .default(false)
      .describe("also brings legs that send value, which the key pays and nothing but the fee pays back"),
    once: z.boolean().default(false).describe("one round, and not until it is over"),
    seconds: z.coerce.number().int().positive().default(600).describe("how long it tries"),
  }),
  positional: ["id"],
  run: async ({ once, seconds, value, ...rest }, terminal) => {
    // What its owner or a payer alone may send is his to ask for: by bundle refund and bundle pay.
    const anybodys: Choice = ({ seen }) =>
      seen.calls.filter(
        (call) => RELAYED.has(call.what) && call.by === null && (value || BigInt(call.value) === 0n),
      );
    return act({ ...rest, choose: anybodys, rounds: once || !rest.send ? 1 : seconds }, terminal);
  },
});

const choosing =
  (which: ReadonlySet<string>): Choice =>
  ({ seen, own }) =>
    seen.calls.filter((call) => which.has(call.what) && (call.by === null || isOwn(call.by, own)));

export const bundleRetry = command({
  name: "bundle retry",
  about: "tries compensations that failed, and participants that did not finish, once more",
  args: z.object(acting),
  positional: ["id"],
  run: (args, terminal) => act({ ...args, choose: choosing(RETRIED), rounds: 1 }, terminal),
});

export const bundleRefund = command({
  name: "bundle refund",
  about:
    "does what brings money home: aborts what its owner or the time allows, gives and takes back, reclaims what is left of the fee",
  args: z.object(acting),
  positional: ["id"],
  run: (args, terminal) =>
    act({ ...args, choose: choosing(REFUNDED), rounds: 1, rest: refundRest }, terminal),
});

export const bundlePay = command({
  name: "bundle pay",
  about:
    "pays the legs of an escrowed bundle that this key pays: lets the escrow take exactly that, and pays in",
  args: z.object(acting),
  positional: ["id"],
  // Who pays sees what he is paid for it, and by whom.
  run: (args, terminal) => act({ ...args, choose: payments, rounds: 1, showsLegs: true }, terminal),
});

/** @throws ops.not_due, ops.no_key */
async function payments({ seen: { detail, legs }, own, server, chainAt }: Look): Promise<WireBundleCall[]> {
  if (detail.bundle === null || legs === null)
    throw OpsError.not_due({ what: "its legs are private, and --legs names no file that has them" });
  const { escrow } = server.addresses;
  const { shown, outcome, deadline, clocks } = detail;
  const isPaid = (place: number | null) => place !== null && shown[place]?.state !== "none";
  if (outcome !== "none" && outcome !== "open") return [];
  if (clocks.some(({ now }) => now > deadline)) return [];
  const unpaid = legs.filter((_, place) => !isPaid(place));
  const isAcross = (id: number) => clocks.some(({ chainId, lanes }) => chainId === id && lanes === true);
  const bundle = bundleFromWire(detail.bundle);
  const payIns = prepareCalls(escrow, { bundle, legs }, isAcross).filter(
    ({ leg, by }) => !isPaid(leg) && isOwn(by, own),
  );
  const allowances = await wantedApprovals(own, unpaid, escrow, chainAt);
  // Places in the list of those that are unpaid are not the bundle's.
  return [...allowances.map((call) => ({ ...call, leg: null })), ...payIns];
}

type Acting = Key & {
  id: string;
  legs?: string | undefined;
  send: boolean;
  url: string;
  deployment?: string | undefined;
  json: boolean;
  choose: Choice;
  rounds: number;
  showsLegs?: boolean;
  /** What is said where nothing is due; null says that in general. */
  rest?: (detail: WireBundleDetail) => Rest | null;
};
/** Why nothing is due. `isDone`: nothing will be, so it is no failure. */
type Rest = { says: string; isDone: boolean };

/** Of a bundle that was called off: whether its money is home, or what that waits for. */
function refundRest({ status, fees, times }: WireBundleDetail): Rest | null {
  const isAborted = status.kind === "decided" && status.outcome === "aborted";
  if (status.kind === "refunded" || (isAborted && status.held.length === 0)) {
    const left =
      BigInt(fees.left) > 0n
        ? `; ${fees.left} wei of the fee can be reclaimed from ${time(times.reclaimable)}`
        : "";
    return {
      says: `what was paid in was given back already, nothing is left to refund${left}`,
      isDone: true,
    };
  }
  if (isAborted)
    return {
      says: `nothing is due now: it is aborted, and ${legNames(status.held)} is given back once attesters have said so; run this again then`,
      isDone: false,
    };
  return null;
}

const ROUND_MS = 1_000;

/** Ends with 0 when something was due and is done, or nothing will be any more; with 1 when it waits for others. */
async function act(o: Acting, terminal: Terminal): Promise<number> {
  const server = await openServer(o.url, { signs: true, deployment: o.deployment });
  const account = await signerFor(server, o);
  const sent: Sent[] = [];
  const done = new Set<string>();
  let waits: string[] = [];
  let isOver = false;
  const rest: { now: Rest | null } = { now: null };
  await withChains(server, async (chainAt) => {
    for (let round = 0; round < o.rounds && !isOver; round++) {
      if (round > 0) await delay(ROUND_MS);
      const seen = await lookAt(server, o.id, o.legs, account.address);
      const chosen = await o.choose({ seen, own: account.address, server, chainAt });
      // A step of a leg is taken once by one command: what did not help is not sent again and again.
      const due = chosen.filter((call) => !done.has(keyOf(call)));
      waits = seen.missing.map(({ why, chainId }) => `attesters for chain ${chainId}: ${why}`);
      isOver = ["completed", "compensated", "refunded"].includes(seen.detail.status.kind) && due.length === 0;
      rest.now = due.length === 0 ? (o.rest?.(seen.detail) ?? null) : null;
      if (!o.send) {
        if (o.json) terminal.result({ due, waits });
        else {
          if (o.showsLegs === true)
            for (const [place, leg] of (seen.legs ?? []).entries())
              for (const line of legLines(legToWire(leg), place, null)) terminal.line(line);
          for (const line of callLines(due, server.addresses)) terminal.line(line);
          terminal.line(due.length === 0 ? (rest.now?.says ?? "nothing is due now") : NOTHING_SENT);
        }
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
    terminal.line(rest.now?.says ?? (isOver ? "it is over" : ["nothing is due now", ...waits].join("; ")));
  return sent.length > 0 || isOver || rest.now?.isDone === true ? 0 : 1;
}
