import {
  attestersAbi,
  attestersBytecode,
  bundleHubAbi,
  bundleHubBytecode,
  bundleResolverAbi,
  bundleResolverBytecode,
  escrowAbi,
  escrowBytecode,
  hashLocksBytecode,
  messageGatewayAbi,
  messageGatewayBytecode,
  ordersAbi,
  ordersBytecode,
  settlerAbi,
  settlerBytecode,
} from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { encodeDeployData } from "viem";

/** How bundles keep time, and who attests. Seconds; the same on every chain, or addresses differ. */
export type BundleParams = {
  /** Where bundles are opened and decided. */
  hubChainId: number;
  /** Whose signer sets attest. */
  domain: number;
  quorumBps: number;
  /** The longest that a batch of facts is valid, and that an old signer set signs on beside the next. */
  longestValiditySeconds: number;
  /** How long a signer set signs without being renewed: much less than stake is bonded. */
  longestAgeSeconds: number;
  /** From opening to deadline at most. */
  longestWindowSeconds: number;
  /** After the deadline of an ordered bundle, before anybody may abort it. */
  graceSeconds: number;
  /** After a deadline, before an owner takes back what nobody claimed of the fee. */
  reclaimSeconds: number;
  /** After a deadline, before an escrow gives back without anybody: longer than any chain may refuse a transaction. */
  escapeSeconds: number;
  /** What attesters get of every share of a fee. */
  attesterBps: number;
};

/** Where money may be real. A set ages in a third of the time that stake is bonded for; the grace is longer than any chain of ours
 * takes until receipts of its last blocks can be believed, or who waited for them would find all undone that ran well. */
export const publicBundles: Omit<BundleParams, "hubChainId"> = {
  domain: 15,
  quorumBps: 6_000,
  longestValiditySeconds: 900,
  longestAgeSeconds: 10 * 86_400,
  longestWindowSeconds: 7 * 86_400,
  graceSeconds: 12 * 3_600,
  reclaimSeconds: 14 * 86_400,
  escapeSeconds: 36 * 3_600,
  attesterBps: 2_000,
};

/** For one machine: an owner sees his money come back while he looks. */
export const localBundles: BundleParams = {
  ...publicBundles,
  hubChainId: 31_337,
  graceSeconds: 20,
  reclaimSeconds: 300,
  escapeSeconds: 60,
};

type InitCode = {
  contract:
    | "attesters"
    | "bundleHub"
    | "settler"
    | "escrow"
    | "orders"
    | "hashLocks"
    | "bundleResolver"
    | "messageGateway";
  name: string;
  code: Hex;
};

export function attestersCode(
  { bundles, deployer }: { bundles: BundleParams; deployer: Address },
  stakeManager: Address,
): InitCode {
  const code = encodeDeployData({
    abi: attestersAbi,
    bytecode: attestersBytecode,
    args: [
      {
        hubChainId: BigInt(bundles.hubChainId),
        stakeManager,
        domain: bundles.domain,
        quorumBps: bundles.quorumBps,
        longestValidity: bundles.longestValiditySeconds,
        longestAge: bundles.longestAgeSeconds,
        deployer,
      },
    ],
  });
  return { contract: "attesters", name: "Attesters", code };
}

export function settlerCode(guardian: Address, attesters: Address): InitCode {
  const code = encodeDeployData({ abi: settlerAbi, bytecode: settlerBytecode, args: [attesters, guardian] });
  return { contract: "settler", name: "Settler", code };
}

export function escrowCode(
  { bundles, guardian, proposer }: { bundles: BundleParams; guardian: Address; proposer: Address },
  at: Record<"attesters" | "bundleHub", Address>,
): InitCode {
  const { hubChainId, escapeSeconds } = bundles;
  const code = encodeDeployData({
    abi: escrowAbi,
    bytecode: escrowBytecode,
    args: [at.attesters, BigInt(hubChainId), at.bundleHub, guardian, proposer, escapeSeconds],
  });
  return { contract: "escrow", name: "Escrow", code };
}

export function bundleHubCode(
  { bundles, guardian }: { bundles: BundleParams; guardian: Address },
  at: Record<"attesters" | "stakeManager", Address>,
): InitCode {
  const code = encodeDeployData({
    abi: bundleHubAbi,
    bytecode: bundleHubBytecode,
    args: [
      {
        verifier: at.attesters,
        attesters: at.attesters,
        stakeManager: at.stakeManager,
        guardian,
        longestWindow: bundles.longestWindowSeconds,
        graceSeconds: bundles.graceSeconds,
        reclaimSeconds: bundles.reclaimSeconds,
        attesterBps: bundles.attesterBps,
      },
    ],
  });
  return { contract: "bundleHub", name: "BundleHub", code };
}

export function ordersCode(escrow: Address): InitCode {
  const code = encodeDeployData({ abi: ordersAbi, bytecode: ordersBytecode, args: [escrow] });
  return { contract: "orders", name: "Orders", code };
}

export const hashLocksCode: InitCode = { contract: "hashLocks", name: "HashLocks", code: hashLocksBytecode };

export function bundleResolverCode(
  { hubChainId, attesterBps }: BundleParams,
  at: Record<"orders" | "escrow" | "settler", Address>,
): InitCode {
  const code = encodeDeployData({
    abi: bundleResolverAbi,
    bytecode: bundleResolverBytecode,
    args: [at.orders, at.escrow, at.settler, BigInt(hubChainId), attesterBps],
  });
  return { contract: "bundleResolver", name: "BundleResolver", code };
}

export function messageGatewayCode(bundleHub: Address): InitCode {
  const code = encodeDeployData({
    abi: messageGatewayAbi,
    bytecode: messageGatewayBytecode,
    args: [bundleHub],
  });
  return { contract: "messageGateway", name: "MessageGateway", code };
}
