import { bundleHubAbi, escrowAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { type Abi, type AbiEvent, encodeAbiParameters, encodeEventTopics, getAbiItem } from "viem";
import { expect, test } from "vitest";
import { addresses, ESCROWED, makeBundle, person, START } from "../../../test/ledger.ts";
import { encodeLegs, factsShown, legHash, MODES } from "../../core/index.ts";
import { logReader } from "./seen-logs.ts";
import { Sightings } from "./sightings.ts";

const HUB_CHAIN = 31_337;
const reader = logReader({
  settler: addresses.settler,
  escrow: addresses.escrow,
  hub: { hub: addresses.bundleHub, attesters: addresses.attesters },
});

test("what nobody opened is told as aborted and free, and attesters may say so", () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: START - 1 });
  const sightings = new Sightings({ chainId: HUB_CHAIN, hub: addresses.bundleHub });
  const seen = [log("Unopened", made), log("Decided", made)].map((one, block) => ({
    ...need(reader.read(one), "what it says"),
    block,
    time: START,
  }));
  sightings.take(HUB_CHAIN, seen, 0);
  const view = need(sightings.factsView(made.id), "the bundle");
  expect(view.hub).toEqual({ base: made.base, outcome: "aborted", fee: 0n, settled: true });
  expect(factsShown(view)).toEqual([{ kind: "decision", id: made.id, base: made.base, outcome: "aborted" }]);
});

test("what is no header is nobody's bundle", () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: START - 1 });
  const one = log("Unopened", made);
  const fee = 2 + 64 * 6;
  const data: Hex = `0x${one.data.slice(2, fee)}8${one.data.slice(fee + 1)}`;
  expect(reader.read(one)).toMatchObject({ kind: "opened", bundle: { fee: made.bundle.fee } });
  expect(reader.read({ ...one, data })).toBeNull();
});

test("an opening is read word by word, in whatever case a node writes it", () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: START + 9 });
  const one = log("Unopened", made);
  const { id, base, bundle, legs } = made;
  const expected = {
    kind: "opened",
    id,
    base,
    bundle,
    isUnopened: true,
    legs: { legs, hashes: legs.map(legHash) },
  };
  expect(reader.read(one)).toEqual(expected);
  expect(reader.read({ ...one, data: `0x${one.data.slice(2).toUpperCase()}` })).toEqual(expected);
  expect(() => reader.read({ ...one, data: one.data.slice(0, -64) as Hex })).toThrow("the bytes of an event");
});

test("an escrow's lanes are known by the limits that were set last, and forgotten with their blocks", () => {
  const item = getAbiItem({ abi: escrowAbi as Abi, name: "LaneLimitSet" }) as AbiEvent;
  const limit = (token: `0x${string}`, perHour: bigint, block: number) => ({
    ...need(
      reader.read({
        address: addresses.escrow,
        topics: encodeEventTopics({
          abi: escrowAbi,
          eventName: "LaneLimitSet",
          args: { chainId: 31_339n, token },
        }) as Hex[],
        data: encodeAbiParameters(
          item.inputs.filter(({ indexed }) => indexed !== true),
          [perHour, 0],
        ),
        blockNumber: "0x1",
        blockHash: `0x${"ab".repeat(32)}`,
        logIndex: "0x0",
      }),
      "what it says",
    ),
    chainId: 31_338,
    block,
    time: START,
  });
  const sightings = new Sightings({ chainId: HUB_CHAIN, hub: addresses.bundleHub });
  const [one, other] = [person(1), person(2)];
  sightings.take(31_338, [limit(one, 5n, 1), limit(other, 1n, 1)], 0);
  expect([sightings.hasLanes(31_338), sightings.hasLanes(31_339)]).toEqual([true, false]);
  sightings.take(31_338, [limit(one, 0n, 2)], 0);
  expect(sightings.hasLanes(31_338)).toBe(true);
  sightings.take(31_338, [limit(other, 0n, 3)], 0);
  expect(sightings.hasLanes(31_338)).toBe(false);
  sightings.drop(31_338, 2);
  expect(sightings.hasLanes(31_338)).toBe(true);
});

type Made = ReturnType<typeof makeBundle>;

function log(event: "Unopened" | "Decided", { id, bundle, base, legs }: Made) {
  const item = getAbiItem({ abi: bundleHubAbi as Abi, name: event }) as AbiEvent;
  const inputs = item.inputs.filter(({ indexed }) => indexed !== true);
  const header = { ...bundle, mode: MODES.indexOf(bundle.mode) };
  const values = event === "Decided" ? [base, 3] : [base, header, encodeLegs(legs)];
  return {
    address: addresses.bundleHub,
    topics: encodeEventTopics({
      abi: bundleHubAbi,
      eventName: event,
      args: { id, owner: bundle.owner },
    } as Parameters<typeof encodeEventTopics>[0]) as Hex[],
    data: encodeAbiParameters(inputs, values as never),
    blockNumber: "0x1" as const,
    blockHash: id,
    logIndex: "0x0" as const,
  };
}
