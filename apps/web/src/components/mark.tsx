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
