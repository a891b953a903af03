import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from "react";
import { roomWords, type Room } from "../format/room.ts";

type Described = { label: string; hint?: ReactNode; error?: string | undefined; quietLabel?: boolean };
/** A text that may be too long is said to be, and never cut: `maxLength` would drop the end of a paste without a word. */
type Roomy = { room?: Room; value: string };
type Wiring = { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined };

/** Label above, hint and error below, all tied to the control for screen readers. */
export function Field({
  label,
  hint,
  error,
  quietLabel = false,
  left,
  children,
}: Described & { left?: string | undefined; children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, left && `${id}-left`, error && `${id}-error`]
    .filter(Boolean)
    .join(" ");
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
      {left !== undefined && (
        <p id={`${id}-left`} className="num mt-1.5 text-sm text-ink-2">
          {left}
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
  room,
  ...rest
}: Described & Omit<InputHTMLAttributes<HTMLInputElement>, "maxLength"> & { after?: string } & Roomy) {
  const { left, over } = room ? roomWords(rest.value, room) : {};
  return (
    <Field label={label} hint={hint} error={over ?? error} left={left} quietLabel={quietLabel ?? false}>
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

/** A text of several lines. What is typed beyond its room stays, and the field says how much has to go. */
export function LongTextField({
  label,
  hint,
  error,
  quietLabel,
  className = "",
  room,
  ...rest
}: Described & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "maxLength"> & Required<Roomy>) {
  const { left, over } = roomWords(rest.value, room);
  return (
    <Field label={label} hint={hint} error={over ?? error} left={left} quietLabel={quietLabel ?? false}>
      {(wiring) => <textarea dir="auto" {...wiring} {...rest} className={`field ${className}`} />}
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
  error,
}: {
  legend: string;
  /** One that is disabled says in its hint why. */
  options: readonly { value: T; label: string; hint?: string; disabled?: boolean }[];
  value: T;
  onChange: (value: T) => void;
  quietLegend?: boolean;
  /** How many stand side by side on wide screens; all of them when not given. */
  columns?: 1 | 2;
  error?: string | undefined;
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
            className="flex cursor-pointer items-start gap-3 rounded-md border border-rule-2 bg-surface p-3 has-checked:border-accent has-checked:bg-wash has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent has-disabled:cursor-not-allowed has-disabled:border-dashed"
          >
            <input
              type="radio"
              name={name}
              disabled={option.disabled}
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
      {error !== undefined && <p className="mt-1.5 text-sm font-medium text-bad">{error}</p>}
    </fieldset>
  );
}
