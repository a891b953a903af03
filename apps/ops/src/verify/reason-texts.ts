import type { Hex } from "@sooth/kernel";
import { type AppealText, type ReasonText, wireDispute, wireReason } from "@sooth/oracle/core";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { type ApiClient, apiClient } from "../api-client.ts";
import { OpsError } from "../ops-error.ts";
import { readText } from "./log-source.ts";
import type { ReasonSource } from "./verify-question.ts";

const PATIENCE_SECONDS = 5;
const ENDING = ".txt";

/**
 * Where texts of reasons are: a server is asked for those that the chain logged the hashes of, and for those of appeals; of a folder
 * all are read, which hold objections only. What a server does not keep, or erased, is left out.
 * @throws ops.api_refused, ops.unreadable
 */
export function reasonTexts(where: string): ReasonSource {
  if (!/^https?:\/\//.test(where)) return { texts: () => textsIn(where), ofAppeals: async () => [] };
  const api = apiClient(where.replace(/\/+$/, ""), PATIENCE_SECONDS);
  return {
    texts: async (hashes) => (await Promise.all(hashes.map((hash) => textAt(api, hash)))).flat(),
    ofAppeals: async (disputes) => (await Promise.all(disputes.map((id) => appealsAt(api, id)))).flat(),
  };
}

async function textAt(api: ApiClient, name: Hex): Promise<ReasonText[]> {
  const { text } = await api.get(`/v1/reasons/${name}`, wireReason);
  // By the hash that was asked for, whatever the server calls it.
  return text === null ? [] : [{ name, text }];
}

async function appealsAt(api: ApiClient, dispute: Hex): Promise<AppealText[]> {
  const { appeals } = await api.get(`/v1/disputes/${dispute}`, wireDispute.pick({ appeals: true }));
  return appeals.flatMap(({ transaction, reason }) =>
    reason === null || reason.text === null
      ? []
      : [
          {
            dispute,
            transaction: transaction as Hex,
            text: reason.text,
            signature: reason.signature as Hex,
          },
        ],
  );
}

async function textsIn(folder: string): Promise<ReasonText[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw OpsError.unreadable({ file: folder, why: error.code ?? error.message }, { cause: error });
  });
  const texts = files.filter((file) => file.endsWith(ENDING));
  return Promise.all(
    texts.map(async (file) => ({
      name: path.basename(file, ENDING),
      text: await readText(path.join(folder, file)),
    })),
  );
}
