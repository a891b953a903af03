import { kindOf } from "@sooth/oracle/core";
import { Button } from "../../components/button.tsx";
import { Choice, Field, TextField } from "../../components/field.tsx";
import { CrossIcon, PlusIcon } from "../../components/icons.tsx";
import { type Draft, isMany, isSize, MARKET_KINDS } from "./draft.ts";
import type { FormPart } from "./form.ts";

const KINDS = MARKET_KINDS.map((kind) => {
  const { title, hint } = kindOf({ kind });
  return { value: kind, label: title, hint };
});

const BOUNDS = [
  { field: "min", label: "Lowest possible", needs: "boundsOf" },
  { field: "max", label: "Highest possible", needs: "boundsOf" },
  { field: "tolerance", label: "Agree within", needs: "toleranceOf" },
] as const;

const EDGES: Partial<Record<Draft["kind"], string>> = {
  "log-usd": "Rising amounts in dollars. The centre of the valuation decides; on an edge it belongs above.",
};
const ABOUT_BOUNDS: Partial<Record<Draft["kind"], string>> = {
  numeric:
    "Answers are held between these bounds: the highest means that or more. Without any, zero to a million million. Reports this close to the answer count as agreeing with it.",
  score: "Scores go from 0 to 100. Those this close to the answer count as agreeing with it.",
  "log-usd": "Bounds are in dollars. What agrees is told in powers of ten: 0.0414 is a tenth more or less.",
};

/** What is asked, and between which outcomes. */
export function QuestionPart({ draft, set, problems }: FormPart) {
  return (
    <div className="grid gap-6">
      <Choice legend="Kind of answer" options={KINDS} value={draft.kind} onChange={(kind) => set({ kind })} />
      <Field
        label="Question"
        hint="One sentence with the place, the moment and the measure in it."
        error={problems.text}
      >
        {(wiring) => (
          <textarea
            {...wiring}
            rows={3}
            maxLength={1000}
            dir="auto"
            className="field question text-xl"
            placeholder="Will ETH/USD close at or above 2,400 on 12 May 2026, 00:00 UTC?"
            value={draft.text}
            onChange={(event) => set({ text: event.target.value })}
          />
        )}
      </Field>
      <label className="flex items-start gap-2 text-[0.9375rem]">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-(--accent)"
          checked={isMany(draft)}
          onChange={(event) => set({ items: event.target.checked ? ["", ""] : [] })}
        />
        <span>
          Ask it of many things at once
          <span className="block text-sm text-ink-3">
            Each gets an answer of its own, all under one root. There is no market on them.
          </span>
        </span>
      </label>
      {isMany(draft) && (
        <TextList
          legend="Things that it is asked of"
          item="Thing"
          hint="Put into {item} of a source’s address and path."
          values={draft.items}
          least={2}
          error={problems.items}
          onChange={(items) => set({ items })}
        />
      )}
      {draft.kind === "categorical" && (
        <TextList
          legend="Outcomes"
          item="Outcome"
          values={draft.outcomes}
          least={2}
          error={problems.outcomes}
          onChange={(outcomes) => set({ outcomes })}
        />
      )}
      {draft.kind === "numeric" && (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Unit"
              value={draft.unit}
              maxLength={20}
              onChange={(event) => set({ unit: event.target.value })}
              error={problems.unit}
            />
            <TextField
              label="Digits after the point"
              inputMode="numeric"
              value={draft.decimals}
              onChange={(event) => set({ decimals: event.target.value })}
              error={problems.decimals}
            />
          </div>
        </>
      )}
      {isSize(draft) && (
        <>
          {!isMany(draft) && (
            <TextList
              legend="Edges between the brackets"
              item="Edge"
              hint={
                EDGES[draft.kind] ?? "Rising numbers. A value on an edge belongs to the bracket above it."
              }
              numeric
              values={draft.cuts}
              least={1}
              error={problems.cuts}
              onChange={(cuts) => set({ cuts })}
            />
          )}
          <div className="grid gap-4 sm:grid-cols-3">
            {BOUNDS.filter(
              ({ field, needs }) => kindOf(draft)[needs] && !(field === "tolerance" && isMany(draft)),
            ).map(({ field, label }) => (
              <TextField
                key={field}
                label={label}
                inputMode="decimal"
                className="num"
                placeholder="optional"
                value={draft[field]}
                onChange={(event) => set({ [field]: event.target.value })}
                error={problems[field]}
              />
            ))}
          </div>
          <p className="-mt-4 text-sm text-ink-3">{ABOUT_BOUNDS[draft.kind]}</p>
        </>
      )}
      <Field
        label="Details (optional)"
        hint="What counts in a doubtful case. Part of the question, on the chain for good."
      >
        {(wiring) => (
          <textarea
            {...wiring}
            rows={3}
            maxLength={5000}
            dir="auto"
            className="field"
            value={draft.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

/** A list of short texts of any length. */
export function TextList({
  legend,
  item,
  hint,
  values,
  least,
  error,
  numeric = false,
  onChange,
}: {
  legend: string;
  item: string;
  hint?: string;
  values: readonly string[];
  least: number;
  error: string | undefined;
  numeric?: boolean;
  onChange: (values: string[]) => void;
}) {
  return (
    <fieldset>
      <legend className="text-sm font-semibold">{legend}</legend>
      {hint && <p className="mt-0.5 text-sm text-ink-3">{hint}</p>}
      <div className="mt-2 grid gap-2">
        {values.map((value, index) => (
          // Rows have no identity of their own: they are what stands at this place.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="flex items-start gap-2">
            <div className="flex-1">
              <TextField
                quietLabel
                label={`${item} ${index + 1}`}
                placeholder={`${item} ${index + 1}`}
                inputMode={numeric ? "decimal" : "text"}
                maxLength={80}
                className={numeric ? "num" : ""}
                value={value}
                onChange={(event) => onChange(values.with(index, event.target.value))}
              />
            </div>
            <Button
              look="plain"
              className="px-3!"
              disabled={values.length <= least}
              aria-label={`Remove ${item.toLowerCase()} ${index + 1}`}
              onClick={() => onChange(values.filter((_, at) => at !== index))}
            >
              <CrossIcon />
            </Button>
          </div>
        ))}
      </div>
      {error !== undefined && <p className="mt-1.5 text-sm font-medium text-bad">{error}</p>}
      {values.length < 48 && (
        <Button size="small" className="mt-2" onClick={() => onChange([...values, ""])}>
          <PlusIcon /> Add {item.toLowerCase()}
        </Button>
      )}
    </fieldset>
  );
}
