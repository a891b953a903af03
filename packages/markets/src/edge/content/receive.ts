import type { Chain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { listProviders } from "@sooth/oracle";
import { sheetTypedData } from "@sooth/oracle/core";
import type { z } from "zod";
import {
  bytesOf,
  ContentError,
  hashOf,
  MOST_SHEET_BYTES,
  opinionComplaint,
  type wirePostSheet,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { pinTargets } from "./pin-targets.ts";
import { type Kept, keepContent } from "./store.ts";

type ReceiveDeps = Pick<Deps, "store" | "config" | "addresses" | "watchers"> & {
  hub: Pick<Chain, "definition" | "client">;
};

const roomOf = ({ config }: Pick<Deps, "config">) => ({
  bytesPerDay: config.CONTENT_BYTES_PER_DAY,
  targets: pinTargets(config),
});

/** Anybody's opinion. @throws content.bad_text, content.erased, content.full */
export async function takeOpinion(deps: ReceiveDeps, text: string): Promise<Kept> {
  const complaint = opinionComplaint(text);
  if (complaint !== null) throw ContentError.bad_text({ what: complaint });
  return keepContent(deps.store, { kind: "opinion", bytes: bytesOf(text) }, roomOf(deps));
}

/**
 * A label sheet from a provider or a watcher that is known, signed by its key. What it says is not looked into: its hash stands in a report.
 * @throws content.bad_text, content.no_provider, content.bad_signature, content.erased, content.full
 */
export async function takeSheet(
  deps: ReceiveDeps,
  { sheet, signer, signature }: z.infer<typeof wirePostSheet>,
): Promise<Kept> {
  const { store, hub, addresses, watchers = [] } = deps;
  const bytes = bytesOf(sheet);
  if (bytes.length > MOST_SHEET_BYTES)
    throw ContentError.bad_text({ what: `it has more than ${MOST_SHEET_BYTES} bytes` });
  const known = await listProviders(store.db, { signer: signer as Address, limit: 1 });
  const isWatcher = watchers.includes(signer.toLowerCase() as Hex);
  if (!isWatcher && !known.items.some(({ state }) => state !== "withdrawn"))
    throw ContentError.no_provider({ signer: signer as Address });
  const domain = { chainId: hub.definition.id, oracle: addresses.oracle };
  const typed = sheetTypedData(domain, hashOf(bytes));
  const isSigned = await hub.client.verifyTypedData({
    ...typed,
    address: signer as Address,
    signature: signature as Hex,
  });
  if (!isSigned) throw ContentError.bad_signature({ owner: signer as Address });
  return keepContent(store, { kind: "sheet", bytes, signer: signer as Address }, roomOf(deps));
}
