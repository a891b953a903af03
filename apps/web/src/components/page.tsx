import { t } from "@lingui/core/macro";
import { useEffect, type ReactNode } from "react";
import { HEAD } from "../first-pages.ts";

/** Title of the tab while this page is shown. The server writes the first one, so it is changed, not added. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = title === "" ? "Sooth" : `${title} · Sooth`;
  }, [title]);
}

/** Head of a page that is not about one question. */
export function PageHead({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <header className={HEAD.header}>
      <div className={HEAD.texts}>
        <h1 className={HEAD.title}>{title}</h1>
        {children && <p className={HEAD.about}>{children}</p>}
      </div>
      {action}
    </header>
  );
}

/** A part of a page under its own heading. */
export function Section({
  title,
  aside,
  children,
  className = "",
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={`min-w-0 ${className}`}>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 border-b border-rule pb-2">
        <h2 className="text-base font-bold">{title}</h2>
        {aside && <div className="text-sm text-ink-2">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** A page under the last one, fetched on request. */
export function LoadMore({ more, busy, onMore }: { more: boolean; busy: boolean; onMore: () => void }) {
  if (!more) return null;
  return (
    <div className="mt-5 text-center">
      <button
        type="button"
        aria-busy={busy || undefined}
        className="min-h-11 rounded-md border border-rule-2 bg-surface px-5 font-semibold hover:bg-sunken"
        onClick={busy ? undefined : onMore}
      >
        {busy ? t`Loading…` : t`Load more`}
      </button>
    </div>
  );
}
