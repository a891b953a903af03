import type { Address, Hex } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { counter, histogram } from "@sooth/runtime";
import { sql } from "@sooth/store";
import { AppError } from "@sooth/kernel";
import type { z } from "zod";
import { COMMITTEE, OpinionsError, type wireApprove } from "../../../core/index.ts";
import { lower, tellMarkets } from "../../logs/record.ts";
import type { Deps } from "../../deps.ts";
import type { StoredOpinionMarket } from "../market-rows.ts";
import { approvalsOf, keepApproval } from "./approval-rows.ts";
import { askCommittee } from "./committee-contract.ts";
import { approverOf, type Committee, type Proposal, standingsOf } from "./proposals.ts";

const handed = counter("markets_approvals_total", "Signatures of members that were handed over", ["result"]);
const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
const approvalSeconds = histogram(
  "markets_approval_seconds",
  "Chain time from a final answer to the signature with which enough members had approved the result",
  [],
  [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY],
);

type Approve = z.infer<typeof wireApprove>;

/** Takes a member's signature over what a market came to. @throws opinions.* that say why not */
export async function handOverApproval(
  deps: Deps,
  market: StoredOpinionMarket,
  asked: Approve,
): Promise<void> {
  try {
    await accept(deps, market, asked);
    handed.inc({ result: "accepted" });
  } catch (error) {
    const told = error instanceof AppError && error.status < 500;
    handed.inc({ result: told ? error.code.replace(/^opinions\./, "") : "internal" });
    throw error;
  }
}

async function accept(deps: Deps, market: StoredOpinionMarket, asked: Approve): Promise<void> {
  const now = await chainTime(deps.hub);
  const member = lower(asked.member) as Address;
  const { committee, proposal } = await memberSees(deps, market, member, now);
  const { members } = committee;
  const { digest, expiresAt, signed } = proposal;
  if (asked.expiresAt !== expiresAt) throw OpinionsError.approval_expired({ market: market.id, expiresAt });
  if (lower(asked.digest) !== digest) throw OpinionsError.wrong_result({ market: market.id, digest });
  const twice = () => OpinionsError.already_approved({ market: market.id, member });
  if (signed.some((one) => one.member === member)) throw twice();
  const signature = lower(asked.signature) as Hex;
  await check(deps, committee, proposal, { member, signature });
  const approval = { digest, member, market: market.id, signature, expiresAt, at: now };
  const count = await deps.store.transaction(async (tx) => {
    // Of two who sign at once the later one sees the other's, so that one of them is the third.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`approvals of ${digest}`}, 0))`.execute(tx);
    if (!(await keepApproval(tx, approval))) throw twice();
    await tellMarkets(tx, [market.id]);
    return (await approvalsOf(tx, [digest])).filter((one) => members.includes(one.member)).length;
  });
  if (count === COMMITTEE.needed) approvalSeconds.observe(now - market.finalAt);
}

/** What a member may act on: the result that waits, and with whom he sits. @throws opinions.* that say why there is nothing for him */
export async function memberSees(
  deps: Deps,
  market: StoredOpinionMarket,
  member: Address,
  now: number,
): Promise<{ committee: Committee; proposal: Proposal }> {
  const { committee } = await approverOf(deps);
  const proposal = await proposalOf(deps, market, now);
  if (!committee) throw OpinionsError.no_approval_asked({ market: market.id });
  const { address, members } = committee;
  if (members.length === 0) throw OpinionsError.no_members({ committee: address });
  if (!members.includes(member)) throw OpinionsError.not_a_member({ member, committee: address });
  return { committee, proposal };
}

/** What the members may sign now. @throws opinions.no_approval_asked, not_final, already_scored, void_without_approval */
async function proposalOf(deps: Deps, market: StoredOpinionMarket, now: number): Promise<Proposal> {
  const standing = (await standingsOf(deps, [market], now)).get(market.id);
  switch (standing?.state) {
    case "pending":
    case "approved":
      return standing;
    case "ended":
      throw OpinionsError.already_scored({ market: market.id });
    case "void":
      throw OpinionsError.void_without_approval({ market: market.id, why: standing.why });
    case "waiting":
      throw OpinionsError.not_final({ market: market.id });
    default:
      throw OpinionsError.no_approval_asked({ market: market.id });
  }
}

/** One signature alone is never enough; what else the contract says of it, it says because of the signature. */
async function check(
  { hub }: Pick<Deps, "hub">,
  { address, members }: Committee,
  { result, expiresAt }: Proposal,
  signed: { member: Address; signature: Hex },
): Promise<void> {
  const said = await askCommittee(hub, address, { result, expiresAt, members }, [signed]);
  if (said.says === "too_few") return;
  const { market } = result;
  if (said.says === "refused" && said.why === "Committee_Expired")
    throw OpinionsError.approval_expired({ market, expiresAt });
  // The chain is ahead of the rows: who sits is known with the next block.
  if (said.says === "refused" && said.why === "Committee_NotTheMembers")
    throw OpinionsError.no_members({ committee: address });
  throw OpinionsError.bad_approval({ market, member: signed.member });
}
