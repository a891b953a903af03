import { i18n } from "@lingui/core";
import { afterEach, expect, test } from "vitest";
import { shortCoin } from "./coin.tsx";

test.each([
  [982_738_708_525_037n, "0.0009827"],
  [0n, "0.00"],
  [1n, "0.000000000000000001"],
  [2_000_000_000_000_000n, "0.002"],
  [500_000_000_000_000_000n, "0.50"],
  [1_234_567_890_000_000_000_000n, "1,234.5678"],
])("%i wei are %s", (wei, text) => {
  expect(shortCoin(wei)).toBe(text);
});

afterEach(() => i18n.loadAndActivate({ locale: "en", messages: {} }));

test("where a comma stands before decimals, it does here", () => {
  i18n.loadAndActivate({ locale: "de", messages: {} });
  expect([982_738_708_525_037n, 1_234_567_890_000_000_000_000n].map(shortCoin)).toEqual([
    "0,0009827",
    "1\u202F234,5678",
  ]);
});
