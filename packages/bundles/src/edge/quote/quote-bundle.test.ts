import { type Addresses, type Chain, chainById } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import { expect, test } from "vitest";
import {
  acrossBytes,
  acrossGas,
  type Leg,
  legBytes,
  NO_RESULT,
  NOBODY,
  SIGNATURE_GAS,
  STANDALONE,
} from "../../core/index.ts";
import { quoteBundle } from "./quote-bundle.ts";

const [HUB, ROLLUP] = [31_337, 31_338];
const leg: Leg = {
  chainId: ROLLUP,
  kind: "participant",
  target: `0x${"11".repeat(20)}`,
  value: 0n,
  gasLimit: 50_000,
  data: `0x${"a5".repeat(4_000)}`,
  ...STANDALONE,
  salt: NO_RESULT,
};
const addresses = { bundleHub: NOBODY, escrow: NOBODY, settler: NOBODY } as unknown as Addresses;
const [CONTRACT, DELEGATING] = [`0x${"22".repeat(20)}`, `0x${"33".repeat(20)}`] as const;
const CODE: Record<string, string> = { [CONTRACT]: "0x60", [DELEGATING]: `0xef0100${"44".repeat(20)}` };
/** @param perByte what the chain takes for a byte; null: it takes nothing, and has nobody to ask */
const chain = (id: number, perByte: bigint | null, lanes = 0): Chain =>
  ({
    definition: chainById(id),
    client: {
      getGasPrice: () => Promise.resolve(10n),
      getCode: ({ address }: { address: string }) =>
        Promise.resolve(CODE[address] ?? (perByte === null || address === NOBODY ? undefined : "0x60")),
      readContract: ({ functionName, args }: { functionName: string; args?: [bigint] }) =>
        Promise.resolve(
          functionName === "getL1FeeUpperBound"
            ? (perByte ?? 0n) * (args?.[0] ?? 0n)
            : functionName === "ATTESTER_BPS"
              ? 0
              : functionName === "lanesLimited"
                ? lanes
                : 1_000,
        ),
    },
  }) as unknown as Chain;
const quoteOn = async (
  hub: bigint | null,
  rollup: bigint | null,
  isPrivate = false,
  owner: Address = NOBODY,
) => {
  const deps = { hub: chain(HUB, hub), rollups: [chain(ROLLUP, rollup)], addresses };
  const asked = { owner, mode: "escrowed", legs: [leg], fee: null, isPrivate } as const;
  const { cost, fee } = await quoteBundle(deps, asked);
  return { cost: BigInt(cost), fee: BigInt(fee) };
};

test("a quote covers what rollups take for bytes: of a leg that is held twice, and at the hub", async () => {
  const [none, there, here, quiet] = [
    await quoteOn(null, null),
    await quoteOn(null, 100n),
    await quoteOn(100n, null),
    await quoteOn(100n, null, true),
  ];
  expect(there.cost - none.cost).toBe(2n * 100n * BigInt(legBytes(leg, 1, 1)));
  expect(there.fee - none.fee).toBeGreaterThanOrEqual(there.cost - none.cost);
  expect(here.cost - none.cost).toBeGreaterThan(100n * 4_000n);
  // Legs that are private are not logged.
  expect(here.cost - quiet.cost).toBeGreaterThan(100n * 4_000n);
});

test("where a lane is bounded a quote covers showing the other legs, and counting", async () => {
  const held: Leg = { ...leg, kind: "escrow", value: 5n, gasLimit: 0, data: `0x${"00".repeat(64)}` };
  const legs = [held, { ...held, chainId: HUB }];
  const on = async (lanes: number) => {
    const deps = { hub: chain(HUB, null), rollups: [chain(ROLLUP, 100n, lanes)], addresses };
    return quoteBundle(deps, { owner: NOBODY, mode: "escrowed", legs, fee: null, isPrivate: true });
  };
  const [free, bounded] = [await on(0), await on(1)];
  expect(free.legs.map(({ across }) => across)).toEqual([false, false]);
  expect(bounded.legs.map(({ across }) => across)).toEqual([true, false]);
  const { prepare, finish } = acrossGas(held, legs);
  const more = (prepare + finish) * 10n + 100n * BigInt(acrossBytes(2));
  expect(BigInt(bounded.cost) - BigInt(free.cost)).toBe(more);
  expect(BigInt(bounded.fee) - BigInt(free.fee)).toBeGreaterThanOrEqual(more);
});

test("who has a contract say that he signed pays for what it may take", async () => {
  const [key, contract, delegating] = await Promise.all(
    [NOBODY, CONTRACT, DELEGATING].map((owner) => quoteOn(null, null, false, owner)),
  );
  expect((contract?.fee ?? 0n) - (key?.fee ?? 0n)).toBeGreaterThanOrEqual(SIGNATURE_GAS * 10n);
  expect(delegating).toEqual(key);
});
