import {
  attestersAbi,
  marketsAbi,
  opinionsAbi,
  oracleAbi,
  stakeManagerAbi,
  testDollarAbi,
  wiringAbi,
} from "@sooth/abi";
import { createWalletClient, custom, maxUint256, numberToHex, zeroAddress } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chainById } from "../chains/index.ts";
import { type Anvil, devAccount, startAnvil } from "../local-node/index.ts";
import type { Chain } from "../rpc/chain.ts";
import { openChain } from "../rpc/open-chain.ts";
import { computeAddresses, DEPLOYMENT_PROXY } from "./addresses.ts";
import { beginAttesting } from "./begin-attesting.ts";
import { deploy } from "./deploy.ts";
import { deploymentText, localDeploymentFiles, parseDeployment } from "./file.ts";
import { localParams } from "./params.ts";

let nodes: Anvil[];
let hub: Chain;
let rollup: Chain;
const account = devAccount(0);

beforeAll(async () => {
  nodes = await Promise.all([startAnvil({ chainId: 31337 }), startAnvil({ chainId: 31338 })]);
  [hub, rollup] = [31337, 31338].map((id, index) =>
    openChain({ definition: chainById(id), rpcUrls: [nodes[index]?.rpcUrl ?? ""] }),
  ) as [Chain, Chain];
});
afterAll(async () => {
  await Promise.all([hub.close(), rollup.close()]);
  await Promise.all(nodes.map((node) => node.stop()));
});

test("a hub gets every contract at its computed address, once", async () => {
  const first = await deploy({ chain: hub, account, params: localParams, role: "hub" });
  expect(first.deployed).toEqual([
    "TestDollar",
    "Wiring",
    "Timelock",
    "Policy",
    "Guard",
    "Slasher",
    "Epochs",
    "StakeManager",
    "Oracle",
    "Markets",
    "DrandBeacon",
    "Feeds",
    "Opinions",
    "OutcomeTokens",
    "Attesters",
    "Settler",
    "Escrow",
    "BundleHub",
    "Orders",
    "HashLocks",
    "BundleResolver",
    "MessageGateway",
    "Ladder",
    "Court",
    "Gateway",
    "Assertions",
  ]);
  expect(first.startBlock).toBe(1);
  expect(first.addresses).toEqual(computeAddresses(localParams));
  const { oracle, markets, collateral } = first.addresses;
  const { client } = hub;
  const ofMarkets = await client.readContract({ address: markets, abi: marketsAbi, functionName: "oracle" });
  expect(ofMarkets.toLowerCase()).toBe(oracle);
  const ofOracle = await client.readContract({ address: oracle, abi: oracleAbi, functionName: "collateral" });
  expect(ofOracle.toLowerCase()).toBe(collateral);
  const wired = { address: first.addresses.wiring, abi: wiringAbi } as const;
  expect(await client.readContract({ ...wired, functionName: "isSealed" })).toBe(true);
  const slasher = await client.readContract({ ...wired, functionName: "slasher" });
  expect(slasher.toLowerCase()).toBe(first.addresses.slasher);
  const ladder = await client.readContract({ ...wired, functionName: "ladder" });
  expect(ladder.toLowerCase()).toBe(first.addresses.ladder);
  const court = await client.readContract({ ...wired, functionName: "court" });
  expect(court.toLowerCase()).toBe(first.addresses.court);
  const again = await deploy({ chain: hub, account, params: localParams, role: "hub" });
  expect(again).toEqual({ addresses: first.addresses, startBlock: 0, deployed: [] });
});

test("a rollup gets the test dollar and what bundles need there, at the hub's addresses", async () => {
  const { deployed, addresses } = await deploy({
    chain: rollup,
    account,
    params: localParams,
    role: "rollup",
  });
  expect(deployed).toEqual([
    "TestDollar",
    "Attesters",
    "Settler",
    "Escrow",
    "Orders",
    "HashLocks",
    "BundleResolver",
  ]);
  const decimals = await rollup.client.readContract({
    address: addresses.collateral,
    abi: testDollarAbi,
    functionName: "decimals",
  });
  expect(decimals).toBe(6);
  expect(await rollup.client.getCode({ address: addresses.oracle })).toBeUndefined();
});

test("attesters begin on every chain once providers sit, by the deployer, and once", async () => {
  const { collateral, stakeManager, attesters } = computeAddresses(localParams);
  const begin = { hub, rollups: [rollup], account, params: localParams };
  expect(await beginAttesting(begin)).toEqual([]);
  const wallet = createWalletClient({
    account,
    chain: hub.definition.viem,
    transport: custom({ request: hub.client.request }),
  });
  const stakes = { address: stakeManager, abi: stakeManagerAbi } as const;
  const dollar = { address: collateral, abi: testDollarAbi } as const;
  const sent = [
    await wallet.writeContract({ ...dollar, functionName: "faucet", args: [account.address] }),
    await wallet.writeContract({ ...dollar, functionName: "approve", args: [stakeManager, maxUint256] }),
    await wallet.writeContract({
      ...stakes,
      functionName: "join",
      args: [account.address, localParams.minStake, 1 << localParams.bundles.domain, "0x"],
    }),
    await wallet.writeContract({
      ...stakes,
      functionName: "advanceEpoch",
      args: [localParams.bundles.domain],
    }),
  ];
  for (const hash of sent)
    expect((await hub.client.waitForTransactionReceipt({ hash })).status).toBe("success");
  const other = { ...begin, account: devAccount(3) };
  await expect(beginAttesting(other)).rejects.toMatchObject({ code: "chain.deploy_failed" });
  expect(await beginAttesting(begin)).toEqual([rollup.definition.name]);
  expect(await beginAttesting(begin)).toEqual([]);
  for (const { client } of [hub, rollup]) {
    const at = { address: attesters, abi: attestersAbi } as const;
    expect(await client.readContract({ ...at, functionName: "currentEpoch" })).toBe(1);
    const [blob] = await client.readContract({ ...at, functionName: "epochOf", args: [1] });
    const code = await client.getCode({ address: blob });
    expect(code?.toLowerCase()).toContain(account.address.slice(2).toLowerCase());
  }
});

test("a wiring that was built for another account is sealed by nobody else", async () => {
  const params = { ...localParams, deployer: devAccount(3).address, minStake: 7n };
  await expect(deploy({ chain: hub, account, params, role: "hub" })).rejects.toMatchObject({
    code: "chain.deploy_failed",
    message: expect.stringContaining(`only ${devAccount(3).address} seals it`),
  });
  await deploy({ chain: hub, account, sealer: devAccount(3), params, role: "hub" });
});

test("where five are named, three of them approve results", async () => {
  const committeeMembers = [1, 2, 3, 4, 5].map((n) => numberToHex(n, { size: 20 }));
  const params = { ...localParams, committeeMembers };
  const { addresses, deployed } = await deploy({ chain: hub, account, params, role: "hub" });
  expect(deployed).toEqual(["Slasher", "Committee", "Opinions"]);
  const opinions = { address: addresses.opinions, abi: opinionsAbi } as const;
  const approver = await hub.client.readContract({ ...opinions, functionName: "approver" });
  expect(approver.toLowerCase()).toBe(addresses.committee);
  const own = { ...opinions, address: computeAddresses(localParams).opinions };
  expect(await hub.client.readContract({ ...own, functionName: "approver" })).toBe(zeroAddress);
});

test("a chain without the deployment proxy is named", async () => {
  const bare = await startAnvil({ chainId: 31339 });
  const chain = openChain({ definition: chainById(31339), rpcUrls: [bare.rpcUrl] });
  await chain.client.request({ method: "anvil_setCode" as never, params: [DEPLOYMENT_PROXY, "0x"] as never });
  await expect(deploy({ chain, account, params: localParams, role: "hub" })).rejects.toMatchObject({
    code: "chain.no_proxy",
  });
  await chain.close();
  await bare.stop();
});

test("parameters are part of the addresses", () => {
  const other = computeAddresses({ ...localParams, minStake: localParams.minStake + 1n });
  const { collateral, ...rest } = computeAddresses(localParams);
  expect(other.collateral).toBe(collateral);
  expect(Object.values(rest)).not.toContain(other.stakeManager);
  expect(other.beacon).toBe(rest.beacon);
  const moved = [
    other.stakeManager,
    other.oracle,
    other.markets,
    other.slasher,
    other.attesters,
    other.settler,
    other.escrow,
  ];
  expect(new Set([...Object.values(rest), ...moved]).size).toBe(32);
  const given = computeAddresses({
    ...localParams,
    collateral: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
  });
  expect(given.collateral).toBe("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
});

test("a deployment file reads as it was written", () => {
  const files = localDeploymentFiles();
  expect(files.map(({ name }) => name)).toEqual(["31337.json", "31338.json", "31339.json"]);
  for (const { text } of files) expect(deploymentText(parseDeployment(text))).toBe(text);
  expect(parseDeployment(files[0]?.text ?? "").params).toEqual(localParams);
});
