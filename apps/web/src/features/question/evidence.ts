import { type EvidenceBundle, readEvidence, verdict } from "@sooth/oracle/core";

export type Quote = { document: number; text: string };
/** What a language model said of the documents that a source names. */
export type Testimony = {
  model: string;
  confidence: number;
  reason: string;
  quotes: readonly Quote[];
  documents: readonly string[];
};

/** The bundle in `text`, or nothing when it is not one: then the text is shown as it is. */
export function bundleIn(text: string): EvidenceBundle | undefined {
  const read = readEvidence(text);
  return "bundle" in read ? read.bundle : undefined;
}

/** The testimony that a witness source keeps as its excerpt. Undefined when it was cut short or is none. */
export function testimonyIn(excerpt: string): Testimony | undefined {
  const record = jsonIn(excerpt);
  const said = verdict.safeParse(record?.["verdict"]);
  if (!record || !said.success) return undefined;
  const documents = Array.isArray(record["documents"]) ? record["documents"].map(String) : [];
  const { confidence, reason, quotes } = said.data;
  return {
    model: typeof record["model"] === "string" ? record["model"] : "",
    confidence,
    reason,
    quotes,
    documents,
  };
}

function jsonIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // Cut off in the middle: shown as text.
  }
}
