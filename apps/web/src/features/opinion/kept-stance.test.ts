import { expect, onTestFinished, test, vi } from "vitest";
import { keptStances, readKept } from "./opinion-steps.ts";

const MARKET = `0x${"aa".repeat(32)}`;
const OWNER = `0x${"bb".repeat(20)}` as const;
const KEPT = { market: MARKET, owner: OWNER, band: 7, salt: `0x${"cc".repeat(32)}` } as const;

const storage = (entries: Record<string, string>) => {
  vi.stubGlobal("localStorage", { ...entries, getItem: (name: string) => entries[name] ?? null });
  onTestFinished(() => void vi.unstubAllGlobals());
};

test("what was kept of a stance is read back, for its market and owner alone", () => {
  storage({ "sooth.stance.1": JSON.stringify(KEPT), "sooth.theme": "dark" });
  expect(keptStances(MARKET, OWNER.toUpperCase().replace("0X", "0x"))).toEqual([
    { band: 7, salt: KEPT.salt },
  ]);
  expect(keptStances(`0x${"00".repeat(32)}`, OWNER)).toEqual([]);
  expect(keptStances(MARKET, `0x${"00".repeat(20)}`)).toEqual([]);
});

test.each([
  "",
  "{",
  "null",
  "7",
  "[]",
  '{"market":1}',
  JSON.stringify({ ...KEPT, owner: null }),
  JSON.stringify({ ...KEPT, salt: "salt" }),
])("garbage is passed over: %s", (text) => {
  expect(readKept(text)).toBeNull();
  storage({ "sooth.stance.0": text, "sooth.stance.1": JSON.stringify(KEPT) });
  expect(keptStances(MARKET, OWNER)).toHaveLength(1);
});

test("where the browser lets nobody look there is none", () => {
  vi.stubGlobal(
    "localStorage",
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new DOMException("blocked", "SecurityError");
        },
      },
    ),
  );
  onTestFinished(() => void vi.unstubAllGlobals());
  expect(keptStances(MARKET, OWNER)).toEqual([]);
});
