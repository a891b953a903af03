import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { EvidenceBundle } from "@sooth/oracle/core";
import { useQuery } from "@tanstack/react-query";
import { Hash } from "../../components/hash.tsx";
import { CheckIcon, CrossIcon } from "../../components/icons.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { shortHex } from "../../format/hex.ts";
import { evidenceQuery } from "../../queries.ts";
import { bundleIn, testimonyIn, type Testimony } from "./evidence.ts";
import { checkEvidence } from "./verify.ts";

/** What a provider kept of what it read, checked against the hash that it signed. */
export function EvidenceView({ hash }: { hash: string }) {
  const text = useQuery(evidenceQuery(hash));
  if (text.error) return <Failure error={text.error} retry={() => void text.refetch()} />;
  if (text.data === undefined) return <Skeleton lines={2} />;
  const bundle = bundleIn(text.data);
  return (
    <div className="grid gap-3">
      <Intact name={["evidence", hash]} text={text.data} hash={hash} />
      {bundle && (
        <>
          {bundle.reason !== "" && (
            <p>
              <span className="text-ink-3">{t`Its reason:`}</span> {bundle.reason}
            </p>
          )}
          <ul className="grid gap-3" aria-label={t`What each source said`}>
            {bundle.sources.map((source) => (
              <SourceRead key={source.name} source={source} />
            ))}
          </ul>
        </>
      )}
      <details>
        <summary className="w-fit text-sm font-semibold text-accent">
          <Trans>The whole bundle, sha256 {shortHex(hash)}</Trans>
        </summary>
        <pre className="mt-2 max-h-80 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs" tabIndex={0}>
          {bundle ? JSON.stringify(bundle, null, 2) : text.data}
        </pre>
      </details>
    </div>
  );
}

/** Hashes `text` here and now and compares. */
function Intact({ name, text, hash }: { name: readonly string[]; text: string; hash: string }) {
  const intact = useQuery({
    queryKey: [...name, "intact", hash],
    queryFn: () => checkEvidence(text, hash),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (intact.data === undefined) return <p className="text-sm text-ink-3">{t`hashing…`}</p>;
  return intact.data ? (
    <p className="flex items-center gap-1.5 text-sm font-semibold text-accent">
      <Trans>
        <CheckIcon className="text-base" /> Hashed here: matches its hash
      </Trans>
    </p>
  ) : (
    <p className="flex items-center gap-1.5 text-sm font-semibold text-bad">
      <Trans>
        <CrossIcon className="text-base" /> Hashed here: does NOT match its hash
      </Trans>
    </p>
  );
}

type Read = EvidenceBundle["sources"][number];

function SourceRead({ source }: { source: Read }) {
  const testimony = source.type === "witness" ? testimonyIn(source.excerpt) : undefined;
  return (
    <li className="min-w-0 rounded-md border border-rule p-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <b>{source.name}</b>
        <span className="num font-semibold">{source.value ?? t`nothing`}</span>
      </p>
      {source.dropped !== null && (
        <p className="text-sm text-bad">
          <Trans>does not count: {source.dropped}</Trans>
        </p>
      )}
      <p className="mt-1 font-mono text-xs break-all text-ink-2">{source.url}</p>
      <p className="num mt-1 text-sm text-ink-3">
        {source.status !== null && `HTTP ${source.status}, `}
        <TimeAgo at={source.fetchedAt} />
        {source.sha256 !== null && (
          <Trans>
            , sha256 <Hash value={source.sha256} what={t`hash of what was read`} />
          </Trans>
        )}
      </p>
      {testimony ? (
        <Witness testimony={testimony} />
      ) : (
        source.excerpt !== "" && (
          <details className="mt-1">
            <summary className="w-fit text-sm font-semibold text-accent">{t`What it said`}</summary>
            <pre
              className="mt-2 max-h-48 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap"
              tabIndex={0}
            >
              {source.excerpt}
            </pre>
            {source.sha256 !== null && <Whole excerpt={source.excerpt} hash={source.sha256} />}
          </details>
        )
      )}
    </li>
  );
}

/** Whether the excerpt is all that was read: then its own hash can be checked too. */
function Whole({ excerpt, hash }: { excerpt: string; hash: string }) {
  const whole = useQuery({
    queryKey: ["excerpt", hash, excerpt.length],
    queryFn: () => checkEvidence(excerpt, hash),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (whole.data === undefined) return null;
  return (
    <p className="mt-1 text-sm text-ink-3">
      {whole.data
        ? t`All that was read: hashed here, it fits.`
        : t`A part of what was read: its hash cannot be checked from here.`}
    </p>
  );
}

function Witness({ testimony }: { testimony: Testimony }) {
  const { model, confidence, reason, quotes } = testimony;
  return (
    <div className="mt-2 grid gap-2">
      {quotes.map(({ document, text }) => (
        <blockquote key={`${document}:${text}`} className="border-l-2 border-gold pl-3">
          <p className="question text-lg">“{text}”</p>
          <footer className="text-sm text-ink-3">
            <Trans>document {document}</Trans>
          </footer>
        </blockquote>
      ))}
      {reason !== "" && <p className="text-ink-2">{reason}</p>}
      <p className="num text-sm text-ink-3">
        <Trans>
          {model === "" ? t`A language model` : model}, {confidence}% sure. Only quotes that literally stand
          in the documents count.
        </Trans>
      </p>
    </div>
  );
}
