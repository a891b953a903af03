import { fromCore } from "../../languages/from-core.ts";
import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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

const kinds = () =>
  FORM_KINDS.map((kind) => {
    const { title, hint } = kindOf({ kind });
    return { value: kind, label: fromCore(title), hint: fromCore(hint) };
  });

const ITEM = "{item}";
/** The example is of a day to come, whenever it is read. */
const MONTH_SECONDS = 30 * 86_400;

const BOUNDS = [
  { field: "min", label: msg`Lowest possible`, needs: "boundsOf" },
  { field: "max", label: msg`Highest possible`, needs: "boundsOf" },
  { field: "tolerance", label: msg`Agree within`, needs: "toleranceOf" },
] as const;

/** What is asked, and between which outcomes. */
export function QuestionPart({ draft, set, problems }: FormPart) {
  const form = formOf(draft);
  const [day] = useState(() => formatDate(chainNow() + MONTH_SECONDS));
  return (
    <div className="grid gap-6">
      <Choice
        legend={t`Kind of answer`}
        options={kinds()}
        value={draft.kind}
        onChange={(kind) => set({ kind })}
      />
      <LongTextField
        label={t`Question`}
        hint={t`One sentence with the place, the moment and the measure in it.`}
        error={problems.text}
        room={characters(TEXT_ROOM.question)}
        rows={3}
        className="question text-xl"
        placeholder={t`Will ETH/USD close at or above 2,400 on ${day}, 00:00 UTC?`}
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
          <Trans>
            Ask it of many things at once
            <span className="block text-sm text-ink-3">
              Each gets an answer of its own, all under one root. There is no market on them.
            </span>
          </Trans>
        </span>
      </label>
      {isMany(draft) && (
        <TextList
          legend={t`Things that it is asked of`}
          item={t`Thing`}
          hint={t`Put into ${ITEM} of a source’s address and path.`}
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
              legend={t`Edges between the brackets`}
              item={t`Edge`}
              hint={
                (form.edges && fromCore(form.edges)) ??
                t`Rising numbers. A value on an edge belongs to the bracket above it.`
              }
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
                label={i18n._(label)}
                inputMode="decimal"
                className="num"
                placeholder={t`optional`}
                value={draft[field]}
                onChange={(event) => set({ [field]: event.target.value })}
                error={problems[field]}
              />
            ))}
          </div>
          <p className="-mt-4 text-sm text-ink-3">{form.aboutBounds && fromCore(form.aboutBounds)}</p>
        </>
      )}
      <LongTextField
        label={t`Details (optional)`}
        hint={t`What counts in a doubtful case. Part of the question, on the chain for good.`}
        error={problems.description}
        room={characters(TEXT_ROOM.description)}
        rows={3}
        value={draft.description}
        onChange={(event) => set({ description: event.target.value })}
      />
    </div>
  );
}
