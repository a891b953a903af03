import { orderDigest, type SetOrder } from "@sooth/markets/core";
import { expect, test } from "vitest";
import { provedOrder } from "./proved-order.ts";

test("an order that a server tells is the one asked for, or none", () => {
  const domain = { chainId: 1, outcomeTokens: `0x${"11".repeat(20)}` } as const;
  const order: SetOrder = {
    maker: `0x${"22".repeat(20)}`,
    question: `0x${"33".repeat(32)}`,
    outcome: 0,
    side: "buyYes",
    amount: 10_000n,
    price: 500_000n,
    nonce: 7n,
    expiresAt: 1_000,
  };
  const asked = orderDigest(domain, order);
  expect(provedOrder(domain, asked, order)).toBe(order);
  expect(() => provedOrder(domain, asked, { ...order, nonce: 8n })).toThrow("nothing was signed or sent");
  expect(() => provedOrder({ ...domain, chainId: 2 }, asked, order)).toThrow(asked);
});
