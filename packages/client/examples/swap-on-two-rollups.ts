/**
 * A swap between two rollups, of two people who do not trust each other: one signs what he gives for what, the other takes half of it.
 * Both are paid, or both keep what they have: the bundle is escrowed.
 *
 *   node swap-on-two-rollups.ts API_URL MAKER_KEY TAKER_KEY
 */
import { createClient } from "@sooth/client";
import {
  contractsOf,
  hubOf,
  type Order,
  orderTypedData,
  prepare,
  PLEDGES,
  quote,
  sendCalls,
  takeOrder,
  waitForBundle,
} from "@sooth/client/bundles";
import { type Hex, parseAbi, zeroAddress } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { chainsOf, DOLLARS } from "./chains-of.ts";

const [apiUrl = "", makerKey = "", takerKey = ""] = process.argv.slice(2);
const client = createClient({ baseUrl: apiUrl });
const network = await client.getNetwork();
const maker = privateKeyToAccount(makerKey as Hex);
const taker = privateKeyToAccount(takerKey as Hex);
const { here, there, rpcUrls } = chainsOf(network);
const token = network.addresses.collateral as Hex;
const orders = network.addresses.orders as Hex;

// The maker: an allowance once, and a signature. He sends nothing more.
await here.draw(maker);
await here.write(maker, {
  address: token,
  abi: DOLLARS,
  functionName: "approve",
  args: [orders, 100_000_000n],
});
const order: Order = {
  maker: maker.address,
  recipient: maker.address,
  giveToken: token,
  giveAmount: 100_000_000n,
  wantChainId: BigInt(there.chainId),
  wantToken: token,
  wantAmount: 99_000_000n,
  leastPart: 1_000_000n,
  taker: zeroAddress,
  expiry: network.now + 86_400,
  longestHold: 1_800,
  era: await here.read({
    address: orders,
    abi: parseAbi(["function eraOf(address) view returns (uint64)"]),
    functionName: "eraOf",
    args: [maker.address],
  }),
  salt: BigInt(network.now),
};
const book = { chainId: here.chainId, orders };
const signature = await maker.signTypedData(orderTypedData(book, order));

// The taker: half of it.
await there.draw(taker);
const secret = generatePrivateKey();
const take = (fee: bigint) =>
  takeOrder(
    {
      hub: hubOf(network),
      book,
      order,
      signature,
      amount: 50_000_000n,
      to: taker.address,
      owner: taker.address,
      payer: taker.address,
      deadline: network.now + 900,
      fee,
      salt: BigInt(network.now),
      secret,
    },
    network.now,
  );
const quoted = await quote(client, take(0n));
const built = take(BigInt(quoted.fee));
console.log(
  JSON.stringify({ bundle: built.id, fee: quoted.fee, promises: PLEDGES.escrowed.map(({ id }) => id) }),
);
const { calls } = await prepare(client, built, contractsOf(network));
const sent = await sendCalls(calls, { account: taker, rpcUrls });

const { status } = await waitForBundle(client, built.id, { signal: AbortSignal.timeout(120_000) });
console.log(
  JSON.stringify({
    ended: status.kind,
    transactions: sent.length,
    makerGot: String(await there.balanceOf(token, maker.address)),
    takerGot: String(await here.balanceOf(token, taker.address)),
  }),
);
