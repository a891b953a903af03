import { attestersAbi, bundleHubAbi, escrowAbi, settlerAbi, testDollarAbi } from "@sooth/abi";
import { type Address, ascending, type Hex } from "@sooth/kernel";
import { type DecodedLog, decodeLogs, type ProofFinding } from "@sooth/oracle/core";
import type { Abi } from "viem";
import type { ChainLog } from "./bundle-file.ts";

type Of<C extends string, A extends Abi> = DecodedLog<A> & { contract: C; chainId: number };
/** What contracts of bundles logged, decoded; and what tokens say that moved. */
export type BundleLog =
  | Of<"hub", typeof bundleHubAbi>
  | Of<"settler", typeof settlerAbi>
  | Of<"escrow", typeof escrowAbi>
  | Of<"attesters", typeof attestersAbi>
  | (Of<"token", typeof testDollarAbi> & { token: Address });
export type BundleLogOf<C extends BundleLog["contract"], E extends BundleLog["event"]> = Extract<
  BundleLog,
  { contract: C; event: E }
>;

export type BundleContracts = Record<"bundleHub" | "settler" | "escrow" | "attesters", Address>;

/** Chains in the order of their ids, the hub's first; each in its own order. */
export function readBundleLogs(
  raws: readonly ChainLog[],
  hubChainId: number,
  { bundleHub, settler, escrow, attesters }: BundleContracts,
): { logs: BundleLog[]; findings: ProofFinding[] } {
  const logs: BundleLog[] = [];
  const findings: ProofFinding[] = [];
  const others = new Set([bundleHub, settler, escrow, attesters].map((each) => each.toLowerCase()));
  for (const chainId of new Set(raws.map((raw) => raw.chainId))) {
    const own = raws.filter((raw) => raw.chainId === chainId);
    const read = (contract: BundleLog["contract"], address: Address, abi: Abi) => {
      const decoded = decodeLogs<DecodedLog<Abi>>(own, [{ address, abi }]);
      const token = contract === "token" ? { token: address } : {};
      for (const log of decoded.logs) logs.push({ ...log, ...token, contract, chainId } as BundleLog);
      for (const each of decoded.findings) findings.push({ ...each, where: `${chainId}:${each.where}` });
    };
    // Bundles are opened and decided on one chain: a hub elsewhere decides nothing of them.
    if (chainId === hubChainId) read("hub", bundleHub, bundleHubAbi);
    read("settler", settler, settlerAbi);
    read("escrow", escrow, escrowAbi);
    read("attesters", attesters, attestersAbi);
    const tokens = new Set(own.map(({ address }) => address.toLowerCase() as Address));
    for (const token of tokens) if (!others.has(token)) read("token", token, testDollarAbi);
  }
  const rank = ({ chainId }: BundleLog): number => (chainId === hubChainId ? 0 : chainId);
  return {
    logs: logs.toSorted(
      (a, b) =>
        ascending(rank(a), rank(b)) || ascending(a.block, b.block) || ascending(a.logIndex, b.logIndex),
    ),
    findings,
  };
}

export const whereOf = ({
  chainId,
  block,
  logIndex,
}: Pick<BundleLog, "chainId" | "block" | "logIndex">): string => `${chainId}:${block}:${logIndex}`;

/** A transaction's name beside those of other chains. */
export const transactionKey = ({ chainId, transaction }: { chainId: number; transaction: Hex }): string =>
  `${chainId}:${transaction.toLowerCase()}`;
