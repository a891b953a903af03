import { t } from "@lingui/core/macro";
import { Button } from "./button.tsx";
import { CheckIcon, CopyIcon } from "./icons.tsx";
import { useCopied } from "./use-copied.ts";

/** A line for a terminal, or a piece of code, with a button that copies the whole. */
export function Command({ text, what = t`command` }: { text: string; what?: string }) {
  const { copied, copy } = useCopied(text);
  return (
    <div className="grid min-w-0 gap-2">
      <pre
        className="rounded-md bg-sunken p-3 font-mono text-xs leading-relaxed break-all whitespace-pre-wrap"
        aria-label={what}
        role="region"
        tabIndex={0}
      >
        {text}
      </pre>
      <Button size="small" className="w-fit" onClick={copy}>
        {copied ? <CheckIcon className="text-accent" /> : <CopyIcon />}
        {copied ? t`Copied` : t`Copy the ${what}`}
      </Button>
      <span className="sr-only" aria-live="polite">
        {copied ? t`${what} copied` : ""}
      </span>
    </div>
  );
}
