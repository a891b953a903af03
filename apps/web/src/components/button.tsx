import { Link, type LinkProps } from "@tanstack/react-router";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from "./button-look.ts";

type Look = { look?: keyof typeof BUTTON_LOOKS; size?: keyof typeof BUTTON_SIZES };
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
      className={`${BUTTON_SHAPE} ${BUTTON_LOOKS[look]} ${BUTTON_SIZES[size]} ${busy ? "cursor-progress opacity-75" : ""} ${className}`}
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
    <Link className={`${BUTTON_SHAPE} ${BUTTON_LOOKS[look]} ${BUTTON_SIZES[size]} ${className}`} {...rest}>
      {children}
    </Link>
  );
}
