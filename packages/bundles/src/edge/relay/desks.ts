import { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import type { Addresses } from "@sooth/chain";
import { type Address, type Hex, need, never } from "@sooth/kernel";
import {
  abortFailedArgs,
  type Action,
  type BundleShown,
  callEncoder,
  cancelArgs,
  chainOf,
  commitCompletedArgs,
  commitPreparedArgs,
  expireUnopenedArgs,
  type Fact,
  finishArgs,
  legAt,
  participantGas,
  type Permit,
  prepareData,
  runArgs,
  settleArgs,
  takeBackArgs,
} from "../../core/index.ts";

/** One action of one bundle; `key` names it, however often it is planned. */
export type Job = {
  key: string;
  view: BundleShown;
  action: Action;
  /** Milliseconds: when it became possible. */
  since: number;
  /** Whether it goes in no transaction with others. */
  alone: boolean;
};

/** What goes in one transaction together: calls of one method. */
export const DESKS = [
  "run",
  "cancel",
  "finish",
  "prepare",
  "take_back",
  "commit_prepared",
  "commit_completed",
  "abort_failed",
  "expire",
  "expire_unopened",
  "settle",
] as const;
export type Desk = (typeof DESKS)[number];

/** Names an action of a bundle, however often it is planned. */
export const keyOf = ({ id }: BundleShown, action: Action): string =>
  `${id} ${action.do} ${"leg" in action ? action.leg : ""}`;
export const jobOf = (view: BundleShown, action: Action, since: number, alone = false): Job => ({
  key: keyOf(view, action),
  view,
  action,
  since,
  alone,
});

export function deskOf({ view, action }: Job): Desk {
  switch (action.do) {
    case "run":
    case "compensate":
      return "run";
    case "cancel":
    case "finish":
    case "prepare":
    case "take_back":
    case "settle":
      return action.do;
    case "commit":
      return view.bundle.mode === "escrowed" ? "commit_prepared" : "commit_completed";
    case "abort":
      if (action.why === "unopened") return "expire_unopened";
      return action.why === "failed" ? "abort_failed" : "expire";
    default:
      return never(action);
  }
}

/** The chain that it is done on. */
export const chainIdOf = ({ view, action }: Job, hub: number): number =>
  "leg" in action ? legAt(view, action.leg).chainId : hub;

/** A payer's consent to what is held of him, and what lets the escrow take it. */
export type Consent = { signature: Hex; permit?: Permit };
export type DeskContext = {
  addresses: Pick<Addresses, "bundleHub" | "settler" | "escrow">;
  /** Who is owed for the legs. */
  relayer: Address;
  returned(ordinal: bigint): Hex;
  consentOf(id: Hex, place: number): Consent | undefined;
};

/** A call, but for the evidence of these facts, in this order. */
export type Draft = {
  to: Address;
  value: bigint;
  facts: readonly Fact[];
  encode(evidence: Hex): Hex;
  /** Gas that the calls within it must be given at least, together, whatever they then take. */
  stated: number;
};

/** By method: fifty calls in one transaction are written in a moment, whose types were read before. */
const encodeCall = {
  run: callEncoder(settlerAbi, "run"),
  cancel: callEncoder(settlerAbi, "cancel"),
  finish: callEncoder(escrowAbi, "finish"),
  takeBack: callEncoder(escrowAbi, "takeBack"),
  commitPrepared: callEncoder(bundleHubAbi, "commitPrepared"),
  commitCompleted: callEncoder(bundleHubAbi, "commitCompleted"),
  abortFailed: callEncoder(bundleHubAbi, "abortFailed"),
  expire: callEncoder(bundleHubAbi, "expire"),
  expireUnopened: callEncoder(bundleHubAbi, "expireUnopened"),
  settle: callEncoder(bundleHubAbi, "settle"),
};

/** Desks that take one job a transaction. */
export const isSingle = (desk: Desk): boolean =>
  desk === "prepare" || desk === "take_back" || desk === "expire_unopened";

/** @param jobs at least one, all of this desk and chain; one alone where {isSingle} */
export function draftOf(desk: Desk, jobs: readonly Job[], o: DeskContext): Draft {
  const { bundleHub, settler, escrow } = o.addresses;
  const items = jobs.map(({ view: { id, bundle, legs, hashes, hub }, action }) => ({
    id,
    bundle,
    legs,
    hashes,
    base: hub.base ?? 0n,
    facts: action.facts,
    place: "leg" in action ? action.leg : 0,
  }));
  const stated = items.reduce((sum, { legs, place }) => sum + (legs[place]?.gasLimit ?? 0), 0);
  switch (desk) {
    case "run": {
      const { facts, legs, receipts, decisions, relayer } = runArgs(items, o.relayer, o.returned);
      const value = items.reduce((sum, { legs: all, place }) => {
        const leg = need(all[place], "its leg");
        return leg.kind === "account" ? sum : sum + leg.value;
      }, 0n);
      const encode = (evidence: Hex) => encodeCall.run([legs, receipts, decisions, evidence, relayer]);
      return { to: settler, value, facts, encode, stated };
    }
    case "cancel": {
      const { facts, legs, receipts, decisions, relayer } = cancelArgs(items, o.relayer);
      const encode = (evidence: Hex) => encodeCall.cancel([legs, receipts, decisions, evidence, relayer]);
      return { to: settler, value: 0n, facts, encode, stated: 0 };
    }
    case "finish": {
      const { facts, legs, decisions, relayer } = finishArgs(items, o.relayer);
      const encode = (evidence: Hex) => encodeCall.finish([legs, decisions, evidence, relayer]);
      return { to: escrow, value: 0n, facts, encode, stated: finishGas(items) };
    }
    case "prepare": {
      const one = need(items[0], "an item");
      const consent = need(o.consentOf(one.id, one.place), "a consent");
      const { view } = need(jobs[0], "a job");
      const isAcross = chainOf(view, one.place).lanes === true;
      return plain(escrow, prepareData(one, consent.signature, consent.permit, isAcross));
    }
    case "take_back": {
      const args = takeBackArgs(need(items[0], "an item"));
      return plain(escrow, encodeCall.takeBack(args), finishGas(items));
    }
    case "commit_prepared": {
      const { ids, facts } = commitPreparedArgs(jobs.map(({ view }) => view.id));
      const encode = (evidence: Hex) => encodeCall.commitPrepared([ids, evidence]);
      return { to: bundleHub, value: 0n, facts, encode, stated: 0 };
    }
    case "commit_completed": {
      const { completions, facts } = commitCompletedArgs(items);
      const encode = (evidence: Hex) => encodeCall.commitCompleted([completions, evidence]);
      return { to: bundleHub, value: 0n, facts, encode, stated: 0 };
    }
    case "abort_failed": {
      const { failures, facts } = abortFailedArgs(items);
      const encode = (evidence: Hex) => encodeCall.abortFailed([failures, evidence]);
      return { to: bundleHub, value: 0n, facts, encode, stated: 0 };
    }
    case "expire": {
      const args = [jobs.map(({ view }) => view.id)] as const;
      return plain(bundleHub, encodeCall.expire(args));
    }
    case "expire_unopened": {
      // Who told this relayer the legs told the attesters their hashes.
      const args = expireUnopenedArgs(need(items[0], "an item").bundle, null);
      return plain(bundleHub, encodeCall.expireUnopened(args));
    }
    case "settle": {
      const { settlements, facts } = settleArgs(items);
      const encode = (evidence: Hex) => encodeCall.settle([settlements, evidence]);
      return { to: bundleHub, value: 0n, facts, encode, stated: 0 };
    }
    default:
      return never(desk);
  }
}

/** A call that needs no evidence. */
const plain = (to: Address, data: Hex, stated = 0): Draft => ({
  to,
  value: 0n,
  facts: [],
  encode: () => data,
  stated,
});

/** The last token transfer out of an escrow must still be given this much; participants what their legs state. */
const TRANSFER_GAS = 500_000;
const finishGas = (items: readonly { legs: BundleShown["legs"]; place: number }[]): number =>
  items.reduce((sum, { legs, place }) => sum + participantGas(need(legs[place], "its leg")), TRANSFER_GAS);
