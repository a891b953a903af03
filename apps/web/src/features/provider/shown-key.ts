import type { PreparedProvider } from "../../api.ts";
import type { ChosenKey } from "./key-choice.tsx";

/**
 * What the server prepares for a chosen key: asked once to learn what the key has to sign, and, when it has to, again
 * with its signature.
 */
export async function preparedWith(
  { signer, sign }: ChosenKey,
  ask: (key: { signer: string; possession?: string }) => Promise<PreparedProvider>,
): Promise<PreparedProvider> {
  const asked = await ask({ signer });
  if (asked.possession === null || !sign) return asked;
  return ask({ signer, possession: await sign(asked.possession) });
}
