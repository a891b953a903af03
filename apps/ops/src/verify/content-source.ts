import type { Hex } from "@sooth/kernel";
import { hashNamed, textHash } from "@sooth/markets/core";
import { type EvidenceBody, wireQuestionDetail } from "@sooth/oracle/core";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { apiClient } from "../api-client.ts";
import { OpsError } from "../ops-error.ts";
import { readText } from "./log-source.ts";

const PATIENCE_SECONDS = 5;
const REQUEST_MS = 10_000;
/** A server that has no such text, or had it erased. */
const NOT_THERE = new Set([404, 410]);
/** A market may hold ten thousand opinions: asked for all at once they wait for each other until their time is over. */
const AT_ONCE = 8;
/** A server bounds what one address may ask in a minute, and says when to come back. */
const LATER = new Set([429, 503]);
const TRIES = 5;
const PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 60;

/** Texts by their true SHA-256, and the names that are not those of what they stand on. */
export type Contents = { texts: ReadonlyMap<Hex, string>; misnamed: readonly { name: string; hash: Hex }[] };

export const isServer = (where: string): boolean => /^https?:\/\//.test(where);
const trimmed = (url: string): string => url.replace(/\/+$/, "");

/**
 * Label sheets and opinions: all files of a folder, each named by its SHA-256 or CID, or of a server those of these hashes. Nobody is
 * believed: what came is hashed. @throws ops.unreadable, ops.api_refused
 */
export async function contentAt(where: string, hashes: readonly Hex[]): Promise<Contents> {
  const named = isServer(where) ? await ofServer(trimmed(where), hashes) : await ofFolder(where);
  const hashed = named.map((one) => ({ ...one, hash: textHash(one.text) }));
  return {
    texts: new Map(hashed.map(({ hash, text }) => [hash, text])),
    misnamed: hashed.filter(({ name, hash }) => hashNamed(name) !== hash),
  };
}

type Named = { name: string; text: string };

async function ofFolder(folder: string): Promise<Named[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw OpsError.unreadable({ file: folder, why: error.code ?? error.message }, { cause: error });
  });
  const named = files.map((file) => ({ file, name: path.parse(file).name }));
  return Promise.all(
    named
      .filter(({ name }) => hashNamed(name) !== null)
      .map(async ({ file, name }) => ({ name, text: await readText(path.join(folder, file)) })),
  );
}

const ofServer = (url: string, hashes: readonly Hex[]): Promise<Named[]> =>
  textsAt(`${url}/v1/content`, hashes);

/** Those of these texts that are kept below `url`, in their order. @throws ops.api_refused */
async function textsAt(url: string, hashes: readonly Hex[]): Promise<Named[]> {
  const names = [...new Set(hashes)];
  const found = new Map<Hex, string>();
  const waiting = names.values();
  const work = async () => {
    for (const name of waiting) {
      const text = await textAt(`${url}/${name}`);
      if (text !== null) found.set(name, text);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return names.flatMap((name) => {
    const text = found.get(name);
    return text === undefined ? [] : [{ name, text }];
  });
}

/** @throws ops.api_refused */
async function textAt(url: string): Promise<string | null> {
  const refused = (status: number, body: string) =>
    OpsError.api_refused({ call: `GET ${url}`, status, body: body.slice(0, 300) });
  for (let tries = 1; ; tries++) {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) }).catch((error: unknown) => {
      throw refused(0, error instanceof Error ? error.message : String(error));
    });
    if (NOT_THERE.has(response.status)) return null;
    const text = await response.text();
    if (response.ok) return text;
    if (!LATER.has(response.status) || tries === TRIES) throw refused(response.status, text);
    const told = Number(response.headers.get("retry-after") ?? PAUSE_SECONDS);
    await delay(1_000 * Math.min(Number.isFinite(told) ? told : PAUSE_SECONDS, LONGEST_PAUSE_SECONDS));
  }
}

/** Evidence of a question's reports, by a server that says which is whose. @throws ops.api_refused */
export async function evidenceOfServer(where: string, question: Hex): Promise<EvidenceBody[]> {
  const url = trimmed(where);
  const { reports } = await apiClient(url, PATIENCE_SECONDS).get(
    `/v1/questions/${question}`,
    wireQuestionDetail.pick({ reports: true }),
  );
  const hashes = reports.flatMap(({ evidence }) => (evidence === null ? [] : [evidence as Hex]));
  return textsAt(`${url}/v1/evidence`, hashes);
}
