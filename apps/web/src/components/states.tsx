import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { appErrorIn } from "@sooth/kernel";
import type { ReactNode } from "react";
import { ApiError } from "../api.ts";
import { sentence, sentenceFor } from "../error-text.ts";
import { useNetwork } from "../shell/use-network.ts";
import { Button } from "./button.tsx";
import { AlertIcon } from "./icons.tsx";

/** Grey bars in the shape of what is coming. */
export function Skeleton({ lines = 3, className = "" }: { lines?: number; className?: string }) {
  return (
    <div role="status" className={`grid gap-3 ${className}`}>
      <span className="sr-only">{t`Loading`}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={`skeleton h-5 ${["w-full", "w-11/12", "w-3/4"][line % 3]}`} />
      ))}
    </div>
  );
}

/** Nothing here yet, and what to do about it. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="border-y border-dashed border-rule-2 px-4 py-10 text-center">
      <p className="text-lg font-semibold">{title}</p>
      {children && <div className="mx-auto mt-1 max-w-prose text-ink-2">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}

/** What went wrong, its code for whoever is asked about it, and a way to try again. */
export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const { collateral } = useNetwork();
  // What the wallet or the chain refused is a row with a code as well.
  const code = error instanceof ApiError ? error.code : appErrorIn(error)?.code;
  const request = error instanceof ApiError ? error.requestId : undefined;
  const text =
    (error instanceof ApiError && sentenceFor(error.code, error.data, collateral)) || sentence(error.message);
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-bad/40 bg-bad-wash p-4">
      <AlertIcon className="mt-0.5 shrink-0 text-xl text-bad" />
      <div className="min-w-0">
        <p className="font-semibold wrap-anywhere">{text}</p>
        {code && (
          <p className="mt-1 text-sm text-ink-2">
            {request ? (
              <Trans>
                Code <code className="font-mono break-all">{code}</code>, request{" "}
                <code className="font-mono break-all">{request}</code>
              </Trans>
            ) : (
              <Trans>
                Code <code className="font-mono break-all">{code}</code>
              </Trans>
            )}
          </p>
        )}
        {retry && (
          <Button size="small" className="mt-3" onClick={retry}>
            {t`Try again`}
          </Button>
        )}
      </div>
    </div>
  );
}
