import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { CheckIcon, CopyIcon } from "./icons.tsx";

const COPIED_MS = 1_600;

/** A line for a terminal, or a piece of code, with a button that copies the whole. */
export function Command({ text, what = "command" }: { text: string; what?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
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
      <Button
        size="small"
        className="w-fit"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {copied ? <CheckIcon className="text-accent" /> : <CopyIcon />}
        {copied ? "Copied" : `Copy the ${what}`}
      </Button>
      <span className="sr-only" aria-live="polite">
        {copied ? `${what} copied` : ""}
      </span>
    </div>
  );
}
