import { fromCore } from "../../languages/from-core.ts";
import type { KindField } from "@sooth/oracle/core";
import { TextField } from "../../components/field.tsx";
import { characters } from "../../format/room.ts";
import type { FormPart } from "./form.ts";
import { askedOf } from "./draft.ts";
import { TextList } from "./text-list.tsx";

/** The fields that a kind asks for itself, as its own file describes them. */
export function KindFields({ fields, draft, set, problems }: FormPart & { fields: readonly KindField[] }) {
  if (fields.length === 0) return null;
  const put = (name: string, value: string | string[]) => set({ typed: { ...draft.typed, [name]: value } });
  const short = fields.filter((field) => field.as !== "list");
  return (
    <>
      {short.length > 0 && (
        <div className={`grid gap-4 ${short.length > 1 ? "sm:grid-cols-2" : ""}`}>
          {short.map((field) => (
            <TextField
              key={field.name}
              label={fromCore(field.label)}
              {...(field.hint === undefined ? {} : { hint: fromCore(field.hint) })}
              {...(field.as === "text"
                ? { room: characters(field.maxLength) }
                : { inputMode: field.isWhole ? "numeric" : "decimal", className: "num" })}
              {...(field.as === "number" && field.inUnit ? { after: askedOf(draft).sourceUnit } : {})}
              value={textOf(draft.typed[field.name])}
              onChange={(event) => put(field.name, event.target.value)}
              error={problems[field.name]}
            />
          ))}
        </div>
      )}
      {fields.map(
        (field) =>
          field.as === "list" && (
            <TextList
              key={field.name}
              legend={fromCore(field.label)}
              item={fromCore(field.item)}
              {...(field.hint === undefined ? {} : { hint: fromCore(field.hint) })}
              numeric={field.isNumeric ?? false}
              values={listOf(draft.typed[field.name])}
              least={field.least}
              error={problems[field.name]}
              onChange={(values) => put(field.name, values)}
            />
          ),
      )}
    </>
  );
}

const textOf = (value: string | readonly string[] | undefined): string =>
  typeof value === "string" ? value : "";
const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === "object" ? value : [];
