import { t } from "@lingui/core/macro";
/** A seat's number in a circle, as the contracts, the API and `sooth verify` have it, from 0: filled while somebody holds it. */
export function SeatBead({ seat, filled }: { seat: number | null; filled: boolean }) {
  return (
    <span
      className={`num grid size-9 shrink-0 place-items-center rounded-full text-sm font-bold ${filled ? "bg-accent text-on-accent" : "border border-rule-2 text-ink-3"}`}
    >
      <span className="sr-only">{seat === null ? t`No seat` : `${t`Seat`} `}</span>
      {seat === null ? <span aria-hidden="true">–</span> : seat}
    </span>
  );
}
