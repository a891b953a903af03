import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { TEXT_ROOM } from "@sooth/oracle/core";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { CrossIcon, PlusIcon } from "../../components/icons.tsx";
import { characters } from "../../format/room.ts";

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
                {...(numeric ? {} : { room: characters(TEXT_ROOM.label) })}
                className={numeric ? "num" : ""}
                value={value}
                onChange={(event) => onChange(values.with(index, event.target.value))}
              />
            </div>
            <Button
              look="plain"
              className="px-3!"
              disabled={values.length <= least}
              aria-label={t`Remove ${lowered(item)} ${index + 1}`}
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
          <PlusIcon /> {t`Add ${lowered(item)}`}
        </Button>
      )}
    </fieldset>
  );
}

/** Within a sentence; German writes its nouns with a capital there too. */
const lowered = (item: string): string => (i18n.locale === "de" ? item : item.toLowerCase());
