import { type Hex, sameAddress } from "@sooth/kernel";
import { BaseError, concat, decodeAbiParameters, hexToNumber, keccak256 } from "viem";
import { COMPENSATIONS } from "../calls/hub.ts";
import type { Fact } from "../facts.ts";
import { bundleId, legsHashOf, NO_LEG } from "../hashes.ts";
import { type Bundle, compensates, MODES, OUTCOMES } from "../types.ts";
import { checkAttested } from "./attested.ts";
import { transactionKey } from "./bundle-log.ts";
import {
  type BundleCase,
  conclude,
  type Decision,
  type Ended,
  eventsOf,
  type Here,
  note,
  placesOf,
  sentFor,
  tellUnread,
} from "./case.ts";
import { type HubCall, hubCall, type LegResult } from "./read-calls.ts";

/** The first transition wins: the one log of it, or null while the bundle is open. */
export function decisionOf(all: BundleCase): Decision | null {
  const [first, ...later] = eventsOf(all, "hub", "Decided").filter(({ args }) => args.id === all.id);
  for (const log of later) note(all, log).differ(`decided a second time, ${OUTCOMES[log.args.outcome]}`);
  for (const log of eventsOf(all, "hub", "Refused"))
    if (log.args.id === all.id)
      note(all, log).tell("somebody tried what could not be done any more, or not yet");
  if (!first) {
    for (const log of eventsOf(all, "hub", "Unopened"))
      if (log.args.id === all.id) note(all, log).differ("nobody opened it, and no log aborts it");
    return null;
  }
  const outcome = OUTCOMES[first.args.outcome];
  const said = note(all, first);
  said.compare("base ordinal of what was decided", all.base, first.args.base);
  if (outcome === "committed" || outcome === "aborted") return { log: first, outcome };
  said.differ(`decided as ${outcome ?? "nothing that there is"}`);
  return null;
}

const NOT_NAMED = "the call that decided it does not name it";

type Receipts = readonly (Ended | undefined)[];

/** By what the hub decided, and whether that was there. */
export function checkDecision(all: BundleCase, { log, outcome }: Decision, ended: Receipts): void {
  const said = note(all, log);
  const call = hubCall(sentFor(all, log), all.domain.addresses);
  checkOutcome(all, { log, outcome }, ended);
  checkAbortedAtOnce(all, { log, outcome }, call);
  switch (call?.does) {
    case "commitPrepared": {
      const facts = call.ids.map((id): Fact => ({ kind: "prepared", id }));
      checkAttested(all, log, facts, call.evidence);
      return conclude(
        said,
        [outcome !== "committed" && "what commits aborted it", !call.ids.includes(all.id) && NOT_NAMED],
        "committed: attesters said that all legs are held",
      );
    }
    case "commitCompleted":
    case "abortFailed":
      return checkResults(all, { log, outcome }, ended, call);
    case "abort": {
      const from = sentFor(all, log)?.from ?? "nobody";
      return conclude(
        said,
        [
          bundleId(all.hub, call.bundle) !== all.id && NOT_NAMED,
          !sameAddress(from, all.bundle.owner) && `aborted by ${from}, who does not own it`,
          outcome !== "aborted" && "what aborts committed it",
        ],
        "aborted by its owner",
      );
    }
    case "expire": {
      const from = all.bundle.deadline + (all.bundle.mode === "ordered" ? all.domain.graceSeconds : 0);
      return conclude(
        said,
        [
          outcome !== "aborted" && "what aborts committed it",
          !call.ids.includes(all.id) && NOT_NAMED,
          log.at <= from && `expired at ${log.at}, allowed after ${from}`,
        ],
        `aborted because it was late: ${log.at} is after ${from}`,
      );
    }
    case "expireUnopened":
      return conclude(
        said,
        [
          bundleId(all.hub, call.bundle) !== all.id && NOT_NAMED,
          !all.isUnopened && "decided as one that nobody opened, and a log opens it",
        ],
        "aborted because nobody had opened it",
      );
    default:
      return tellUnread(all, log, outcome);
  }
}

/** Of what nobody opened: in the transaction that says so, and in no other way, whoever called. */
function checkAbortedAtOnce(all: BundleCase, { log, outcome }: Decision, call: HubCall | null): void {
  if (!all.isUnopened) return;
  const written = eventsOf(all, "hub", "Unopened").some(
    (each) => each.args.id === all.id && transactionKey(each) === transactionKey(log),
  );
  const said = note(all, log);
  if (outcome !== "aborted") said.differ(`nobody opened it, and it was ${outcome}`);
  if (!written) said.differ("nobody opened it, and another transaction decided it");
  if (call && call.does !== "expireUnopened") said.differ(`${call.does} does not abort what nobody opened`);
}

/** Whatever brought it: no outcome that the legs contradict. */
function checkOutcome(all: BundleCase, { log, outcome }: Decision, ended: Receipts): void {
  const said = note(all, log);
  if (outcome !== "committed") return;
  if (all.bundle.mode === "ordered") {
    const lacking = placesOf(all).filter((place) => {
      const leg = all.legs[place];
      return leg && !compensates(leg) && ended[place]?.status !== "ok";
    });
    if (lacking.length > 0) said.differ(`committed, and these legs did not run well: ${lacking.join(", ")}`);
    return;
  }
  if (log.at > all.bundle.deadline)
    said.differ(`committed at ${log.at}, after the deadline ${all.bundle.deadline}`);
  const held = new Set(
    eventsOf(all, "escrow", "Prepared").flatMap(({ args }) => (args.id === all.id ? [args.index] : [])),
  );
  const missing = placesOf(all).filter((place) => !held.has(place));
  if (missing.length > 0) said.differ(`committed, and these legs were never held: ${missing.join(", ")}`);
}

/** What the hub was told of receipts, against what the chains logged. */
export function checkShown(all: BundleCase, log: Here, results: readonly LegResult[], ended: Receipts): void {
  const said = note(all, log);
  for (const { index, status, result, relayer } of results) {
    const end = ended[index];
    if (!end)
      said.differ(`the hub was shown that leg ${index} is ${status}, and no chain logged its receipt`);
    else if (end.status !== status || end.result !== result || !sameAddress(end.relayer, relayer))
      said.differ(
        `the hub was shown leg ${index} as ${status}, its chain says ${end.status}, or another result or relayer`,
      );
  }
}

/** Receipt facts of all bundles of a call, in its order; null where the opening of one is not known. */
export function receiptFacts(
  all: BundleCase,
  items: readonly { id: Hex; results: readonly LegResult[] }[],
): Fact[] | null {
  const facts: Fact[] = [];
  for (const { id, results } of items) {
    const base = all.bases.get(id);
    if (base === undefined && results.length > 0) return null;
    for (const { index, ...rest } of results)
      facts.push({ kind: "receipt", ordinal: (base ?? 0n) + BigInt(index), ...rest });
  }
  return facts;
}

function checkResults(
  all: BundleCase,
  { log, outcome }: Decision,
  ended: Receipts,
  call: Extract<HubCall, { does: "commitCompleted" | "abortFailed" }>,
): void {
  const said = note(all, log);
  const commits = call.does === "commitCompleted";
  const own = call.items.find(({ id }) => id === all.id);
  if (!own) return said.differ(NOT_NAMED);
  const allowed = commits ? ["ok"] : ["failed", "missed"];
  const bad = own.results.find(({ status }) => !allowed.includes(status));
  checkShown(all, log, own.results, ended);
  const facts = receiptFacts(all, call.items);
  if (facts) checkAttested(all, log, facts, call.evidence);
  else said.differ("no log opens a bundle that was decided with it: the root cannot be recomputed");
  const shown = new Set(own.results.map(({ index }) => index));
  const missing = placesOf(all).filter((place) => !shown.has(place));
  const compensating = compensationsIn(all, own.compensations);
  const left = commits ? missing.filter((place) => !compensating.has(place)) : [];
  const ran = [...shown].toSorted((a, b) => a - b).join(", ");
  conclude(
    said,
    [
      commits !== (outcome === "committed") && `${call.does} ${outcome} it`,
      bad !== undefined && `${outcome} because leg ${bad.index} is ${bad.status}`,
      left.length > 0 && `committed without a word of these legs: ${left.join(", ")}`,
    ],
    commits
      ? `committed: legs ${ran} ran well${missing.length === 0 ? "" : `, ${missing.join(", ")} compensate`}`
      : `aborted: leg ${ran} is ${own.results[0]?.status ?? "none"}`,
  );
}

type Shown = {
  bundle: object;
  legHashes: readonly Hex[];
  places: readonly number[];
  words: readonly (readonly Hex[])[];
};

/** Places that were shown to compensate others, by words that hash to what the owner signed. */
function compensationsIn(all: BundleCase, bytes: Hex): ReadonlySet<number> {
  if (bytes === "0x") return new Set();
  let shown: Shown;
  try {
    shown = decodeAbiParameters(COMPENSATIONS, bytes)[0] as unknown as Shown;
  } catch (error) {
    if (error instanceof BaseError || error instanceof RangeError) return new Set();
    throw error;
  }
  const header = { ...shown.bundle, mode: MODES[(shown.bundle as { mode: number }).mode] } as Bundle;
  if (bundleId(all.hub, header) !== all.id || legsHashOf(shown.legHashes) !== all.bundle.legsHash)
    return new Set();
  const good = shown.places.filter((place, index) => {
    const words = shown.words[index] ?? [];
    return (
      keccak256(concat(words)) === shown.legHashes[place] && hexToNumber(words[UNDOES] ?? NO_WORD) !== NO_LEG
    );
  });
  return new Set(good);
}
const UNDOES = 10;
const NO_WORD: Hex = "0xff";
