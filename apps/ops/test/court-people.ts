import { oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import type { Addresses } from "@sooth/chain";
import { at, type Hex } from "@sooth/kernel";
import { possessionTypedData } from "@sooth/oracle/core";
import { type Abi, concatHex, keccak256, type LocalAccount, numberToHex, type parseEventLogs } from "viem";

export const HUB = 31_337;
export const DOLLAR = 1_000_000n;
/** Enough for whatever is staked. */
const FORTUNE = 10_000_000n * DOLLAR;

type Send = (
  account: LocalAccount,
  to: Hex,
  abi: Abi,
  functionName: string,
  args: unknown[],
) => Promise<{ logs: Parameters<typeof parseEventLogs>[0]["logs"] }>;
type Node = {
  setBalance(o: { address: Hex; value: bigint }): Promise<void>;
  setStorageAt(o: { address: Hex; index: Hex; value: Hex }): Promise<void>;
  readContract(o: { address: Hex; abi: Abi; functionName: string; args: unknown[] }): Promise<unknown>;
};
export type Tools = {
  node: Node;
  send: Send;
  warp(timestamp: number): Promise<void>;
  now(): Promise<number>;
  addresses: Addresses;
  rich: LocalAccount;
  keys: LocalAccount[];
  jurors: LocalAccount[];
};

/** More than the faucet gives. Where the balance stands: solady's ERC20.sol. */
const enrich = (node: Node, collateral: Hex, who: Hex) =>
  node.setStorageAt({
    address: collateral,
    index: keccak256(concatHex([who, "0x000000000000000087a211a2"])),
    value: numberToHex(FORTUNE, { size: 32 }),
  });

export async function enlist(
  o: Tools & { owners: LocalAccount[]; parties: LocalAccount[]; stake: bigint },
): Promise<void> {
  const { send, node, addresses, owners, keys, jurors, parties, rich, stake: its } = o;
  const { collateral, oracle, stakeManager } = addresses;
  for (const account of [...owners, ...jurors, ...parties, rich]) {
    await node.setBalance({ address: account.address, value: 10n ** 20n });
    await send(rich, collateral, testDollarAbi, "faucet", [account.address]);
    for (const spender of [oracle, stakeManager])
      await send(account, collateral, testDollarAbi, "approve", [spender, FORTUNE]);
  }
  for (const { address } of owners) await enrich(node, collateral, address);
  for (const [index, owner] of owners.entries()) {
    const key = at(keys, index);
    const possession = await key.signTypedData(
      possessionTypedData({ chainId: HUB, stakeManager }, owner.address),
    );
    await send(owner, stakeManager, stakeManagerAbi, "join", [key.address, its, 1, possession]);
  }
  for (const [index, juror] of jurors.entries()) {
    const stake = BigInt(1_000 + 100 * index) * DOLLAR;
    await send(juror, stakeManager, stakeManagerAbi, "join", [juror.address, stake, 0, "0x"]);
    await send(juror, stakeManager, stakeManagerAbi, "setJuror", [true]);
  }
  // One adds, one goes and comes back: what seasons, and the order of the list.
  await send(at(jurors, 1), stakeManager, stakeManagerAbi, "setJuror", [false]);
  await send(at(jurors, 1), stakeManager, stakeManagerAbi, "setJuror", [true]);
  await send(at(jurors, 2), stakeManager, stakeManagerAbi, "addStake", [77n * DOLLAR]);
  for (const party of [...parties, rich])
    await send(party, oracle, oracleAbi, "deposit", [party.address, 5_000n * DOLLAR]);
  await send(rich, stakeManager, stakeManagerAbi, "advanceEpoch", [0]);
  await o.warp((await o.now()) + 61);
  await send(at(jurors, 3), stakeManager, stakeManagerAbi, "addStake", [55n * DOLLAR]);
  await send(rich, stakeManager, stakeManagerAbi, "takeJurors", []);
}
