import { t } from "@lingui/core/macro";
import type { Hex } from "@sooth/kernel";
import { privateKeyToAccount } from "viem/accounts";

export type ReadKey = { key: Hex; address: Hex } | { problem: string };

/** A private key as people paste it, with or without 0x and with blanks around it. */
export function readKey(text: string): ReadKey {
  const clean = text.trim().replace(/^0x/i, "").toLowerCase();
  if (clean === "") return { problem: t`Paste the private key of the signing key.` };
  if (!/^[0-9a-f]{64}$/.test(clean)) return { problem: t`A private key has 64 hexadecimal digits.` };
  const key: Hex = `0x${clean}`;
  try {
    return { key, address: privateKeyToAccount(key).address };
  } catch {
    return { problem: t`No key has this number.` }; // zero, or beyond the curve's order
  }
}

/** Under what name it is saved; the page that shows how to start a node names it again. */
export const keyFileName = (address: string): string =>
  `sooth-signing-key-${address.slice(0, 8).toLowerCase()}.env`;

/** What is saved of a new key: a line that a provider's node reads from its environment. */
export const keyFile = (key: Hex, address: Hex): string =>
  `# Signing key of a Sooth provider, address ${address}.\n# Whoever reads this file can sign reports in your name.\nPROVIDER_KEY=${key}\n`;
