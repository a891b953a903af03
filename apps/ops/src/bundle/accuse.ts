import { askFaults, tryProof } from "@sooth/bundles";
import { accusedBy, wireFaults } from "@sooth/bundles/core";
import { signerOf } from "@sooth/chain";
import { type Hex, need, sameAddress } from "@sooth/kernel";
import { columns } from "../bench/table.ts";
import { OpsError } from "../ops-error.ts";
import { time } from "../verify/verify-question.ts";
import type { ChainAt, Server } from "./network.ts";
import type { Call } from "./send.ts";

type Known = Awaited<ReturnType<typeof askFaults>>;

/** What the server knows against one key that attests, or against all of them, newest first. @throws ops.api_refused */
export const knownFaults = ({ api }: Pick<Server, "api">, attester: string | undefined): Promise<Known> =>
  askFaults((path) => api.get(path, wireFaults), { signer: attester?.toLowerCase() });

/** None of nobody. */
export function faultLines({ faults, more }: Known): string[] {
  if (faults.length === 0) return [];
  const table = columns(
    [
      ["attester", "found", "how", "state", "of", "why"],
      ...faults.map(({ signer, foundAt, how, state, kind, subject, why }) => [
        signer,
        time(foundAt),
        how,
        state,
        `${kind} ${subject}`,
        why ?? "",
      ]),
    ],
    [],
  );
  return [...table.split("\n"), ...(more ? [`these are the newest ${faults.length}; there are more`] : [])];
}

/**
 * The call that takes the stake: of one fault, for that takes all, however many that nobody can prove were found since. The server is not believed: the signatures in it are recovered here,
 * and the slasher is asked by a node of one's own. @throws ops.no_fault, ops.unproven, ops.not_his_signature, ops.proof_refused
 */
export async function accuseCall(
  { url, api, hub, addresses }: Pick<Server, "url" | "api" | "hub" | "addresses">,
  chainAt: ChainAt,
  attester: string,
  { faults }: Known,
): Promise<Call> {
  if (faults.length === 0) throw OpsError.no_fault({ attester });
  const provable = await askFaults((path) => api.get(path, wireFaults), {
    signer: attester.toLowerCase(),
    provable: "true",
  });
  const proofs = provable.faults.flatMap(({ data }) => (data === null ? [] : [data as Hex]));
  if (proofs.length === 0) throw OpsError.unproven({ attester });
  const at = { chainId: hub.chainId, attesters: addresses.attesters };
  const refused: string[] = [];
  for (const data of proofs) {
    const accused = accusedBy(data, at, signerOf);
    if (accused === null || !sameAddress(accused, attester))
      throw OpsError.not_his_signature({ attester, url });
    const tried = await tryProof({ hub: chainAt(hub.chainId), addresses }, accused, data);
    if (tried.ok)
      return {
        what: `proof against ${attester}`,
        leg: null,
        chainId: hub.chainId,
        to: addresses.slasher,
        data,
        value: "0",
      };
    refused.push(tried.why);
  }
  throw OpsError.proof_refused({ attester, why: need(refused[0], "a reason") });
}
