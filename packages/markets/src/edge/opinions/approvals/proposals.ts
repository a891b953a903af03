import type { Chain } from "@sooth/chain";
import { type Address, type Hex, need, sameAddress } from "@sooth/kernel";
import { questionsByIds } from "@sooth/oracle";
import {
  approvalDigest,
  COMMITTEE,
  type CommitteeDomain,
  type MemberSignature,
  type OpinionResult,
  opinionOutcome,
  packApproval,
  proposalEnd,
} from "../../../core/index.ts";
import type { Deps } from "../../deps.ts";
import { opinionConstants } from "../contract.ts";
import type { StoredOpinionMarket } from "../market-rows.ts";
import {
  approvalsOf,
  dropApproval,
  type SeatedCommittee,
  seatedCommittee,
  type StoredApproval,
} from "./approval-rows.ts";
import { askCommittee, type CommitteeSays } from "./committee-contract.ts";

/** The committee whose signatures are collected here, with who sits. */
export type Committee = SeatedCommittee & { address: Address };

/** What is put to the members: the result, until when, and its hash with the signatures that count now. */
export type Proposal = {
  result: OpinionResult;
  expiresAt: number;
  digest: Hex;
  signed: StoredApproval[];
};

/** Where a market stands with those who approve. */
export type Standing =
  | { state: "not_asked" | "waiting" | "ended" }
  | { state: "void"; why: string }
  | ({ state: "pending" | "approved" } & Proposal);

type Asking = Pick<Deps, "store" | "hub" | "addresses" | "config">;

/** Whether results need an approval, and the committee that gives it; null: nobody need, or another contract that is not known here. */
export async function approverOf({
  store,
  hub,
  addresses,
}: Pick<Asking, "store" | "hub" | "addresses">): Promise<{ asked: boolean; committee: Committee | null }> {
  const { approver } = await opinionConstants(hub, addresses);
  if (approver === null) return { asked: false, committee: null };
  const { committee: address } = addresses;
  if (address === undefined || !sameAddress(approver, address)) return { asked: true, committee: null };
  const seated = (await seatedCommittee(store.db)) ?? { members: [], replacements: 0 };
  return { asked: true, committee: { address, ...seated } };
}

export const domainOf = (hub: Chain, { address }: Pick<Committee, "address">): CommitteeDomain => ({
  chainId: hub.definition.id,
  committee: address,
});

/**
 * Where each of these markets stands at `now`: a pure function of the chain's state, the window and the signatures that were
 * handed over. Who sits no more counts no more.
 */
export async function standingsOf(
  deps: Asking,
  markets: readonly StoredOpinionMarket[],
  now: number,
): Promise<Map<string, Standing>> {
  const { asked, committee } = await approverOf(deps);
  if (!asked) return new Map(markets.map(({ id }) => [id, { state: "not_asked" }]));
  const open = markets.filter(({ ending }) => ending === "none");
  const { db } = deps.store;
  const questions = await questionsByIds(
    db,
    open.map(({ terms }) => terms.question),
  );
  const words = new Map(questions.map(({ id, word }) => [id, word]));
  // An approver that is not known here is asked for all the same: by nobody who could sign for it.
  const address = committee?.address ?? deps.addresses.opinions;
  const standings = new Map<string, Standing>(
    markets.map((market) => {
      if (market.ending !== "none") return [market.id, { state: "ended" }];
      const word = need(
        words.get(market.terms.question),
        `question ${market.terms.question} of an opinion market`,
      );
      const outcome = opinionOutcome(market, word, now);
      if (outcome.kind === "waiting") return [market.id, { state: "waiting" }];
      if (outcome.kind === "void") return [market.id, { state: "void", why: outcome.why }];
      const { result } = outcome;
      const expiresAt = proposalEnd(market.finalAt, now, deps.config.MARKETS_APPROVAL_SECONDS);
      const digest = approvalDigest(domainOf(deps.hub, { address }), result, expiresAt);
      return [market.id, { state: "pending", result, expiresAt, digest, signed: [] }];
    }),
  );
  return committee ? withSignatures(deps, standings, committee) : standings;
}

async function withSignatures(
  { store }: Pick<Asking, "store">,
  standings: ReadonlyMap<string, Standing>,
  { members }: Committee,
): Promise<Map<string, Standing>> {
  const digests = [...standings.values()].flatMap((one) => (one.state === "pending" ? [one.digest] : []));
  const handed = Map.groupBy(await approvalsOf(store.db, digests), ({ digest }) => digest);
  return new Map(
    [...standings].map(([id, standing]) => {
      if (standing.state !== "pending") return [id, standing];
      const signed = (handed.get(standing.digest) ?? []).filter(({ member }) => members.includes(member));
      return [id, { ...standing, state: signed.length >= COMMITTEE.needed ? "approved" : "pending", signed }];
    }),
  );
}

/** The bytes that `score` takes: as many signatures as are wanted, in the order of the seats. `turn` see `chosen`. */
export const packedApproval = (
  { expiresAt, signed }: Pick<Proposal, "expiresAt"> & { signed: readonly MemberSignature[] },
  { members }: Pick<Committee, "members">,
  turn = 0,
): Hex => packApproval(expiresAt, members, chosen(members, signed, turn));

/**
 * Whose signatures go along: where more signed than are wanted, others with each turn. A member that is a contract may agree when it
 * is asked, and not when it counts.
 */
function chosen(
  members: readonly Address[],
  signed: readonly MemberSignature[],
  turn: number,
): MemberSignature[] {
  const seated = members.flatMap((member) => signed.filter((one) => one.member === member));
  const groups = groupsOf(seated, COMMITTEE.needed);
  return groups[turn % groups.length] ?? [];
}

const groupsOf = <One>(all: readonly One[], count: number): One[][] =>
  count === 0
    ? [[]]
    : all.flatMap((first, index) =>
        groupsOf(all.slice(index + 1), count - 1).map((others) => [first, ...others]),
      );

/**
 * The approval that the committee takes now, or null. A signature that it took when it was handed over, and takes no more (a
 * Safe whose owners are others by now), is forgotten: its member may sign again.
 * @param turn how often the score failed: then it is tried with others' signatures
 */
export async function takenApproval(
  { store, hub, log }: Pick<Deps, "store" | "hub" | "log">,
  { digest, ...proposal }: Proposal,
  committee: Committee,
  turn: number,
): Promise<Hex | null> {
  const ask = (some: readonly MemberSignature[]) =>
    askCommittee(hub, committee.address, { ...proposal, members: committee.members }, some);
  let { signed } = proposal;
  while (signed.length >= COMMITTEE.needed) {
    const tried = chosen(committee.members, signed, turn);
    const said = await ask(tried);
    if (said.says === "approved") return packedApproval({ ...proposal, signed }, committee, turn);
    const bad = said.says === "bad_signature" ? said.member : await whoFails(ask, tried);
    const { market } = proposal.result;
    if (bad === null) {
      log.info({ market, said }, "the committee does not take this approval now");
      return null;
    }
    log.warn({ market, member: bad }, "a signature counts no more");
    await dropApproval(store.db, { digest, member: bad });
    signed = signed.filter(({ member }) => member !== bad);
  }
  return null;
}

/** Whose signature fails where the others' do not, if the contract's refusal named nobody: a wallet may burn all gas, say. */
async function whoFails(
  ask: (some: readonly MemberSignature[]) => Promise<CommitteeSays>,
  tried: readonly MemberSignature[],
): Promise<Address | null> {
  const said = await Promise.all(tried.map((one) => ask([one])));
  const failing = tried.filter((_, index) => said[index]?.says !== "too_few");
  return failing.length < tried.length ? (failing[0]?.member ?? null) : null;
}
