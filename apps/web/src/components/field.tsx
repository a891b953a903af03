import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from "react";

type Described = { label: string; hint?: ReactNode; error?: string | undefined; quietLabel?: boolean };
type Wiring = { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined };

/** Label above, hint and error below, all tied to the control for screen readers. */
export function Field({
  label,
  hint,
  error,
  quietLabel = false,
  children,
}: Described & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={quietLabel ? "sr-only" : "mb-1.5 block text-sm font-semibold"}>
        {label}
      </label>
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-sm text-ink-3">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1.5 text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

export function TextField({
  label,
  hint,
  error,
  quietLabel,
  after,
  className = "",
  ...rest
}: Described & InputHTMLAttributes<HTMLInputElement> & { after?: string }) {
  return (
    <Field label={label} hint={hint} error={error} quietLabel={quietLabel ?? false}>
      {(wiring) => (
        <div className="relative">
          <input {...wiring} {...rest} className={`field ${after ? "pr-16" : ""} ${className}`} />
          {after && (
            <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-ink-3">
              {after}
            </span>
          )}
        </div>
      )}
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  error,
  quietLabel,
  children,
  className = "",
  ...rest
}: Described & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} hint={hint} error={error} quietLabel={quietLabel ?? false}>
      {(wiring) => (
        <select {...wiring} {...rest} className={`field ${className}`}>
          {children}
        </select>
      )}
    </Field>
  );
}

/** A few choices of which one holds: real radio buttons that look like a switch. */
export function Choice<T extends string>({
  legend,
  options,
  value,
  onChange,
  quietLegend = false,
  columns,
}: {
  legend: string;
  options: readonly { value: T; label: string; hint?: string }[];
  value: T;
  onChange: (value: T) => void;
  quietLegend?: boolean;
  /** How many stand side by side on wide screens; all of them when not given. */
  columns?: 1 | 2;
}) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className={quietLegend ? "sr-only" : "mb-1.5 text-sm font-semibold"}>{legend}</legend>
      <div
        className={`grid gap-2 ${columns === 1 ? "" : columns === 2 ? "sm:grid-cols-2" : options.length > 3 ? "sm:grid-cols-3" : "sm:auto-cols-fr sm:grid-flow-col"}`}
      >
        {options.map((option) => (
          <label
            key={option.value}
            className="flex cursor-pointer items-start gap-3 rounded-md border border-rule-2 bg-surface p-3 has-checked:border-accent has-checked:bg-wash has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              className="mt-1 size-4 shrink-0 accent-(--accent) outline-none"
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span className="min-w-0">
              <span className="block font-semibold">{option.label}</span>
              {option.hint && <span className="block text-sm text-ink-2">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
