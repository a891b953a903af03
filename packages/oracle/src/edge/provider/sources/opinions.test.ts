import { chainById } from "@sooth/chain";
import { describe, expect, test } from "vitest";
import { numericSchema } from "../../../../test/people.ts";
import { type Source } from "../../../core/index.ts";
import { isReadable } from "../schedule.ts";
import type { SourceTools } from "./source-plugin.ts";
import { opinions } from "./opinions.ts";

const HUB = 31_337;
const OURS = `0x${"a6".repeat(20)}` as const;
const source = {
  type: "opinions",
  name: "opinions",
  unit: "points",
  scale: 0,
  chainId: HUB,
  address: OURS,
} satisfies Source;
const analyst = { reads: () => [], assess: async () => ({ scored: false as const, why: "nobody asks" }) };
const tools = {
  chains: [{ definition: chainById(HUB) }, { definition: chainById(1) }],
  opinions: { chainId: HUB, contract: OURS, analyst, gateways: [], keep: async () => true },
} as unknown as SourceTools;
const asked = {
  schema: numericSchema({ kind: "score", decimals: 2, unit: "points", sources: [source] }),
  terms: { min: 0n, max: 10_000n },
};

describe("opinions are read from the deployment's own contract", () => {
  test("in whatever letters its address is written", () => {
    expect(opinions.refusal(source, asked, tools)).toBeNull();
    expect(opinions.refusal({ ...source, address: `0x${"A6".repeat(20)}` }, asked, tools)).toBeNull();
  });

  test("and from no other, which could say of its own logs what its creator likes", () => {
    const theirs = { ...source, address: `0x${"66".repeat(20)}` };
    expect(opinions.refusal(theirs, asked, tools)).toContain("is not the contract whose opinions");
    expect(opinions.refusal({ ...source, chainId: 1 }, asked, tools)).toContain("on chain 1 is not");
    const question = { ...asked, schema: { ...asked.schema, sources: [theirs] } };
    expect([isReadable(asked, tools), isReadable(question, tools)]).toEqual([true, false]);
  });
});
