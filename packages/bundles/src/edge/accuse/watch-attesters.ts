import { setTimeout as delay } from "node:timers/promises";
import { type Addresses, type Chain, signerOf, walletOf } from "@sooth/chain";
import { type Hex, sameAddress } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import { accusedBy, type AttestersAt, BundlesError, type WireFault, wireFaults } from "../../core/index.ts";
import { askFaults } from "./ask-faults.ts";
import { proofs } from "./metrics.ts";
import { PUNISHED, tryProof } from "./send-proofs.ts";

export type WatchAttestersOptions = {
  hub: Chain;
  addresses: Addresses;
  /** Pays the gas, and has the challenger's part of what is taken. */
  account: LocalAccount;
  /** Whose list of faults is read; nothing else of it is believed. */
  apiUrl: string;
  /** How long a proof is left to the server's own relayer, in milliseconds. */
  leaveMs?: number;
  pollMs?: number;
  signal: AbortSignal;
  log: Logger;
};

const LEAVE_MS = 60_000;
const POLL_MS = 15_000;
const TIMEOUT_MS = 10_000;

/**
 * Sends proofs against attesters that nobody else sends, with a watcher's key: what the server found, signed by the attesters
 * themselves, and taken by the slasher when it is tried. What is found is in the server's rows and who is punished on the chain, so it
 * keeps nothing. Runs until `signal` aborts.
 */
export async function watchAttesters(o: WatchAttestersOptions): Promise<void> {
  const { signal, log } = o;
  const seen = new Map<string, number>();
  while (!signal.aborted) {
    try {
      await lookOnce(o, seen);
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "the watcher cannot look for faults of attesters now");
    }
    await delay(o.pollMs ?? POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function lookOnce(o: WatchAttestersOptions, seen: Map<string, number>): Promise<void> {
  const { hub, addresses, account, log } = o;
  const faults = await openFaults(o);
  const at: AttestersAt = { chainId: hub.definition.id, attesters: addresses.attesters };
  const accused = new Set<string>();
  for (const { signer, kind, subject, data } of faults) {
    if (data === null || accused.has(signer)) continue;
    const key = `${signer} ${kind} ${subject}`;
    const since = seen.get(key) ?? performance.now();
    seen.set(key, since);
    if (performance.now() - since < (o.leaveMs ?? LEAVE_MS)) continue;
    const accusation = accusedBy(data as Hex, at, signerOf);
    if (accusation === null || !sameAddress(accusation, signer)) {
      log.warn({ signer, kind, subject }, "a server shows a proof that this key did not sign");
      continue;
    }
    const tried = await tryProof(o, accusation, data as Hex);
    if (!tried.ok) {
      if (tried.why !== PUNISHED) proofs.inc({ outcome: tried.why });
      continue;
    }
    const transaction = await walletOf(hub, account).sendTransaction({
      to: addresses.slasher,
      data: data as Hex,
    });
    const { status } = await hub.client.waitForTransactionReceipt({ hash: transaction });
    accused.add(signer);
    // Somebody was faster, which is as good: the next look finds him punished.
    proofs.inc({ outcome: status === "success" ? "sent" : "late" });
    log.warn({ signer, kind, subject, transaction, status }, "a proof against an attester was sent");
  }
}

/** Those that nobody is punished for yet, and that a contract takes. @throws bundles.faults_unknown */
async function openFaults({ apiUrl, signal }: WatchAttestersOptions): Promise<WireFault[]> {
  const { faults } = await askFaults(
    async (path) => {
      const url = new URL(path, apiUrl);
      const response = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const parsed = response.ok ? wireFaults.safeParse(await response.json()) : null;
      if (!parsed?.success) throw BundlesError.faults_unknown({ url: url.host, status: response.status });
      return parsed.data;
    },
    { state: "open", provable: "true" },
  );
  return faults.filter(({ state }) => state !== "punished");
}
