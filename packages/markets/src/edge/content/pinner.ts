import type { Hex } from "@sooth/kernel";

export type ToPin = { sha256: Hex; bytes: Uint8Array; request: string | null };

/** Somewhere that keeps bytes by their CID. Whatever it does wrong is thrown, and tried again later. */
export type Pinner = {
  /** `request`: what it calls our request, while it is not done. Doing it twice does no harm. */
  pin(
    what: ToPin,
    signal: AbortSignal,
  ): Promise<{ done: true; request?: string } | { done: false; request: string }>;
  /** Lets go; also of what was never there. */
  unpin(what: { sha256: Hex; request: string | null }, signal: AbortSignal): Promise<void>;
};
