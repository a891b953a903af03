/** Sooth's mark: four seats round a table, three of them a quorum. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} fill="none" strokeWidth="4" aria-hidden="true">
      <g stroke="var(--accent)">
        <path d="M13.4 3.2a8.9 8.9 0 0 1 7.4 7.4" />
        <path d="M20.8 13.4a8.9 8.9 0 0 1-7.4 7.4" />
        <path d="M10.6 20.8a8.9 8.9 0 0 1-7.4-7.4" />
      </g>
      <path d="M3.2 10.6a8.9 8.9 0 0 1 7.4-7.4" stroke="var(--s-3)" />
    </svg>
  );
}

/** How many of the seats have reported, as a ring of arcs. Decoration: say the numbers in words beside it. */
export function SeatRing({
  seats,
  filled,
  className,
}: {
  seats: number;
  filled: number;
  className?: string;
}) {
  const count = Math.max(seats, 1);
  const round = 2 * Math.PI * 9;
  const gap = count === 1 ? 0 : Math.min(4, round / count / 3);
  const arc = round / count - gap;
  return (
    <svg viewBox="0 0 24 24" className={className} fill="none" strokeWidth="4.5" aria-hidden="true">
      {Array.from({ length: count }, (_, seat) => (
        <circle
          key={seat}
          cx="12"
          cy="12"
          r="9"
          stroke={seat < filled ? "var(--accent)" : "var(--rule-2)"}
          strokeDasharray={`${arc} ${round - arc}`}
          strokeDashoffset={-(seat * (arc + gap)) + round / 4 - gap / 2}
        />
      ))}
    </svg>
  );
}
