import { committeeAbi } from "@sooth/abi";
import { type Address, type Hex, need } from "@sooth/kernel";
import {
  ContractFunctionRevertedError,
  decodeFunctionData,
  encodeErrorResult,
  hexToNumber,
  keccak256,
  numberToHex,
  recoverAddress,
  size,
  slice,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import {
  approvalDigest,
  committeeOrder,
  type CommitteeDomain,
  type OpinionResult,
  replacementDigest,
} from "../src/core/index.ts";

/** Five keys that sit together, in the order of their seats. */
export function fiveKeys(seed: string): PrivateKeyAccount[] {
  const keys = Array.from({ length: 5 }, (_, index) =>
    privateKeyToAccount(keccak256(numberToHex(index, { size: 32 }).replace("0x0000", seed) as Hex)),
  );
  const order = need(committeeOrder(keys.map(({ address }) => address)), "five members");
  return order.map((member) =>
    need(
      keys.find(({ address }) => address.toLowerCase() === member),
      member,
    ),
  );
}

const MEMBERS_END = 1 + 5 * 20;
type Asked = { args: readonly [OpinionResult & { count: bigint }, Hex] };

/** `Committee.requireApproved` for where no chain is: keys alone sit here. `opinions.chain.test.ts` asks the real one. */
export const simulatedCommittee =
  (domain: CommitteeDomain, at: Sitting) =>
  async ({ args: [result, approval] }: Asked): Promise<void> => {
    const expiresAt = hexToNumber(slice(approval, 0, 5));
    const digest = approvalDigest(domain, { ...result, count: Number(result.count) }, expiresAt);
    await requireSigned(at, digest, expiresAt, slice(approval, 5));
  };

/** `Committee.replace` in the same way, for who only tries it: nobody is seated. */
export const simulatedReplace =
  (domain: CommitteeDomain, at: Sitting & { replacements: () => number }) =>
  async ({ data }: { data: Hex }): Promise<void> => {
    const { args } = decodeFunctionData({ abi: committeeAbi, data });
    const [members, expiresAt, packed] = args as readonly [readonly Address[], number, Hex];
    const sitting = at.members();
    const digest = replacementDigest({
      ...domain,
      sitting,
      members,
      number: at.replacements() + 1,
      expiresAt,
    });
    try {
      await requireSigned(at, digest, expiresAt, packed);
    } catch (error) {
      // As a node tells it of a bare call.
      if (error instanceof ContractFunctionRevertedError)
        throw Object.assign(new Error("execution reverted"), { code: 3, data: error.raw });
      throw error;
    }
  };

type Sitting = { members: () => readonly Address[]; now: () => number };

async function requireSigned(at: Sitting, digest: Hex, expiresAt: number, packed: Hex): Promise<void> {
  if (at.now() > expiresAt) throw revert("Committee_Expired", [expiresAt]);
  const shown = Array.from({ length: 5 }, (_, seat) => slice(packed, 1 + 20 * seat, 21 + 20 * seat));
  if (shown.join() !== at.members().join()) throw revert("Committee_NotTheMembers", []);
  const bitmap = hexToNumber(slice(packed, 0, 1));
  let [place, signed] = [MEMBERS_END, 0n];
  for (const [seat, member] of shown.entries()) {
    if (((bitmap >> seat) & 1) === 0) continue;
    const end = place + 2 + hexToNumber(slice(packed, place, place + 2));
    const signature = slice(packed, place + 2, end);
    const signer = await signerOf(digest, signature);
    if (signer.toLowerCase() !== member) throw revert("Committee_BadSignature", [member]);
    [place, signed] = [end, signed + 1n];
  }
  if (signed < 3n) throw revert("Committee_TooFew", [signed, 3n]);
}

/** Nobody where it is no signature of any key. */
async function signerOf(hash: Hex, signature: Hex): Promise<string> {
  try {
    return size(signature) === 65 ? await recoverAddress({ hash, signature }) : "";
  } catch {
    return "";
  }
}

function revert(errorName: string, args: readonly unknown[]): ContractFunctionRevertedError {
  const data = encodeErrorResult({ abi: committeeAbi, errorName, args } as never);
  return new ContractFunctionRevertedError({ abi: committeeAbi, data, functionName: "requireApproved" });
}
