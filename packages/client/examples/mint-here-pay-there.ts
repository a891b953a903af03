/**
 * Something is minted on one rollup and paid on another: the payment runs only after the mint ran well, and when the payment
 * fails, what was minted goes to the shop. Others may see the moment in between: the bundle is ordered.
 *
 *   node mint-here-pay-there.ts API_URL BUYER_KEY SHOP_ADDRESS
 */
import { createClient } from "@sooth/client";
import { bundle, contractsOf, hubOf, prepare, quote, sendCalls, waitForBundle } from "@sooth/client/bundles";
import { type Hex, parseAbi } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { chainsOf, DOLLARS } from "./chains-of.ts";

const [apiUrl = "", buyerKey = "", shop = ""] = process.argv.slice(2);
const PRICE = 25_000_000n;
const client = createClient({ baseUrl: apiUrl });
const network = await client.getNetwork();
const buyer = privateKeyToAccount(buyerKey as Hex);
const { here, there, rpcUrls } = chainsOf(network);
const token = network.addresses.collateral as Hex;
const settler = {
  address: network.addresses.settler as Hex,
  abi: parseAbi(["function accountOf(address) view returns (address)"]),
};

// The buyer's own account, at one address on every chain: legs pay from what it holds.
const account = await there.read<Hex>({ ...settler, functionName: "accountOf", args: [buyer.address] });
await there.draw(buyer, account);

const secret = generatePrivateKey();
const build = (fee: bigint) => {
  const builder = bundle({
    hub: hubOf(network),
    owner: buyer.address,
    mode: "ordered",
    deadline: network.now + 900,
    fee,
    salt: BigInt(network.now),
    secret,
  });
  const on = { target: token, abi: DOLLARS, gasLimit: 150_000 } as const;
  const mint = builder.leg({ ...on, chainId: here.chainId, functionName: "faucet", args: [account] });
  builder.leg({
    ...on,
    chainId: there.chainId,
    fromAccount: true,
    functionName: "transfer",
    args: [shop as Hex, PRICE],
    after: [mint],
  });
  builder.undo(mint, {
    ...on,
    chainId: here.chainId,
    fromAccount: true,
    functionName: "transfer",
    args: [shop as Hex, 10_000_000_000n],
  });
  return builder.build(network.now);
};
const quoted = await quote(client, build(0n));
const built = build(BigInt(quoted.fee));
console.log(JSON.stringify({ bundle: built.id, fee: quoted.fee, seconds: quoted.seconds }));
await sendCalls((await prepare(client, built, contractsOf(network))).calls, { account: buyer, rpcUrls });

const { status, shown } = await waitForBundle(client, built.id, { signal: AbortSignal.timeout(120_000) });
console.log(
  JSON.stringify({
    ended: status.kind,
    legs: shown.map(({ state }) => state),
    minted: String(await here.balanceOf(token, account)),
    shopGot: String(await there.balanceOf(token, shop as Hex)),
  }),
);
