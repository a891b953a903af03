import { expect, test } from "vitest";
import { chainById, chains } from "./index.ts";

test("every chain is there once, by id and by name, and is the chain that viem means", () => {
  expect(new Set(chains.map(({ id }) => id)).size).toBe(chains.length);
  expect(new Set(chains.map(({ name }) => name)).size).toBe(chains.length);
  for (const chain of chains) {
    expect(chain.viem.id).toBe(chain.id);
    expect(chain.viem.nativeCurrency.symbol).toBe(chain.nativeSymbol);
    expect(chainById(chain.id)).toBe(chain);
  }
});
test("an unknown chain is named with those that are known", () => {
  expect(() => chainById(5)).toThrow("chain 5 is not one of 31337, 31338");
});
