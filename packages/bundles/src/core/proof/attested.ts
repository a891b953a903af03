import { type Hex, sameAddress } from "@sooth/kernel";
import { leadsTo, multiproofRoot, treeInOrder } from "@sooth/oracle/core";
import { type AbiParameter, BaseError, decodeAbiParameters, hashTypedData } from "viem";
import { BATCH } from "../calls/evidence.ts";
import { batchTypedData, type Fact, factLeaf } from "../facts.ts";
import { type BundleCase, eventsOf, note } from "./case.ts";
import { type BundleLog, type BundleLogOf, transactionKey } from "./bundle-log.ts";
import { signaturesIn } from "./read-calls.ts";

type Batch = {
  root: Hex;
  signed: { epoch: number; validUntil: number; seats: bigint; signatures: Hex };
  path: readonly Hex[];
  flags: readonly boolean[];
};

/** Once for each transaction: that a quorum of seats, as this chain knew them then, signed these facts in their order. */
export function checkAttested(all: BundleCase, log: BundleLog, facts: readonly Fact[], evidence: Hex): void {
  const key = transactionKey(log);
  if (all.judged.has(key)) return;
  all.judged.add(key);
  const said = note(all, log);
  const batch = decodeBatch(evidence);
  if (!batch) return said.differ("what was brought as evidence is no batch");
  const { root, signed } = batch;
  if (rootOf(facts.map(factLeaf), batch) !== root)
    return said.differ(`${facts.length} facts do not stand under the root ${root}`);
  const set = setOf(all, log, signed.epoch);
  if (!set) return said.differ(`no log of chain ${log.chainId} seats epoch ${signed.epoch} before`);
  checkTimes(all, log, set, signed.validUntil);
  const typed = batchTypedData(
    { chainId: all.domain.hubChainId, attesters: all.domain.addresses.attesters },
    { epoch: signed.epoch, validUntil: signed.validUntil, root },
  );
  const digest = hashTypedData(typed);
  const signatures = signaturesIn(signed.signatures);
  const seats = Array.from({ length: 256 }, (_, seat) => seat).filter(
    (seat) => (signed.seats >> BigInt(seat)) & 1n,
  );
  if (seats.length !== signatures.length)
    said.differ(`${signatures.length} signatures are said to be of ${seats.length} seats`);
  let weight = 0n;
  for (const [index, seat] of seats.entries()) {
    const own = set.args.seats[seat];
    const signer = all.signerOf({ digest, signature: signatures[index] ?? "0x" });
    const holder = own === undefined ? null : `0x${(own >> 96n).toString(16).padStart(40, "0")}`;
    if (own === undefined || signer === null || !sameAddress(signer, holder ?? ""))
      said.differ(
        `the signature of seat ${seat} is ${signer ?? "nobody"}'s, the seat is ${holder ?? "nobody"}'s`,
      );
    else weight += BigInt.asUintN(96, own);
  }
  const { totalWeight } = set.args;
  const told = `${weight} of ${totalWeight} weight of epoch ${signed.epoch} signed ${facts.length} facts`;
  if (weight > 0n && weight * 10_000n >= totalWeight * BigInt(all.domain.quorumBps))
    said.tell(`${told}, a quorum; their root is ${root}`);
  else said.differ(`${told}: no quorum`);
}

function decodeBatch(evidence: Hex): Batch | null {
  try {
    return decodeAbiParameters(BATCH as readonly AbiParameter[], evidence)[0] as Batch;
  } catch (error) {
    if (error instanceof BaseError || error instanceof RangeError) return null;
    throw error;
  }
}

/** As {Batches-holds} comes to it; null where it comes to nothing. */
function rootOf(leaves: readonly Hex[], { root, path, flags }: Batch): Hex | null {
  const [leaf] = leaves;
  if (leaf === undefined) return null;
  if (flags.length === 0 && path.length === 0) return treeInOrder(leaves).root;
  if (flags.length === 0 && leaves.length === 1) return leadsTo(root, leaf, path) ? root : null;
  return multiproofRoot(leaves, { proof: [...path], flags: [...flags] });
}

type Seated = BundleLogOf<"attesters", "AttestersSeated">;
const isBefore = (one: BundleLog, other: BundleLog): boolean =>
  one.chainId === other.chainId &&
  (one.block < other.block || (one.block === other.block && one.logIndex < other.logIndex));

const setsBefore = (all: BundleCase, log: BundleLog): Seated[] =>
  eventsOf(all, "attesters", "AttestersSeated").filter((each) => isBefore(each, log));

const setOf = (all: BundleCase, log: BundleLog, epoch: number): Seated | undefined =>
  setsBefore(all, log).find(({ args }) => args.epoch === epoch);

/** The epoch that earned then: the hub's last one, where anybody sits in it. */
export function earningEpoch(all: BundleCase, log: BundleLog): number {
  const current = setsBefore(all, log).at(-1);
  return current && current.args.seats.length > 0 ? current.args.epoch : 0;
}

/** A batch is believed for a while, a set while it is young, and one that was replaced no longer than a batch. */
function checkTimes(all: BundleCase, log: BundleLog, set: Seated, validUntil: number): void {
  const { longestValiditySeconds, longestAgeSeconds } = all.domain;
  const said = note(all, log);
  const sets = setsBefore(all, log);
  const next = sets[sets.indexOf(set) + 1];
  const ends = next === undefined ? Number.POSITIVE_INFINITY : next.at + longestValiditySeconds;
  const most = Math.min(log.at + longestValiditySeconds, ends);
  if (log.at > validUntil || validUntil > most)
    said.differ(`believed at ${log.at} what was valid until ${validUntil}, allowed ${log.at} to ${most}`);
  const renewedAt = ageOf(all, log, sets, set);
  if (log.at > renewedAt + longestAgeSeconds)
    said.differ(`epoch ${set.args.epoch} was last the hub's at ${renewedAt}: too old to be believed`);
}

/** A set that another named is as old as that one, until it is renewed itself. At the hub each begins anew. */
function ageOf(all: BundleCase, log: BundleLog, sets: readonly Seated[], set: Seated): number {
  const renewals = eventsOf(all, "attesters", "AttestersRenewed").filter((each) => isBefore(each, log));
  const own = renewals.findLast(({ args }) => args.epoch === set.args.epoch);
  if (own) return own.args.at;
  const before = sets[sets.indexOf(set) - 1];
  return log.chainId === all.domain.hubChainId || !before ? set.at : ageOf(all, set, sets, before);
}

/** Who sits elsewhere is whom the hub seated: its logs say it, and nobody has to believe the deployer. */
export function checkSets(all: BundleCase): void {
  const sets = eventsOf(all, "attesters", "AttestersSeated");
  const atHub = new Map(
    sets.filter(({ chainId }) => chainId === all.domain.hubChainId).map((set) => [set.args.epoch, set.args]),
  );
  for (const set of sets) {
    if (set.chainId === all.domain.hubChainId) continue;
    const { epoch, totalWeight, seats } = set.args;
    const known = atHub.get(epoch);
    const same =
      known?.totalWeight === totalWeight && known.seats.map(String).join() === seats.map(String).join();
    if (!known)
      note(all, set).differ(`epoch ${epoch} sits on chain ${set.chainId}, and the hub never seated it`);
    else if (same)
      note(all, set).tell(`epoch ${epoch} on chain ${set.chainId}: the ${seats.length} seats of the hub`);
    else note(all, set).differ(`epoch ${epoch} on chain ${set.chainId} has other seats than at the hub`);
  }
}
