import { type Address, type Amount, at, type Hex, need, sameAddress } from "@sooth/kernel";
import { concatHex, hashTypedData, numberToHex, size } from "viem";

/** Five sit, three must sign. Mirror of Committee.sol. */
export const COMMITTEE = { seats: 5, needed: 3 } as const;

/** Where approvals count: one Committee contract on one chain. */
export type CommitteeDomain = { chainId: number; committee: Address };

/** What an opinion market came to, as its approvers sign it. */
export type OpinionResult = {
  market: Hex;
  /** Staked with a stance. */
  total: Amount;
  /** Opinions that were. */
  count: number;
  /** 0 to 100. */
  score: number;
  /** Basis points. */
  confidence: number;
};

const domainOf = ({ chainId, committee }: CommitteeDomain) =>
  ({ name: "Sooth Committee", version: "1", chainId, verifyingContract: committee }) as const;

/** What a member signs, as `Committee.requireApproved` checks it. `expiresAt` is unix seconds, inclusive. */
export const approvalTypedData = (domain: CommitteeDomain, result: OpinionResult, expiresAt: number) =>
  ({
    domain: domainOf(domain),
    types: {
      Approval: [
        { name: "market", type: "bytes32" },
        { name: "total", type: "uint256" },
        { name: "count", type: "uint256" },
        { name: "score", type: "uint8" },
        { name: "confidence", type: "uint16" },
        { name: "expiresAt", type: "uint40" },
      ],
    },
    primaryType: "Approval",
    message: { ...result, count: BigInt(result.count), expiresAt },
  }) as const;

/** `Committee.approvalDigest`. */
export const approvalDigest = (domain: CommitteeDomain, result: OpinionResult, expiresAt: number): Hex =>
  hashTypedData(approvalTypedData(domain, result, expiresAt));

/** What members sign who seat five others, as `Committee.replace` checks it; `number` is one more than there were. */
export const replacementTypedData = (
  domain: CommitteeDomain,
  { members, number, expiresAt }: { members: readonly Address[]; number: number; expiresAt: number },
) =>
  ({
    domain: domainOf(domain),
    types: {
      Replacement: [
        { name: "members", type: "address[5]" },
        { name: "number", type: "uint256" },
        { name: "expiresAt", type: "uint40" },
      ],
    },
    primaryType: "Replacement",
    message: { members: members as FiveMembers, number: BigInt(number), expiresAt },
  }) as const;

export type FiveMembers = readonly [Address, Address, Address, Address, Address];
export type MemberSignature = { member: Address; signature: Hex };

/** Bitmap of who signed, the five, then for each signer, in their order, length and signature: what the contract reads. */
export function packSignatures(members: readonly Address[], signed: readonly MemberSignature[]): Hex {
  const entries = members.map((member) => signed.find((one) => sameAddress(one.member, member))?.signature);
  const bitmap = entries.reduce((bits, entry, seat) => (entry === undefined ? bits : bits | (1 << seat)), 0);
  const found = entries.filter((entry) => entry !== undefined);
  return concatHex([
    numberToHex(bitmap, { size: 1 }),
    ...members,
    ...found.flatMap((entry) => [numberToHex(size(entry), { size: 2 }), entry]),
  ]);
}

/** The `approval` of `Opinions.score`. */
export const packApproval = (
  expiresAt: number,
  members: readonly Address[],
  signed: readonly MemberSignature[],
): Hex => concatHex([numberToHex(expiresAt, { size: 5 }), packSignatures(members, signed)]);

/**
 * Until when a proposal is good at `now`: the first of the times that lie whole windows after finality, and not yet over.
 * Nobody chooses it, so that everybody who looks proposes the same; once it is over the members sign anew.
 */
export function proposalEnd(finalAt: number, now: number, windowSeconds: number): number {
  const over = Math.max(0, Math.floor((now - finalAt) / windowSeconds));
  return finalAt + (over + 1) * windowSeconds;
}

/** Which of the five have a signature there, in the order of their seats. */
export const whoSigned = (members: readonly Address[], signed: readonly MemberSignature[]): Address[] =>
  members.filter((member) => signed.some((one) => sameAddress(one.member, member)));

/** Five different accounts, ascending, as the contract wants them; null where they are not five. */
export function committeeOrder(accounts: readonly Address[]): Address[] | null {
  const members = accounts.map((account) => account.toLowerCase() as Address).toSorted();
  const differ = members.every((member, seat) => seat === 0 || member !== at(members, seat - 1));
  const first = members[0];
  if (members.length !== COMMITTEE.seats || !differ) return null;
  return BigInt(need(first, "a member")) === 0n ? null : members;
}
