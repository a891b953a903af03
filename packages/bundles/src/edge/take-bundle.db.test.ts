import type { Chain } from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import { type Address, appErrorIn } from "@sooth/kernel";
import { sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HUB, type Ledger, makeBundle, openLedger } from "../../test/ledger.ts";
import {
  type Bundle,
  bundleToWire,
  bundleTypedData,
  type HubPrices,
  legToWire,
  openingCost,
  openingTakes,
} from "../core/index.ts";
import { takeOpening } from "./take-bundle.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());
beforeEach(async () => {
  await sql`truncate bundles.payloads cascade`.execute(ledger.store.db);
});

const GAS = 1_000n;
const BYTES = { least: 5_000_000n, each: 200_000n };
const ORACLE = "0x420000000000000000000000000000000000000F";
const FULL = "bundles.payloads_full";

/** A hub that knows no bundle, believes every signature and has credit for all; one that takes a fee for bytes, or not. */
function hubWith(takesForBytes: boolean): Chain {
  const { hub } = ledger.deps;
  const words: Record<string, bigint> = { wordOf: 0n, creditOf: 10n ** 24n };
  const client = {
    verifyTypedData: async () => true,
    getGasPrice: async () => GAS,
    getCode: async ({ address }: { address: Address }) =>
      takesForBytes && address === ORACLE ? "0x01" : undefined,
    readContract: async (asked: { functionName: string; args?: readonly bigint[] }) =>
      asked.functionName === "getL1FeeUpperBound"
        ? BYTES.least + BYTES.each * (asked.args?.[0] ?? 0n)
        : (words[asked.functionName] ?? (await hub.client.readContract(asked as never))),
  };
  return { ...hub, client: client as unknown as Chain["client"] };
}

const forGas: HubPrices = { gas: GAS, ofBytes: () => 0n };
const forAll: HubPrices = { gas: GAS, ofBytes: (bytes) => BYTES.least + BYTES.each * BigInt(bytes) };
/** Attesters get a fifth, and whoever opens it what is left: rounded up, and for three legs alike. */
const feeFor = (cost: bigint): bigint => ((cost * 5n + 3n) / 4n / 3n + 2n) * 3n;

type Asked = {
  fee: (o: { key: bigint; contract: bigint; bytes: bigint }) => bigint;
  isOfKey?: boolean;
  takesForBytes?: boolean;
  /** As attesters say it, `PROVIDER_FINALITY`. */
  finality?: string[];
};

/** What comes of a fee where what is free for all has no room left for these legs. */
async function take({ fee, isOfKey = true, takesForBytes = false, finality = [] }: Asked): Promise<string> {
  const alice = devAccount(1);
  const owner = alice.address.toLowerCase() as Address;
  const made = makeBundle({ owner, deadline: ledger.head(HUB).timestamp + 600 });
  const costOf = (ofKey: boolean, prices: HubPrices) =>
    openingCost(openingTakes(made.bundle, null, { bytes: 65, isOfKey: ofKey }), prices);
  const [key, contract] = [costOf(true, forGas), costOf(false, forGas)];
  const bundle: Bundle = { ...made.bundle, fee: fee({ key, contract, bytes: costOf(true, forAll) - key }) };
  const typed = bundleTypedData({ chainId: HUB, hub: ledger.deps.addresses.bundleHub }, bundle);
  const signature = isOfKey ? await alice.signTypedData(typed) : (`0x${"01".repeat(65)}` as const);
  const legs = made.legs.map(legToWire);
  const room = Math.floor(1.5 * JSON.stringify(legs).length);
  const config = { ...ledger.deps.config, BUNDLES_PAYLOAD_BYTES_PER_DAY: room, PROVIDER_FINALITY: finality };
  const deps = { ...ledger.deps, hub: hubWith(takesForBytes), config };
  try {
    await takeOpening(deps, { bundle: bundleToWire(bundle), legs, signature, private: true });
    return "taken";
  } catch (error) {
    return appErrorIn(error)?.code ?? String(error);
  }
}

test("the half of the room that is not free is for who pays whoever opens it", async () => {
  expect(await take({ fee: ({ key }) => feeFor(key) })).toBe("taken");
});

test("attack: what attesters get of a fee pays for no opening, and takes no room", async () => {
  expect(await take({ fee: ({ key }) => key })).toBe(FULL);
  expect(await take({ fee: ({ key }) => feeFor(key) - 12n })).toBe(FULL);
  expect(await take({ fee: () => 0n })).toBe(FULL);
});

test("attack: a fee that leaves out what a rollup takes for bytes takes no room", async () => {
  expect(await take({ fee: ({ key }) => feeFor(key), takesForBytes: true })).toBe(FULL);
  expect(await take({ fee: ({ key, bytes }) => feeFor(key + bytes), takesForBytes: true })).toBe("taken");
});

test("attack: an owner's contract that may take gas to say that it signed pays for that too", async () => {
  expect(await take({ fee: ({ key }) => feeFor(key), isOfKey: false })).toBe(FULL);
  expect(await take({ fee: ({ contract }) => feeFor(contract), isOfKey: false })).toBe("taken");
});

test("what is over before attesters speak of its chains is not taken, and what is not is", async () => {
  // Its three legs stand on two chains, a second a block, and it ends in 600 s.
  expect(await take({ fee: ({ key }) => feeFor(key), finality: [`${HUB}:*=601`] })).toBe(
    "bundles.deadline_too_near",
  );
  expect(await take({ fee: ({ key }) => feeFor(key), finality: [`${HUB}:*=300`] })).toBe("taken");
});
