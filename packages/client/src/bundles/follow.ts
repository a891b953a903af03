import { ApiError } from "../api-error.ts";
import type { BundleDetail } from "../generated/types.ts";
import type { CallOptions } from "../transport.ts";
import { wait } from "../wait.ts";

type Reader = { getBundle(input: { id: string }, options?: CallOptions): Promise<BundleDetail> };

/** How a bundle can end: all took effect, all was given back, or what ran was undone. */
export type BundleEnd = Extract<
  BundleDetail["status"],
  { kind: "completed" } | { kind: "refunded" } | { kind: "compensated" }
>;

export const isEnded = (status: BundleDetail["status"]): status is BundleEnd =>
  status.kind === "completed" || status.kind === "refunded" || status.kind === "compensated";

const POLL_MS = 500;

/**
 * The bundle once nothing more will become of it. One that is stuck has not ended: somebody may try its compensation again. A
 * bundle that was just opened may not be known yet for `patientSeconds`. Rejects when `signal` aborts. @throws ApiError
 */
export async function waitForBundle(
  client: Reader,
  id: string,
  options: CallOptions & {
    pollMs?: number;
    patientSeconds?: number;
    /** Told of each change of its status. */
    onStatus?: (status: BundleDetail["status"]) => void;
  } = {},
): Promise<BundleDetail & { status: BundleEnd }> {
  const { pollMs = POLL_MS, patientSeconds = 30, onStatus, ...call } = options;
  const patientUntil = performance.now() + patientSeconds * 1_000;
  let told = "";
  for (;;) {
    try {
      const found = await client.getBundle({ id }, call);
      const { status } = found;
      const text = JSON.stringify(status);
      if (text !== told) onStatus?.(status);
      told = text;
      if (isEnded(status)) return { ...found, status };
    } catch (error) {
      const isUnknown = error instanceof ApiError && error.code === "bundles.unknown";
      if (!isUnknown || performance.now() > patientUntil) throw error;
    }
    await wait(pollMs, options.signal);
  }
}
