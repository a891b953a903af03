import { FORM_KINDS, kindOf, TEXT_ROOM } from "@sooth/oracle/core";
import { useState } from "react";
import { chainNow } from "../../clock.ts";
import { Choice, LongTextField, TextField } from "../../components/field.tsx";
import { formatDate } from "../../format/time.ts";
import { characters } from "../../format/room.ts";
import { formOf, isMany, isSize } from "./draft.ts";
import type { FormPart } from "./form.ts";
import { KindFields } from "./kind-fields.tsx";
import { TextList } from "./text-list.tsx";

const KINDS = FORM_KINDS.map((kind) => {
  const { title, hint } = kindOf({ kind });
  return { value: kind, label: title, hint };
});

/** The example is of a day to come, whenever it is read. */
const MONTH_SECONDS = 30 * 86_400;

const BOUNDS = [
  { field: "min", label: "Lowest possible", needs: "boundsOf" },
  { field: "max", label: "Highest possible", needs: "boundsOf" },
  { field: "tolerance", label: "Agree within", needs: "toleranceOf" },
] as const;

/** What is asked, and between which outcomes. */
export function QuestionPart({ draft, set, problems }: FormPart) {
  const form = formOf(draft);
  const [day] = useState(() => formatDate(chainNow() + MONTH_SECONDS));
  return (
    <div className="grid gap-6">
      <Choice legend="Kind of answer" options={KINDS} value={draft.kind} onChange={(kind) => set({ kind })} />
      <LongTextField
        label="Question"
        hint="One sentence with the place, the moment and the measure in it."
        error={problems.text}
        room={characters(TEXT_ROOM.question)}
        rows={3}
        className="question text-xl"
        placeholder={`Will ETH/USD close at or above 2,400 on ${day}, 00:00 UTC?`}
        value={draft.text}
        onChange={(event) => set({ text: event.target.value })}
      />
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
      <KindFields {...{ draft, set, problems }} fields={form.fields} />
      {isSize(draft) && (
        <>
          {!isMany(draft) && (
            <TextList
              legend="Edges between the brackets"
              item="Edge"
              hint={form.edges ?? "Rising numbers. A value on an edge belongs to the bracket above it."}
              numeric
              values={draft.edges}
              least={1}
              error={problems["edges"]}
              onChange={(edges) => set({ edges })}
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
          <p className="-mt-4 text-sm text-ink-3">{form.aboutBounds}</p>
        </>
      )}
      <LongTextField
        label="Details (optional)"
        hint="What counts in a doubtful case. Part of the question, on the chain for good."
        error={problems.description}
        room={characters(TEXT_ROOM.description)}
        rows={3}
        value={draft.description}
        onChange={(event) => set({ description: event.target.value })}
      />
    </div>
  );
}
