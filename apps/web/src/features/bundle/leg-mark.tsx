import type { LegLook, LegShape } from "./words.ts";

const DRAWINGS: Record<LegShape, React.ReactNode> = {
  ring: <circle cx="10" cy="10" r="7" fill="none" strokeDasharray="3 2.6" />,
  check: (
    <>
      <circle cx="10" cy="10" r="8" fill="currentColor" stroke="none" />
      <path d="m6.2 10.4 2.6 2.6 5-5.6" stroke="var(--surface)" strokeWidth="2" fill="none" />
    </>
  ),
  cross: (
    <>
      <path d="M10 1.5 19 17.5H1Z" fill="currentColor" stroke="none" />
      <path d="m7.6 9.4 4.8 5M12.4 9.4l-4.8 5" stroke="var(--surface)" strokeWidth="1.8" fill="none" />
    </>
  ),
  bar: <path d="M3 3h14v14H3ZM6 10h8" fill="none" />,
  clock: <path d="M10 2 18 10 10 18 2 10ZM10 6.4V10l2.4 1.4" fill="none" />,
  lock: (
    <>
      <path d="M6.4 9V6.4a3.6 3.6 0 0 1 7.2 0V9" fill="none" />
      <path d="M3.5 8.5h13v9h-13Z" fill="currentColor" stroke="none" />
    </>
  ),
  back: <path d="M8 4 3 9l5 5M3.4 9H12a4.4 4.4 0 0 1 0 8.4" fill="none" />,
  owed: (
    <>
      <path d="M10 1.5 19 17.5H1Z" fill="none" />
      <path d="M10 7v5M10 14.6h.01" fill="none" />
    </>
  ),
};
const TONES: Record<LegLook["tone"], string> = {
  wait: "text-ink-3",
  good: "text-accent",
  held: "text-gold",
  bad: "text-bad",
  off: "text-ink-2",
};

/** What became of a leg: a shape, a colour and a word, so that any one of them is enough. */
export function LegMark({ look, className = "" }: { look: LegLook; className?: string }) {
  return (
    <span
      className={`inline-flex min-w-0 items-center gap-1.5 font-semibold ${TONES[look.tone]} ${className}`}
    >
      <svg
        viewBox="0 0 20 20"
        width="1.05em"
        height="1.05em"
        className="shrink-0"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {DRAWINGS[look.shape]}
      </svg>
      <span className="min-w-0">{look.text}</span>
    </span>
  );
}
