/**
 * Three legs in a chain: allow somebody to spend on one rollup, look at a balance on another, and pay only if it is high enough.
 * Relayers try a whole bundle before its first leg: where the condition does not hold then, nobody begins it, and it ends at its deadline. Where it
 * stops holding in between, the last leg fails without its call, and what the first did is undone. The owner sends no transaction for the
 * bundle: he signs it, and his credit at the hub pays.
 *
 *   node three-legs-with-a-condition.ts API_URL OWNER_KEY SPENDER_ADDRESS LEAST_BALANCE
 */
import { createClient } from "@sooth/client";
import { bundle, bundleTypedData, handOver, hubOf, quote, waitForBundle } from "@sooth/client/bundles";
import { createWalletClient, type Hex, http, parseAbi } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { chainsOf, DOLLARS } from "./chains-of.ts";

const [apiUrl = "", ownerKey = "", spender = "", least = "1"] = process.argv.slice(2);
const client = createClient({ baseUrl: apiUrl });
const network = await client.getNetwork();
const owner = privateKeyToAccount(ownerKey as Hex);
const { here, there, rpcUrls } = chainsOf(network);
const token = network.addresses.collateral as Hex;
const settler = {
  address: network.addresses.settler as Hex,
  abi: parseAbi(["function accountOf(address) view returns (address)"]),
};
const account = await here.read<Hex>({ ...settler, functionName: "accountOf", args: [owner.address] });
await here.draw(owner, account);
await there.draw(owner);

// A call that only reads is a call all the same: what it returns is what later legs are told.
const READING = parseAbi(["function balanceOf(address) returns (uint256)"]);
const secret = generatePrivateKey();
const build = (fee: bigint) => {
  const builder = bundle({
    hub: hubOf(network),
    owner: owner.address,
    mode: "ordered",
    deadline: network.now + 900,
    fee,
    salt: BigInt(network.now),
    secret,
  });
  const on = { target: token, abi: DOLLARS, gasLimit: 150_000 } as const;
  const allow = builder.leg({
    ...on,
    chainId: here.chainId,
    fromAccount: true,
    functionName: "approve",
    args: [spender as Hex, 7_000_000n],
  });
  const look = builder.leg({
    ...on,
    abi: READING,
    chainId: there.chainId,
    functionName: "balanceOf",
    args: [owner.address],
    after: [allow],
  });
  builder.leg({
    ...on,
    chainId: here.chainId,
    fromAccount: true,
    functionName: "transfer",
    args: [spender as Hex, 1_000_000n],
    when: [look.result(0).atLeast(BigInt(least))],
  });
  builder.undo(allow, {
    ...on,
    chainId: here.chainId,
    fromAccount: true,
    functionName: "approve",
    args: [spender as Hex, 0n],
  });
  return builder.build(network.now);
};
const quoted = await quote(client, build(0n));
const built = build(BigInt(quoted.fee));

const hub = hubOf(network);
const wallet = createWalletClient({ account: owner, transport: http(rpcUrls.get(hub.chainId)) });
await wallet.writeContract({
  address: hub.hub,
  abi: parseAbi(["function deposit(address account) payable"]),
  functionName: "deposit",
  args: [owner.address],
  value: built.bundle.fee,
  chain: null,
});
const signature = await owner.signTypedData(bundleTypedData(hub, built.bundle));
console.log(JSON.stringify({ bundle: await handOver(client, built, signature), fee: quoted.fee }));

const { status, shown } = await waitForBundle(client, built.id, { signal: AbortSignal.timeout(120_000) });
console.log(JSON.stringify({ ended: status.kind, legs: shown.map(({ state }) => state) }));
