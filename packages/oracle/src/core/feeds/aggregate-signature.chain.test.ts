import { feedsAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { chainById, deploy, localParams, openChain } from "@sooth/chain";
import { type Anvil, devAccount, startAnvil } from "@sooth/chain/local-node";
import { type Address, bytesToHex, createWalletClient, type Hex, http, keccak256, stringToHex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceEpoch, ensureJoined } from "../../edge/provider/join.ts";
import {
  finishSession,
  openSession,
  publicKeyOf,
  schnorrPoints,
  secretNonces,
  showNonces,
  signPart,
} from "./aggregate-signature.ts";
import { scalarOf } from "./curve.ts";

const definition = chainById(31_337);
const COUNT = 5;
const owners = Array.from({ length: COUNT }, (_, index) => devAccount(index + 2));
const secrets = owners.map((account) => bytesToHex(account.getHdKey().privateKey as Uint8Array));
const SCHEMA = '{"kind":"numeric","text":"ETH/USD"}';

let anvil: Anvil;
let chain: ReturnType<typeof openChain>;
let feeds: Address;
/** Compressed keys in the order of the seats. */
let keys: Hex[];
let seatSecrets: Hex[];

const wallet = () =>
  createWalletClient({ account: devAccount(0), chain: definition.viem, transport: http(anvil.rpcUrl) });
async function mined(hash: Hex): Promise<void> {
  const receipt = await chain.client.waitForTransactionReceipt({ hash, pollingInterval: 20 });
  if (receipt.status !== "success") throw new Error(`${hash} reverted`);
}

beforeAll(async () => {
  anvil = await startAnvil({ chainId: definition.id });
  chain = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  const params = { ...localParams, aggregatedSignatures: true };
  const { addresses } = await deploy({ chain, account: devAccount(0), params, role: "hub" });
  feeds = addresses.feeds;
  for (const owner of owners) {
    const own = createWalletClient({
      account: owner,
      chain: definition.viem,
      transport: http(anvil.rpcUrl),
    });
    await mined(
      await own.writeContract({
        address: addresses.collateral,
        abi: testDollarAbi,
        functionName: "faucet",
        args: [owner.address],
      }),
    );
    await ensureJoined({ chain, addresses, owner, signer: owner, stake: localParams.minStake });
  }
  await advanceEpoch({ chain, addresses, owner: devAccount(0) });
  const roster = await chain.client.readContract({
    address: addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "rosterOf",
    args: [0],
  });
  seatSecrets = roster.map((owner) => {
    const index = owners.findIndex(({ address }) => address.toLowerCase() === owner.toLowerCase());
    return secrets[index] as Hex;
  });
  keys = seatSecrets.map(publicKeyOf);
});
afterAll(async () => {
  await chain.close();
  await anvil.stop();
});

test("what signers make of their parts in two rounds, the contract takes as the feed's value", async () => {
  const contract = { address: feeds, abi: feedsAbi } as const;
  const terms = {
    schema: keccak256(stringToHex(SCHEMA)),
    scheme: 3,
    domain: 0,
    decimals: 8,
    heartbeat: 3_600,
    jump: 10,
    bandBps: 100,
    signer: "0x0000000000000000000000000000000000000000",
    secondary: `0x${"0".repeat(64)}`,
    apart: 0,
    nonce: 0n,
  } as const;
  const feed = await chain.client.readContract({ ...contract, functionName: "idOf", args: [terms] });
  const built = schnorrPoints(keys);
  await mined(
    await wallet().writeContract({
      ...contract,
      functionName: "buildSchnorrSet",
      args: [0, built.points, built.inverse],
    }),
  );

  for (const [round, seats] of [
    [0, 1, 2, 3],
    [4, 2, 1, 0],
    [0, 1, 2, 3, 4],
  ].entries()) {
    const value = 231_550_000_000n + BigInt(round);
    const observedAt = Number((await chain.client.getBlock({ blockTag: "latest" })).timestamp);
    const digest = await chain.client.readContract({
      ...contract,
      functionName: "digestOf",
      args: [feed, value, observedAt, 1],
    });
    const nonces = seats.map(() =>
      secretNonces(
        bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
        bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
      ),
    );
    const session = openSession(
      digest,
      seats.map((seat) => ({ seat, key: keys[seat] as Hex })),
      seats.map((seat, index) => showNonces(seat, nonces[index] as never)),
    );
    const parts = new Map(
      seats.map((seat, index) => [
        seat,
        signPart(session, scalarOf(seatSecrets[seat] as Hex), nonces[index] as never),
      ]),
    );
    const signature = finishSession(session, parts, keys);
    await mined(
      await wallet().writeContract({
        ...contract,
        functionName: "updateAggregated",
        args: [feed, value, observedAt, 1, signature],
      }),
    );
    const [, told] = await chain.client.readContract({ ...contract, functionName: "read", args: [feed] });
    expect(told).toBe(value);
    // The clock of the next update must have moved on.
    await chain.client.request({ method: "evm_increaseTime" as never, params: [10] as never });
    await chain.client.request({ method: "evm_mine" as never, params: [] as never });
  }
});
