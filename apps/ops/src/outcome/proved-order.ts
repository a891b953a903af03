import type { Hex } from "@sooth/kernel";
import { orderDigest, type OrdersDomain, type SetOrder } from "@sooth/markets/core";
import { OpsError } from "../ops-error.ts";

/** What a server told of an order, where it is that order: with another's nonce it would be paid for, and stand all the same. @throws ops.other_order */
export function provedOrder(domain: OrdersDomain, asked: Hex, told: SetOrder): SetOrder {
  const digest = orderDigest(domain, told);
  if (digest !== asked) throw OpsError.other_order({ order: asked, told: digest });
  return told;
}
