import type { Address, Hex } from "@sooth/kernel";
import {
  type LogPlace,
  type Note,
  type ProofLine,
  type ProofRecord,
  type SignerOf,
} from "@sooth/oracle/core";
import { bundleId, legHash, legsHashOf } from "../hashes.ts";
import { decodeLegs } from "../payload.ts";
import { type Bundle, type Decided, type Hub, type Leg, MODES, type Place, type Settled } from "../types.ts";
import type { BundleFile, Sent } from "./bundle-file.ts";
import {
  type BundleContracts,
  type BundleLog,
  type BundleLogOf,
  transactionKey,
  whereOf,
} from "./bundle-log.ts";
import { escrowCall, settlerCall } from "./read-calls.ts";

/** Which contracts a proof is of, and what they were built with: their addresses follow from it. Times are seconds. */
export type BundleProofDomain = {
  hubChainId: number;
  addresses: BundleContracts;
  quorumBps: number;
  longestValiditySeconds: number;
  longestAgeSeconds: number;
  longestWindowSeconds: number;
  graceSeconds: number;
  reclaimSeconds: number;
  escapeSeconds: number;
  attesterBps: number;
};

/** Everything that is known of the bundle, and what was found of it so far. */
export type BundleCase = {
  id: Hex;
  domain: BundleProofDomain;
  hub: Hub;
  logs: readonly BundleLog[];
  sent: ReadonlyMap<string, Sent>;
  heads: BundleFile["header"]["heads"];
  signerOf: SignerOf;
  bundle: Bundle;
  base: bigint;
  /** Nobody opened it until its deadline, and that was written down. */
  isUnopened: boolean;
  /** Null: nobody showed it. */
  hashes: (Hex | null)[];
  legs: (Leg | null)[];
  /** Ordinals of first legs, of this bundle and of those that shared a batch with it. */
  bases: ReadonlyMap<Hex, bigint>;
  record: ProofRecord;
  /** Transactions whose batch was looked at. */
  judged: Set<string>;
};
/** What became of a leg, as the log has it that counts. */
export type Ended = {
  log: BundleLogOf<"settler" | "escrow", "Receipt">;
  status: Settled;
  result: Hex;
  relayer: Address;
};
export type Decision = { log: BundleLogOf<"hub", "Decided">; outcome: Decided };

export type Here = Pick<BundleLog, "chainId" | "block" | "logIndex">;

export function noteAt(record: ProofRecord, here: Here, subject: string | null): Note {
  const where = whereOf(here);
  const line = (what: string): ProofLine => ({ where, subject, what });
  const tell = (what: string) => void record.lines.push(line(what));
  const differ = (what: string) => void record.findings.push(line(what));
  return {
    tell,
    differ,
    compare: (what, recomputed, logged) =>
      recomputed === logged
        ? tell(`${what}: ${recomputed}`)
        : differ(`${what}: it is ${recomputed}, the log says ${logged}`),
  };
}
/** Told when none of these faults is there, each that is there found otherwise. */
export function conclude(said: Note, faults: readonly (string | false)[], told: string): void {
  const found = faults.filter((fault) => fault !== false);
  for (const fault of found) said.differ(fault);
  if (found.length === 0) said.tell(told);
}
export const note = (all: BundleCase, log: Here): Note => noteAt(all.record, log, all.id);

export const sentFor = (
  all: Pick<BundleCase, "sent">,
  log: { chainId: number } & LogPlace,
): Sent | undefined => all.sent.get(transactionKey(log));

/** Of what another contract brought to ours the evidence stands in no log; a transaction that is not there at all was kept back. */
export function tellUnread(all: BundleCase, log: BundleLog, what: string): void {
  if (sentFor(all, log))
    note(all, log).tell(`${what} through another contract: its evidence stands in no log`);
  else note(all, log).differ(`${what} by a transaction that was not read`);
}

export const isOf = <C extends BundleLog["contract"], E extends BundleLog["event"]>(
  log: BundleLog,
  contract: C,
  event: E,
): log is BundleLogOf<C, E> => log.contract === contract && log.event === event;

/** Logs of one event of the bundle's, in their order. */
export const eventsOf = <C extends BundleLog["contract"], E extends BundleLog["event"]>(
  { logs }: Pick<BundleCase, "logs">,
  contract: C,
  event: E,
): BundleLogOf<C, E>[] => logs.filter((log): log is BundleLogOf<C, E> => isOf(log, contract, event));

export const placesOf = ({ bundle }: Pick<BundleCase, "bundle">): Place[] =>
  Array.from({ length: bundle.legs }, (_, place) => place);

const lower = (header: Record<string, unknown>): Bundle => ({
  ...(header as unknown as Bundle),
  owner: (header.owner as string).toLowerCase() as Address,
  mode: MODES[header.mode as number] ?? "ordered",
});

type Opening = BundleLogOf<"hub", "Opened" | "Unopened">;

/** The bundle as the hub opened it, or wrote down that nobody had; null when no log does either. */
export function openCase(
  o: Omit<BundleCase, "bundle" | "base" | "hashes" | "legs" | "bases" | "hub" | "judged" | "isUnopened">,
): BundleCase | null {
  const openings = o.logs.filter(
    (log): log is Opening => isOf(log, "hub", "Opened") || isOf(log, "hub", "Unopened"),
  );
  const [opening, ...again] = openings.filter(({ args }) => args.id === o.id);
  if (!opening) return null;
  const hub: Hub = { chainId: o.domain.hubChainId, hub: o.domain.addresses.bundleHub };
  const bundle = lower(opening.args.bundle);
  const all: BundleCase = {
    ...o,
    hub,
    bundle,
    base: opening.args.base,
    isUnopened: opening.event === "Unopened",
    hashes: Array.from({ length: bundle.legs }, () => null),
    legs: Array.from({ length: bundle.legs }, () => null),
    bases: new Map(openings.map(({ args }) => [args.id, args.base])),
    judged: new Set(),
  };
  const said = note(all, opening);
  for (const log of again)
    note(all, log).differ(
      all.isUnopened ? "it was written down before that nobody opens it" : "it was opened before",
    );
  said.compare("id, the digest of the header", bundleId(hub, bundle), o.id);
  if (bundle.owner !== opening.args.owner.toLowerCase())
    said.differ(`the header is ${bundle.owner}'s, the log says ${opening.args.owner}`);
  if (bundle.legs < 1 || bundle.legs > 32) said.differ(`it has ${bundle.legs} legs`);
  if (all.isUnopened) checkUnopened(all, opening);
  else checkOpened(all, opening);
  checkOrdinals(all, openings);
  learnLegs(all, opening);
  for (const [place, leg] of all.legs.entries())
    if (leg && o.heads.every(({ chainId }) => chainId !== leg.chainId))
      said.differ(`leg ${place} is of chain ${leg.chainId}, of which nothing was read`);
  return all;
}

function checkOpened(all: BundleCase, { at, ...opening }: Opening): void {
  const { deadline } = all.bundle;
  const latest = at + all.domain.longestWindowSeconds;
  if (deadline <= at || deadline > latest)
    note(all, opening).differ(`opened at ${at} with the deadline ${deadline}, allowed until ${latest}`);
}

/** Only what nobody can open any more; of an ordered one nothing is set aside, and attesters would call it open. */
function checkUnopened(all: BundleCase, { at, ...opening }: Opening): void {
  const { mode, deadline } = all.bundle;
  conclude(
    note(all, opening),
    [
      mode !== "escrowed" && "it is ordered, and was written down as one that nobody opened",
      at <= deadline && `written down as unopened at ${at}, allowed after ${deadline}`,
    ],
    `nobody opened it: ${at} is after its deadline ${deadline}, and it has no fee`,
  );
}

/** No ordinal is of two bundles that are known here. */
function checkOrdinals(all: BundleCase, openings: readonly Opening[]): void {
  const [from, to] = [all.base, all.base + BigInt(all.bundle.legs)];
  for (const log of openings) {
    const other = log.args.base;
    if (log.args.id !== all.id && other < to && from < other + BigInt(log.args.bundle.legs))
      note(all, log).differ(`bundle ${log.args.id} has ordinals of this one`);
  }
}

/** Legs and their hashes, from wherever somebody showed them; what does not hash to what the owner signed is nobody's word. */
function learnLegs(all: BundleCase, opening: Opening): void {
  const said = note(all, opening);
  const shown = [
    { log: opening, bytes: opening.args.legs },
    ...eventsOf(all, "hub", "Shown").flatMap((log) =>
      log.args.id === all.id ? [{ log, bytes: log.args.legs }] : [],
    ),
  ];
  for (const { log, bytes } of shown) {
    const legs = bytes === "0x" ? null : decodeLegs(bytes);
    if (legs && legsHashOf(legs.map(legHash)) === all.bundle.legsHash) {
      for (const [place, leg] of legs.entries()) learnLeg(all, place, legHash(leg), leg);
    } else if (bytes !== "0x") note(all, log).tell("legs were logged here that are none of this bundle");
  }
  const { addresses } = all.domain;
  for (const log of all.logs) {
    const sent = sentFor(all, log);
    for (const { opened, leg } of settlerCall(sent, addresses)?.legs ?? [])
      if (opened.base === all.base) learnLeg(all, opened.index, opened.leg, leg);
    const held = escrowCall(sent, addresses);
    if (held?.does === "prepare" && bundleId(all.hub, held.header) === all.id)
      for (const [place, hash] of held.hashes.entries())
        learnLeg(all, place, hash, place === held.index ? held.leg : null);
    if (held?.does === "finish")
      for (const { id, index, leg } of held.items) if (id === all.id) learnLeg(all, index, legHash(leg), leg);
    if (isOf(log, "escrow", "Prepared") && log.args.id === all.id)
      learnLeg(all, log.args.index, log.args.leg, null);
  }
  const known = all.hashes.filter((hash) => hash !== null);
  if (known.length < all.bundle.legs)
    said.tell(`${known.length} of ${all.bundle.legs} legs were shown; the others stay private`);
  else said.compare("hash of the legs' hashes", legsHashOf(known), all.bundle.legsHash);
}

function learnLeg(all: BundleCase, place: Place, hash: Hex, leg: Leg | null): void {
  if (place >= all.bundle.legs) return;
  all.hashes[place] ??= hash;
  if (all.hashes[place] === hash) all.legs[place] ??= leg;
}
