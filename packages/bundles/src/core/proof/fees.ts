import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { bundleId } from "../hashes.ts";
import { NOBODY } from "../facts.ts";
import { payShare, restOf, shareOf } from "../fees.ts";
import { checkAttested, earningEpoch } from "./attested.ts";
import { type BundleCase, type Decision, type Ended, eventsOf, note, sentFor, tellUnread } from "./case.ts";
import { transactionKey } from "./bundle-log.ts";
import { checkShown, receiptFacts } from "./decision.ts";
import { hubCall } from "./read-calls.ts";

/** Wei of the hub. They add up to the fee. */
export type Fees = { fee: bigint; toRelayers: bigint; toAttesters: bigint; toOwner: bigint; left: bigint };

/** Every share once, to whom its receipt names, less what attesters get; what rounding leaves and what nobody claims is the owner's. */
export function checkFees(
  all: BundleCase,
  ended: readonly (Ended | undefined)[],
  decision: Decision | null,
): Fees {
  if (all.isUnopened) return noFees(all);
  const fee = feeOf(all, decision);
  const terms = { ...all.bundle, fee };
  const fees: Fees = { fee, toRelayers: 0n, toAttesters: 0n, toOwner: 0n, left: fee };
  const paid = new Set<number>();
  const reclaimed = eventsOf(all, "hub", "Reclaimed").filter(({ args }) => args.id === all.id);
  const firstReclaim = reclaimed[0];
  for (const log of eventsOf(all, "hub", "ShareSettled")) {
    if (log.args.id !== all.id) continue;
    const { index, relayer, amount, epoch, toAttesters } = log.args;
    const said = note(all, log);
    if (paid.has(index)) {
      said.differ(`the share of leg ${index} was paid twice`);
      continue;
    }
    if (index >= all.bundle.legs) said.differ(`there is no leg ${index}, and its share was paid`);
    paid.add(index);
    if (!decision || isBefore(log, decision.log))
      said.differ(`the share of leg ${index} was paid before the hub decided`);
    if (firstReclaim && isBefore(firstReclaim, log))
      said.differ(`the share of leg ${index} was paid after the owner had taken back what was left`);
    checkProof(all, log, ended);
    const end = ended[index];
    if (!end) said.differ(`the share of leg ${index} was paid, and it has no receipt`);
    const due = payShare(terms, end ?? { status: "ok", relayer }, epoch === 0 ? 0 : all.domain.attesterBps);
    if (!sameAddress(due.relayer, relayer))
      said.differ(`the share of leg ${index} went to ${relayer}, by its receipt it is ${whose(due.relayer)}`);
    said.compare(`share of leg ${index}, due of ${shareOf(terms)}`, due.amount, amount);
    said.compare(`share of leg ${index}, epoch that earns`, earningEpoch(all, log), epoch);
    said.compare(`share of leg ${index}, for its attesters`, due.toAttesters, toAttesters);
    fees.toRelayers += due.toRelayer;
    fees.toAttesters += due.toAttesters;
    fees.toOwner += due.toOwner;
  }
  // With the last share, what rounding left of all of them.
  if (paid.size === all.bundle.legs) fees.toOwner += restOf(terms, paid.size);
  for (const [count, log] of reclaimed.entries()) {
    const said = note(all, log);
    const from = all.bundle.deadline + all.domain.reclaimSeconds;
    if (count > 0 || paid.size === all.bundle.legs)
      said.differ("taken back by its owner, and nothing was left");
    if (log.at <= from) said.differ(`the rest was taken back at ${log.at}, allowed after ${from}`);
    const rest = restOf(terms, paid.size);
    said.compare("rest that its owner took back", rest, log.args.amount);
    if (count === 0) fees.toOwner += rest;
  }
  fees.left = fee - fees.toRelayers - fees.toAttesters - fees.toOwner;
  const last =
    eventsOf(all, "hub", "ShareSettled").findLast(({ args }) => args.id === all.id) ?? decision?.log;
  if (last)
    note(all, last).tell(
      `of the fee ${fee} went ${fees.toRelayers} to relayers, ${fees.toAttesters} to attesters, ${fees.toOwner} to its owner; ${fees.left} is left`,
    );
  return fees;
}

/** Nobody paid the fee that its header states, so nothing of it goes to anybody. */
function noFees(all: BundleCase): Fees {
  for (const event of ["ShareSettled", "Reclaimed"] as const)
    for (const log of eventsOf(all, "hub", event))
      if (log.args.id === all.id) note(all, log).differ("nobody opened it, and money of a fee was paid out");
  for (const log of eventsOf(all, "hub", "ToppedUp"))
    if (log.args.id === all.id) note(all, log).differ("nobody opened it, and its fee was raised");
  return { fee: 0n, toRelayers: 0n, toAttesters: 0n, toOwner: 0n, left: 0n };
}

const whose = (relayer: Address): string => (relayer === NOBODY ? "its owner's" : `${relayer}'s`);

type Placed = { chainId: number; block: number; logIndex: number };
const isBefore = (one: Placed, other: Placed): boolean =>
  one.block < other.block || (one.block === other.block && one.logIndex < other.logIndex);

function feeOf(all: BundleCase, decision: Decision | null): bigint {
  let { fee } = all.bundle;
  for (const log of eventsOf(all, "hub", "ToppedUp")) {
    if (log.args.id !== all.id) continue;
    fee += log.args.amount;
    if (decision && isBefore(decision.log, log))
      note(all, log).differ("its fee was raised after the hub decided");
  }
  return fee;
}

/** What the hub was told of the legs that it paid for. */
function checkProof(
  all: BundleCase,
  log: { chainId: number; transaction: Hex } & Parameters<typeof checkAttested>[1],
  ended: readonly (Ended | undefined)[],
): void {
  if (all.judged.has(transactionKey(log))) return;
  const call = hubCall(sentFor(all, log), all.domain.addresses);
  if (call?.does !== "settle") return tellUnread(all, log, "paid");
  const items = call.items.map(({ bundle, results }) => ({ id: bundleId(all.hub, bundle), results }));
  for (const { id, results } of items) if (id === all.id) checkShown(all, log, results, ended);
  const facts = receiptFacts(all, items);
  if (facts) checkAttested(all, log, facts, call.evidence);
  else
    note(all, log).differ("no log opens a bundle that was paid for with it: the root cannot be recomputed");
}
