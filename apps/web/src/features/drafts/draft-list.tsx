import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { formatMoment, isoOf } from "../../format/time.ts";
import type { KeptDraft } from "./shelf.ts";
import type { DraftForm } from "./use-draft.ts";

/** What is kept of the form here, and what else lies half filled in: to go on with, or to throw away. */
export function DraftList<D extends object>({
  form,
  titleOf,
  onOpen,
}: {
  form: DraftForm<D>;
  /** What a draft is known by; empty where nothing was written yet. */
  titleOf: (draft: D) => string;
  /** Told after another draft, or a new one, has come into the form. */
  onOpen?: () => void;
}) {
  const [gone, setGone] = useState<KeptDraft<D>>();
  const { others } = form;
  return (
    <div className="mb-7 grid gap-3 text-sm">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className={form.state === "refused" ? "font-medium text-bad" : "text-ink-2"}>
          {i18n._(WORDS[form.state])}
        </p>
        {form.state === "kept" && (
          <Button
            size="small"
            onClick={() => {
              form.discard();
              onOpen?.();
            }}
          >
            {t`Discard this draft`}
          </Button>
        )}
      </div>
      {(others.length > 0 || gone) && (
        <details className="border-y border-rule py-2">
          <summary className="w-fit font-semibold text-accent">
            {others.length === 0
              ? t`No other drafts`
              : others.length === 1
                ? t`1 other draft`
                : t`${others.length} other drafts`}
          </summary>
          <ul className="mt-2 grid" aria-label={t`Drafts`}>
            {others.map((one) => (
              <Row
                key={one.id}
                {...{ one, titleOf }}
                onOpen={() => {
                  form.open(one);
                  onOpen?.();
                }}
                onRemove={() => {
                  form.remove(one.id);
                  setGone(one);
                }}
              />
            ))}
          </ul>
          {gone && (
            <p role="status" className="mt-2 flex flex-wrap items-center gap-3 text-ink-2">
              {t`The draft is deleted.`}
              <Button
                size="small"
                onClick={() => {
                  form.putBack(gone);
                  setGone(undefined);
                }}
              >
                {t`Take it back`}
              </Button>
            </p>
          )}
        </details>
      )}
    </div>
  );
}

const WORDS: Record<DraftForm<object>["state"], MessageDescriptor> = {
  nothing: msg`What you write is kept in this browser as a draft, and nowhere else.`,
  kept: msg`Kept in this browser as a draft.`,
  refused: msg`This browser keeps nothing for this page: what you write is lost when you leave it.`,
};

function Row<D>({
  one,
  titleOf,
  onOpen,
  onRemove,
}: {
  one: KeptDraft<D>;
  titleOf: (draft: D) => string;
  onOpen: () => void;
  onRemove: () => void;
}) {
  const title = titleOf(one.draft).trim() || t`Nothing written yet`;
  const at = Math.floor(one.at / 1000);
  return (
    <li className="grid items-center gap-x-4 gap-y-2 border-t border-rule py-2 sm:grid-cols-[minmax(0,1fr)_auto]">
      <span className="min-w-0">
        <span className="line-clamp-2 text-[0.9375rem] wrap-anywhere" dir="auto">
          {title}
        </span>
        <time dateTime={isoOf(at)} className="num text-ink-3">
          {formatMoment(at)}
        </time>
      </span>
      <span className="flex gap-2">
        <Button size="small" onClick={onOpen} aria-label={t`Go on with: ${title}`}>
          {t`Go on`}
        </Button>
        <Button size="small" onClick={onRemove} aria-label={t`Delete: ${title}`}>
          {t`Delete`}
        </Button>
      </span>
    </li>
  );
}
