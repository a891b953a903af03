import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import type { Place } from "./use-part.ts";

/**
 * A form in parts, of which one is shown: its name, what the caller puts into it, and the way on and back. The last part is the
 * review, whose end is the caller's. Enter goes on, as the button does.
 */
export function PartForm({
  names,
  title,
  place,
  complaint,
  onNext,
  held = false,
  within = false,
  children,
}: {
  /** Of all parts; the last is that of the review. */
  names: readonly string[];
  /** What is asked for in the part that is shown. */
  title: string;
  place: Place;
  /** What has to be mended before one goes on, once it was tried. */
  complaint: string | undefined;
  /** The way on from a part, and what the review's own button does. */
  onNext: () => void;
  /** Whether what was signed is on its way: nobody goes back from it. */
  held?: boolean;
  /** Whether it stands under a heading of its own, among other things of a page. */
  within?: boolean;
  children: ReactNode;
}) {
  const { part, go, heading } = place;
  const Heading = within ? "h3" : "h2";
  const isLast = part === names.length - 1;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <PartList names={names} part={part} held={held} onGo={go} />
      <Heading
        ref={heading}
        tabIndex={-1}
        className={`scroll-mt-24 outline-none ${within ? "mb-3 font-semibold" : "mb-4 text-xl font-bold"}`}
      >
        {title}
      </Heading>
      {children}
      {!isLast && (
        <div className="mt-7 flex flex-wrap gap-3 border-t border-rule pt-5">
          {part > 0 && <Button onClick={() => go(part - 1)}>{t`Back`}</Button>}
          <Button type="submit" look="primary">
            {part === names.length - 2 ? t`Look it over` : t`Next`}
          </Button>
          {complaint !== undefined && (
            <p role="alert" className="self-center text-sm font-medium text-bad">
              {complaint}
            </p>
          )}
        </div>
      )}
    </form>
  );
}

/** The parts in their order. One goes back to those before at once, and on only through what is asked for between. */
function PartList({
  names,
  part,
  held,
  onGo,
}: {
  names: readonly string[];
  part: number;
  held: boolean;
  onGo: (part: number) => void;
}) {
  return (
    <ol className="mb-7 flex gap-1.5" aria-label={t`Parts of the form`}>
      {names.map((name, index) => (
        <li key={name} className="min-w-0 flex-1">
          <button
            type="button"
            disabled={held || index >= part}
            aria-current={index === part ? "step" : undefined}
            onClick={() => onGo(index)}
            className={`block w-full border-t-4 pt-1.5 text-left text-xs sm:text-sm ${index <= part ? "border-accent" : "border-rule"} ${index === part ? "font-semibold" : "text-ink-3"}`}
          >
            <span className="block truncate">{name}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** In the place of a review: the clock goes on while somebody looks it over, and what he has may change. */
export function Broken({ problem, onMend }: { problem: string | undefined; onMend: () => void }) {
  return (
    <div role="alert" className="grid justify-items-start gap-3">
      <p>{problem}</p>
      <Button onClick={onMend}>{t`Mend it`}</Button>
    </div>
  );
}
