import { t } from "@lingui/core/macro";
/** Which outcomes are drawn beside each other: one at least, and no more than can be told apart. */
export function OutcomeChoice({
  outcomes,
  shown,
  most,
  onChange,
}: {
  outcomes: readonly { index: number; label: string }[];
  shown: readonly number[];
  most: number;
  onChange: (shown: readonly number[]) => void;
}) {
  return (
    <details className="mt-1 text-sm">
      <summary className="w-fit font-semibold text-accent">{t`Compare outcomes`}</summary>
      <fieldset className="mt-2 min-w-0">
        <legend className="text-ink-2">
          {t`${shown.length} of ${outcomes.length} are drawn, ${most} at most.`}
        </legend>
        <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
          {outcomes.map(({ index, label }) => {
            const isShown = shown.includes(index);
            return (
              <label key={index} className="flex min-h-6 items-center gap-1.5">
                <input
                  type="checkbox"
                  className="size-4 accent-(--accent)"
                  checked={isShown}
                  disabled={isShown ? shown.length === 1 : shown.length >= most}
                  onChange={() =>
                    onChange(isShown ? shown.filter((one) => one !== index) : [...shown, index])
                  }
                />
                {label}
              </label>
            );
          })}
        </div>
      </fieldset>
    </details>
  );
}
