import { Link, type LinkProps } from "@tanstack/react-router";
import type { ButtonHTMLAttributes, ReactNode } from "react";

const SHAPE =
  "inline-flex items-center justify-center gap-2 rounded-md font-semibold whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed";
const LOOKS = {
  primary:
    "bg-accent text-on-accent hover:bg-accent-2 disabled:bg-sunken disabled:text-ink-3 disabled:border disabled:border-rule",
  quiet: "border border-rule-2 bg-surface text-ink hover:border-ink-3 hover:bg-sunken disabled:text-ink-3",
  plain: "text-accent hover:bg-wash disabled:text-ink-3",
} as const;
const SIZES = { small: "min-h-9 px-3 text-sm", normal: "min-h-11 px-4 text-[0.9375rem]" } as const;

type Look = { look?: keyof typeof LOOKS; size?: keyof typeof SIZES };
type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & Look & { busy?: boolean };

/** `busy` keeps the button in the tab order, says so to screen readers, and ignores presses. */
export function Button({
  look = "quiet",
  size = "normal",
  busy = false,
  className = "",
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      className={`${SHAPE} ${LOOKS[look]} ${SIZES[size]} ${busy ? "cursor-progress opacity-75" : ""} ${className}`}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {children}
    </button>
  );
}

export function LinkButton({
  look = "quiet",
  size = "normal",
  className = "",
  children,
  ...rest
}: LinkProps & Look & { className?: string; children: ReactNode }) {
  return (
    <Link className={`${SHAPE} ${LOOKS[look]} ${SIZES[size]} ${className}`} {...rest}>
      {children}
    </Link>
  );
}
