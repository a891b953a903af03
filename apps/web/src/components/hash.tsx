import { t } from "@lingui/core/macro";
import { Link, type LinkProps } from "@tanstack/react-router";
import { shortHex } from "../format/hex.ts";
import { CheckIcon, CopyIcon } from "./icons.tsx";
import { useCopied } from "./use-copied.ts";

const UNDERLINED = "underline decoration-rule-2 underline-offset-4";

/** A short address or hash with a button that copies the whole; `whole` where every digit counts. */
export function Hash({
  value,
  name,
  what = t`address`,
  link,
  to,
  whole = false,
}: {
  value: string;
  name?: string | undefined;
  what?: string;
  /** Of another site. */
  link?: string | undefined;
  /** A page of this one. */
  to?: LinkProps | undefined;
  whole?: boolean;
}) {
  const { copied, copy } = useCopied(value);
  const text = name ?? (whole ? value : shortHex(value));
  return (
    <span className={`inline-flex items-center gap-1 ${whole ? "break-all" : "whitespace-nowrap"}`}>
      {to ? (
        <Link {...to} title={value} className={`${name ? "" : "num text-[0.95em]"} ${UNDERLINED}`}>
          {text}
        </Link>
      ) : link ? (
        <a href={link} title={value} className={`num text-[0.9em] ${UNDERLINED}`}>
          {text}
        </a>
      ) : (
        <span title={value} className={name ? "" : "num text-[0.95em]"}>
          {text}
        </span>
      )}
      <button
        type="button"
        className="rounded-sm p-1 text-[0.85em] text-ink-3 hover:bg-sunken hover:text-ink"
        onClick={copy}
      >
        {copied ? <CheckIcon className="text-accent" /> : <CopyIcon />}
        <span className="sr-only">{copied ? t`Copied` : t`Copy ${what} ${shortHex(value)}`}</span>
      </button>
      <span className="sr-only" aria-live="polite">
        {copied ? t`${what} copied` : ""}
      </span>
    </span>
  );
}
