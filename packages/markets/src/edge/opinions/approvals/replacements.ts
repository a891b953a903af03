import { committeeAbi } from "@sooth/abi";
import { revertOf } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import type { z } from "zod";
import {
  COMMITTEE,
  committeeOrder,
  type MemberSignature,
  OpinionsError,
  type Replacement,
  replacementDigest,
  replacementTypedData,
  type wireCommitteeSeats,
  type wirePropose,
  type wireReplace,
  type wireReplacement,
} from "../../../core/index.ts";
import { lower } from "../../logs/record.ts";
import type { Deps } from "../../deps.ts";
import { call, inJson } from "../../prepare.ts";
import { committeeToWire } from "./approval-view.ts";
import { approverOf, type Committee, domainOf } from "./proposals.ts";
import { replaceCall } from "./replace-call.ts";
import {
  keepReplacement,
  otherReplacementsOf,
  type SignedReplacement,
  signedReplacements,
} from "./replacement-rows.ts";

type WireReplacement = z.infer<typeof wireReplacement>;
type Five = Omit<Replacement, "signatures">;

const DAY = 86_400;
/** As `sooth committee propose` allows; a day more for clocks. */
const MOST_SECONDS = 366 * DAY;
/** Changes that one member may have signed at a time: no member fills the desk of the others. */
const MOST_SIGNED = 5;

/** Who sits, and what they have signed of who shall. */
export async function viewSeats(deps: Deps): Promise<z.infer<typeof wireCommitteeSeats>> {
  const { committee } = await approverOf(deps);
  if (!committee) return { committee: null, contracts: [], replacements: [] };
  const { members } = committee;
  const now = await chainTime(deps.hub);
  const [codes, signed] = await Promise.all([
    Promise.all(members.map((address) => deps.hub.client.getCode({ address }))),
    signedReplacements(deps.store.db, committee.replacements + 1, now),
  ]);
  const open = [...Map.groupBy(signed, ({ digest }) => digest).values()];
  return {
    committee: committeeToWire(committee),
    contracts: members.filter((_, seat) => (codes[seat] ?? "0x") !== "0x"),
    replacements: open.flatMap((all) => (all[0] ? [toWire(deps, committee, all[0], all)] : [])),
  };
}

/** What members sign who want these five: the open change with the same five, or a new one. @throws opinions.* that say why not */
export async function prepareReplacement(
  deps: Deps,
  { members, days }: z.infer<typeof wirePropose>,
): Promise<WireReplacement> {
  const committee = await requireCommittee(deps);
  const now = await chainTime(deps.hub);
  const ordered = requireFive(members);
  const number = committee.replacements + 1;
  const signed = await signedReplacements(deps.store.db, number, now);
  const same = signed.find((one) => one.members.join() === ordered.join());
  const five = same ?? { members: ordered, number, expiresAt: now + days * DAY };
  return toWire(
    deps,
    committee,
    five,
    signed.filter(({ digest }) => digest === same?.digest),
  );
}

/** Takes a member's signature over five others; the first one proposes them. @throws opinions.* that say why not */
export async function handOverReplacement(
  deps: Deps,
  asked: z.infer<typeof wireReplace>,
): Promise<WireReplacement> {
  const committee = await requireCommittee(deps);
  const now = await chainTime(deps.hub);
  const { number, expiresAt } = asked;
  const [member, members] = [lower(asked.member) as Address, requireFive(asked.members)];
  if (number !== committee.replacements + 1)
    throw OpinionsError.stale_replacement({ number, replacements: committee.replacements });
  if (expiresAt < now || expiresAt > now + MOST_SECONDS)
    throw OpinionsError.replacement_time({ expiresAt, now });
  if (!committee.members.includes(member))
    throw OpinionsError.not_a_member({ member, committee: committee.address });
  const five = fiveOf(deps, committee, { members, number, expiresAt });
  const signed = { member, signature: lower(asked.signature) as Hex };
  await requireCounts(deps, five, signed);
  const digest = replacementDigest(five);
  await deps.store.transaction(async (tx) => {
    if ((await otherReplacementsOf(tx, { member, number, digest }, now)) >= MOST_SIGNED)
      throw OpinionsError.too_many_replacements({ member, most: MOST_SIGNED });
    await keepReplacement(tx, { ...signed, digest, members, number, expiresAt, at: now });
  });
  const all = await signedReplacements(deps.store.db, number, now);
  return toWire(
    deps,
    committee,
    five,
    all.filter((one) => one.digest === digest),
  );
}

/* INSIDE */

/** @throws opinions.no_committee, opinions.no_members */
async function requireCommittee(deps: Deps): Promise<Committee> {
  const { committee } = await approverOf(deps);
  if (!committee) throw OpinionsError.no_committee({});
  if (committee.members.length === 0) throw OpinionsError.no_members({ committee: committee.address });
  return committee;
}

/** @throws opinions.bad_members */
function requireFive(members: readonly string[]): Address[] {
  const ordered = committeeOrder(members as readonly Address[]);
  if (ordered === null) throw OpinionsError.bad_members({ seats: COMMITTEE.seats });
  return ordered;
}

const fiveOf = (
  { hub }: Pick<Deps, "hub">,
  committee: Committee,
  { members, number, expiresAt }: Pick<Five, "members" | "number" | "expiresAt">,
): Five => ({ ...domainOf(hub, committee), sitting: committee.members, members, number, expiresAt });

/**
 * The contract says what counts, of keys and of members that are contracts alike. One signature alone is never enough; what else it
 * says of it, it says because of the signature. @throws opinions.bad_replacement, stale_replacement, chain.rpc_unreachable
 */
async function requireCounts({ hub }: Pick<Deps, "hub">, five: Five, signed: MemberSignature): Promise<void> {
  try {
    await hub.client.call({ to: five.committee, data: replaceCall({ ...five, signatures: [signed] }) });
  } catch (error) {
    const said = revertOf(error, committeeAbi);
    if (said === null) throw error;
    if (said.name === "Committee_TooFew") return;
    // The chain is ahead of the rows: others sit already.
    if (said.name === "Committee_NotTheMembers")
      throw OpinionsError.stale_replacement({ number: five.number, replacements: five.number });
    throw OpinionsError.bad_replacement({ member: signed.member });
  }
}

function toWire(
  deps: Deps,
  committee: Committee,
  { members, number, expiresAt }: Pick<Five, "members" | "number" | "expiresAt">,
  all: readonly SignedReplacement[],
): WireReplacement {
  const five = fiveOf(deps, committee, { members, number, expiresAt });
  const signed = all.filter(({ member }) => committee.members.includes(member));
  const missing = Math.max(0, COMMITTEE.needed - signed.length);
  return {
    members: [...members],
    number,
    expiresAt,
    typedData: { purpose: "Seat five others", ...inJson(replacementTypedData(five, five)) },
    digest: replacementDigest(five),
    signed: signed.map(({ member, at }) => ({ member, at })),
    missing,
    call:
      missing > 0
        ? null
        : call(
            deps,
            committee.address,
            replaceCall({ ...five, signatures: signed.slice(0, COMMITTEE.needed) }),
            "Seat the five",
          ),
  };
}
