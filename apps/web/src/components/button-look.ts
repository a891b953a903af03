/** Classes of buttons, also of those that stand in a page before any script has run. */
export const BUTTON_SHAPE =
  "inline-flex items-center justify-center gap-2 rounded-md font-semibold whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed";
export const BUTTON_LOOKS = {
  primary:
    "bg-accent text-on-accent hover:bg-accent-2 disabled:bg-sunken disabled:text-ink-3 disabled:border disabled:border-rule",
  quiet: "border border-rule-2 bg-surface text-ink hover:border-ink-3 hover:bg-sunken disabled:text-ink-3",
  plain: "text-accent hover:bg-wash disabled:text-ink-3",
} as const;
export const BUTTON_SIZES = {
  small: "min-h-9 px-3 text-sm",
  normal: "min-h-11 px-4 text-[0.9375rem]",
} as const;
