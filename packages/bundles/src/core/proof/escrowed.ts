import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { escrowPartiesOf } from "../check.ts";
import { legHash, legsHashOf, bundleId } from "../hashes.ts";
import { type Leg, OUTCOMES, type Place } from "../types.ts";
import { checkAttested } from "./attested.ts";
import {
  type BundleCase,
  conclude,
  type Decision,
  type Ended,
  eventsOf,
  note,
  placesOf,
  sentFor,
  tellUnread,
} from "./case.ts";
import { type BundleLog, type BundleLogOf, transactionKey } from "./bundle-log.ts";
import { escrowCall } from "./read-calls.ts";

type Receipts = readonly (Ended | undefined)[];
/** Where the tokens of a leg are. */
export type Held = "none" | "held" | "paid" | "given_back" | "taken_back";

/** Legs of an escrowed bundle: held, and then all paid or all given back, each once, by what the hub decided. */
export function checkEscrowed(all: BundleCase, ended: Receipts, decision: Decision | null): Held[] {
  const used = new Set<BundleLog>();
  const states = placesOf(all).map((place) => {
    const prepared = checkPrepared(all, place, used);
    return checkReleased(all, place, { prepared, ended: ended[place], decision, used });
  });
  const paid = states.flatMap((state, place) => (state === "paid" ? [place] : []));
  const back = states.flatMap((state, place) =>
    state === "given_back" || state === "taken_back" ? [place] : [],
  );
  const last = all.logs.findLast((log) => log.contract === "escrow") ?? decision?.log;
  if (last && paid.length > 0 && back.length > 0)
    note(all, last).differ(`legs ${paid.join(", ")} were paid, legs ${back.join(", ")} given back`);
  return states;
}

const ofLeg = (all: BundleCase, place: Place) => (log: { args: { id: Hex; index: number } }) =>
  log.args.id === all.id && log.args.index === place;

function checkPrepared(
  all: BundleCase,
  place: Place,
  used: Set<BundleLog>,
): BundleLogOf<"escrow", "Prepared"> | undefined {
  const leg = all.legs[place];
  const logs = eventsOf(all, "escrow", "Prepared").filter(ofLeg(all, place));
  const first = logs.find(({ chainId }) => leg?.chainId === undefined || chainId === leg.chainId);
  for (const log of logs)
    if (log !== first) note(all, log).differ(`leg ${place} was held twice, or on a chain that is not its`);
  if (!first) return undefined;
  const said = note(all, first);
  said.compare(`leg ${place}, its hash`, all.hashes[place] ?? "0x", first.args.leg);
  if (leg && legHash(leg) !== first.args.leg) said.differ(`leg ${place} does not hash to what is held`);
  if (first.at > all.bundle.deadline)
    said.differ(`leg ${place} was held at ${first.at}, after the deadline ${all.bundle.deadline}`);
  const call = escrowCall(sentFor(all, first), all.domain.addresses);
  if (call?.does === "prepare") {
    const isOwn = bundleId(all.hub, call.header) === all.id && call.index === place;
    if (!isOwn || legsHashOf(call.hashes) !== all.bundle.legsHash)
      said.differ(`leg ${place} was brought under another header or among other legs`);
  }
  const parties = leg && escrowPartiesOf(leg);
  if (leg && parties) {
    const { escrow } = all.domain.addresses;
    const moved = take(all, first, used, { leg, from: parties.payer, to: escrow, after: true });
    if (moved) said.tell(`leg ${place}: ${leg.value} of ${leg.target} came from ${parties.payer}`);
    else
      said.differ(
        `leg ${place}: no log moves ${leg.value} of ${leg.target} from ${parties.payer} to the escrow`,
      );
  }
  return first;
}

type Release = {
  prepared: BundleLogOf<"escrow", "Prepared"> | undefined;
  ended: Ended | undefined;
  decision: Decision | null;
  used: Set<BundleLog>;
};

function checkReleased(all: BundleCase, place: Place, { prepared, ended, decision, used }: Release): Held {
  const finished = eventsOf(all, "escrow", "Finished").filter(ofLeg(all, place));
  const taken = eventsOf(all, "escrow", "TakenBack").filter(ofLeg(all, place));
  const [first, ...again] = [...finished, ...taken];
  for (const log of again) note(all, log).differ(`leg ${place} was let go a second time`);
  if (!first) {
    if (ended) note(all, ended.log).differ(`leg ${place} has a receipt, and its escrow let nothing go`);
    return prepared ? "held" : "none";
  }
  const said = note(all, first);
  if (!prepared || prepared.chainId !== first.chainId)
    said.differ(`leg ${place} was let go on chain ${first.chainId}, where it was never held`);
  if (first.event === "TakenBack") {
    const from = all.bundle.deadline + all.domain.escapeSeconds;
    if (ended) note(all, ended.log).differ(`leg ${place} was taken back, and has a receipt`);
    checkPaid(all, place, first, "aborted", used);
    conclude(
      said,
      [
        first.at <= from && `leg ${place} was taken back at ${first.at}, allowed after ${from}`,
        decision?.outcome === "committed" && `leg ${place} was taken back, and the hub committed`,
      ],
      `leg ${place} was taken back: ${first.at} is after ${from}`,
    );
    return "taken_back";
  }
  const outcome = OUTCOMES[first.args.outcome];
  if (outcome !== decision?.outcome)
    said.differ(`leg ${place} was finished as ${outcome}, the hub says ${decision?.outcome ?? "open"}`);
  checkFinish(all, place, first, ended, decision);
  checkPaid(all, place, first, outcome === "committed" ? "committed" : "aborted", used);
  return outcome === "committed" ? "paid" : "given_back";
}

function checkFinish(
  all: BundleCase,
  place: Place,
  log: BundleLogOf<"escrow", "Finished">,
  ended: Ended | undefined,
  decision: Decision | null,
): void {
  const said = note(all, log);
  const wanted = decision?.outcome === "committed" ? "ok" : "cancelled";
  if (!ended || transactionKey(ended.log) !== transactionKey(log))
    said.differ(`leg ${place} was finished, and has no receipt of that transaction`);
  else if (decision) note(all, ended.log).compare(`leg ${place}, its receipt`, wanted, ended.status);
  const call = escrowCall(sentFor(all, log), all.domain.addresses);
  if (call?.does !== "finish") return tellUnread(all, log, `leg ${place} was finished`);
  const item = call.items.find(({ id, index }) => id === all.id && index === place);
  const told = item && call.decisions[item.decision];
  if (!told || told.id !== all.id) said.differ(`leg ${place} was finished without a decision of this bundle`);
  else if (told.base !== all.base || told.outcome !== decision?.outcome)
    said.differ(
      `leg ${place} was finished by the outcome ${told.outcome}, the hub says ${decision?.outcome ?? "open"}`,
    );
  if (ended && !sameAddress(call.relayer, ended.relayer))
    said.differ(`leg ${place} was finished by ${call.relayer}, its receipt names ${ended.relayer}`);
  checkAttested(all, log, call.decisions, call.evidence);
}

/** To whom it went, once; credited where the token refused him. */
function checkPaid(
  all: BundleCase,
  place: Place,
  log: BundleLogOf<"escrow", "Finished" | "TakenBack">,
  outcome: "committed" | "aborted",
  used: Set<BundleLog>,
): void {
  const leg = all.legs[place];
  const parties = leg && escrowPartiesOf(leg);
  const said = note(all, log);
  if (!leg || !parties) return said.tell(`leg ${place} moves by its participant, whose logs are its own`);
  const to = outcome === "committed" ? parties.recipient : parties.payer;
  const { escrow } = all.domain.addresses;
  const moved = take(all, log, used, { leg, from: escrow, to, after: false });
  const done = outcome === "committed" ? "paid" : "given back";
  if (moved) said.tell(`leg ${place} was ${done}: ${leg.value} of ${leg.target} to ${to}`);
  else
    said.differ(
      `leg ${place} was ${done}, and no log moves ${leg.value} of ${leg.target} to ${to}, or credits it`,
    );
}

type Move = { leg: Leg; from: Address; to: Address; after: boolean };

/** The log that moves it in this transaction, nearest to `log`; each counts once. */
function take(
  all: BundleCase,
  log: BundleLog,
  used: Set<BundleLog>,
  { leg, from, to, after }: Move,
): boolean {
  const key = transactionKey(log);
  const fitting = all.logs.filter((each) => {
    if (used.has(each) || transactionKey(each) !== key) return false;
    if (after ? each.logIndex <= log.logIndex : each.logIndex >= log.logIndex) return false;
    if (each.contract === "escrow" && each.event === "Credited")
      return (
        !after &&
        sameAddress(each.args.token, leg.target) &&
        sameAddress(each.args.account, to) &&
        each.args.amount === leg.value
      );
    return (
      each.contract === "token" &&
      each.event === "Transfer" &&
      sameAddress(each.token, leg.target) &&
      sameAddress(each.args.from, from) &&
      sameAddress(each.args.to, to) &&
      each.args.amount === leg.value
    );
  });
  const found = after ? fitting[0] : fitting.at(-1);
  if (found) used.add(found);
  return found !== undefined;
}
