import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { useId } from "react";
import type { Range } from "./ranges.ts";

/** Ranges are told apart by their English names. */
const NAMES: Readonly<Record<string, MessageDescriptor>> = {
  All: msg`All`,
  "Until stakes ended": msg`Until stakes ended`,
  Week: msg`Week`,
  Day: msg`Day`,
  Hour: msg`Hour`,
};
const nameOf = (name: string): string => (NAMES[name] ? i18n._(NAMES[name]) : name);

/** Which stretch of time is drawn: radio buttons that look like a switch. Nothing where there is no choice. */
export function RangeChoice({
  ranges,
  value,
  onChange,
}: {
  ranges: readonly Range[];
  value: string;
  onChange: (name: string) => void;
}) {
  const group = useId();
  if (ranges.length < 2) return <span />;
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{t`Time shown`}</legend>
      <div className="flex flex-wrap gap-1.5">
        {ranges.map(({ name }) => (
          <label
            key={name}
            className="cursor-pointer rounded-md border border-rule-2 bg-surface px-2.5 py-1 text-sm has-checked:border-accent has-checked:bg-wash has-checked:font-semibold has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={group}
              className="sr-only"
              checked={name === value}
              onChange={() => onChange(name)}
            />
            {nameOf(name)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
