import { stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import {
  evidenceHash,
  evidenceText,
  evidenceTypedData,
  type OracleDomain,
  possessionTypedData,
  reportTypedData,
  rootTypedData,
} from "@sooth/oracle/core";
import { encodeFunctionData, keccak256, stringToHex } from "viem";
import { type LocalAccount, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { Call, Hub } from "../demo/hub.ts";

/** A provider of the bench: owner and signing key are one, which a test network may do. */
export type Member = { account: PrivateKeyAccount; domain: number };

const dollar = { abi: testDollarAbi } as const;
const ETHER_EACH = 1n;
const STAKE = 1_000_000_000n; // of the test dollar, 6 decimals: the least that a local deployment takes

/** `count` providers with keys of their own, over `domains` domains in turn. */
export const crowdOf = (count: number, domains: number): Member[] =>
  Array.from({ length: count }, (_, index) => ({
    account: privateKeyToAccount(keccak256(stringToHex(`sooth bench provider ${index}`))),
    domain: index % domains,
  }));

/** Gives everybody what he needs and has him join. @throws ops.reverted */
export async function joinAll(
  hub: Hub,
  chain: Chain,
  addresses: Addresses,
  crowd: readonly Member[],
): Promise<void> {
  for (const group of slices(crowd, 25))
    await Promise.all(
      group.map(async (member) => {
        await hub.giveEther(member.account.address, ETHER_EACH);
        await hub.sendAll(member.account, await joining(chain.definition.id, addresses, member));
      }),
    );
}

const call = (to: Address, data: Hex, purpose: string): Call => ({ to, data, value: "0", purpose });

async function joining(
  chainId: number,
  { collateral, stakeManager }: Addresses,
  { account, domain }: Member,
): Promise<Call[]> {
  const owner = account.address;
  const possession = await account.signTypedData(possessionTypedData({ chainId, stakeManager }, owner));
  return [
    call(
      collateral,
      encodeFunctionData({ ...dollar, functionName: "faucet", args: [owner] }),
      "test dollars",
    ),
    call(
      collateral,
      encodeFunctionData({ ...dollar, functionName: "approve", args: [stakeManager, STAKE] }),
      "allow the stake",
    ),
    call(
      stakeManager,
      encodeFunctionData({
        abi: stakeManagerAbi,
        functionName: "join",
        args: [owner, STAKE, 1 << domain, possession],
      }),
      "join",
    ),
  ];
}

/** What a member says of a question; with `values` these stand under `root`. */
export type Said = { question: Hex; value: string; epoch: number; root?: Hex; values?: readonly string[] };

/** The body of `POST /v1/reports`, signed as a provider node signs it. */
export async function handoverOf(
  domain: OracleDomain,
  { account }: { account: Pick<LocalAccount, "address" | "signTypedData"> },
  { question, value, epoch, root, values }: Said,
): Promise<object> {
  const bundle = {
    version: 1 as const,
    chainId: domain.chainId,
    question,
    round: 0,
    provider: account.address.toLowerCase() as Address,
    value,
    root,
    reason: "Told by a bench.",
    sources: [],
  };
  const evidence = evidenceText(bundle);
  const claim = { question, round: 0, hash: evidenceHash(evidence) };
  const report = { question, value: BigInt(value), epoch, round: 0 };
  const signature =
    root === undefined
      ? account.signTypedData(reportTypedData(domain, report))
      : account.signTypedData(rootTypedData(domain, { ...report, root }));
  return {
    question,
    value,
    epoch,
    round: 0,
    evidence,
    signature: await signature,
    evidenceSignature: await account.signTypedData(evidenceTypedData(domain, claim)),
    ...(root === undefined ? {} : { root, values }),
  };
}

export function* slices<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}
