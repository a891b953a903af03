/** How a bundle ended, as who owns it or paid into it is told. */
export const BUNDLE_ENDS = ["completed", "refunded", "compensated", "half_done", "called_off"] as const;
/** What waits for somebody: to pay in, to have it given back or paid out, to undo, to call it off. */
export const BUNDLE_TURNS = ["pay", "give_back", "pay_out", "undo", "call_off"] as const;
export type BundleEnd = (typeof BUNDLE_ENDS)[number];
export type BundleTurn = (typeof BUNDLE_TURNS)[number];
