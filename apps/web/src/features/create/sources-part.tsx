import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { TEXT_ROOM } from "@sooth/oracle/core";
import { Button } from "../../components/button.tsx";
import { Choice, TextField } from "../../components/field.tsx";
import { PlusIcon } from "../../components/icons.tsx";
import { characters } from "../../format/room.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { type DraftSource, formOf, isMany } from "./draft.ts";
import type { FormPart } from "./form.ts";
import { KindFields } from "./kind-fields.tsx";

/** What a source’s address may hold in its own braces. */
const [OBSERVE_AT, OBSERVE_DATE, ITEM] = ["{observeAt}", "{observeDate}", "{item}"];
const MAX_SECONDARY = 4;
const BLANK: DraftSource = { name: "", url: "", path: "", unit: "", scale: "0" };

const orders = () =>
  [
    { value: "all", label: t`More than half of them`, hint: t`The middle of what they say` },
    { value: "first", label: t`The first that speaks`, hint: t`In the order of this list` },
  ] as const;

/** Where programs read the answer: ready-made ones of this network, or any JSON on the web. */
export function SourcesPart({ draft, set, problems }: FormPart) {
  const { sourceTemplates } = useNetwork();
  const has = (url: string) => draft.sources.some((source) => source.url === url);
  const change = (index: number, part: Partial<DraftSource>) =>
    set({ sources: draft.sources.map((source, at) => (at === index ? { ...source, ...part } : source)) });
  const own = draft.sources
    .map((source, index) => ({ source, index }))
    .filter(({ source }) => !sourceTemplates.some(({ url }) => url === source.url));
  return (
    <div className="grid gap-6">
      {sourceTemplates.length > 0 && (
        <fieldset>
          <legend className="text-sm font-semibold">{t`Ready-made`}</legend>
          <div className="mt-2 grid gap-2">
            {sourceTemplates.map(({ name, url, path, unit, note }) => (
              <label
                key={url}
                className="flex cursor-pointer items-start gap-3 rounded-md border border-rule-2 bg-surface p-3 has-checked:border-accent has-checked:bg-wash"
              >
                <input
                  type="checkbox"
                  className="mt-1 size-4 shrink-0 accent-(--accent)"
                  checked={has(url)}
                  onChange={() =>
                    set({
                      sources: has(url)
                        ? draft.sources.filter((source) => source.url !== url)
                        : [...draft.sources, { name, url, path, unit, scale: "0" }],
                    })
                  }
                />
                <span className="min-w-0">
                  <span className="block font-semibold">{name}</span>
                  <span className="block text-sm text-ink-2">{note}</span>
                  <span className="mt-0.5 block font-mono text-xs break-all text-ink-3">
                    {t`${path} in ${unit}`}
                  </span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {own.map(({ source, index }) => (
        <SourceFields
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          legend={t`Your source ${index + 1}`}
          source={source}
          many={isMany(draft)}
          error={problems[`source${index}`]}
          onChange={(part) => change(index, part)}
          onRemove={() => set({ sources: draft.sources.filter((_, at) => at !== index) })}
        />
      ))}
      <Button
        className="w-fit"
        size="small"
        disabled={draft.sources.length >= 12}
        onClick={() => set({ sources: [...draft.sources, BLANK] })}
      >
        <PlusIcon /> {t`Add another source`}
      </Button>
      {draft.sources.length > 0 && !isMany(draft) && (
        <Secondary draft={draft} set={set} problems={problems} />
      )}
      {draft.sources.length > 0 && (
        <>
          <Choice
            legend={t`Who decides`}
            options={orders()}
            value={draft.order}
            onChange={(order) => set({ order })}
          />
          <TextField
            label={t`When no source says anything (optional)`}
            inputMode="decimal"
            className="num"
            placeholder="invalid"
            room={characters(TEXT_ROOM.number)}
            value={draft.fallback}
            onChange={(event) => set({ fallback: event.target.value })}
            error={problems.fallback}
            hint={t`A number that is taken as said then. Without one the question is invalid, and everybody is refunded.`}
          />
        </>
      )}
      {draft.sources.length > 0 && (
        <KindFields {...{ draft, set, problems }} fields={formOf(draft).deciding} />
      )}
    </div>
  );
}

/** Sources of second choice: read in place of the others by who cannot read those, once it is late. */
function Secondary({ draft, set, problems }: FormPart) {
  const { secondary } = draft;
  return (
    <div className="grid gap-3">
      {secondary.map((source, index) => (
        <SourceFields
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          legend={t`Second choice ${index + 1}`}
          source={source}
          many={false}
          error={problems[`secondary${index}`]}
          onChange={(part) =>
            set({ secondary: secondary.map((each, at) => (at === index ? { ...each, ...part } : each)) })
          }
          onRemove={() => set({ secondary: secondary.filter((_, at) => at !== index) })}
        />
      ))}
      <Button
        className="w-fit"
        size="small"
        disabled={secondary.length >= MAX_SECONDARY}
        onClick={() => set({ secondary: [...secondary, BLANK] })}
      >
        <PlusIcon /> {t`Add a source of second choice`}
      </Button>
      <p className="text-sm text-ink-2">
        <Trans>
          In the last quarter of the time to report, an hour at most, who cannot read the sources above reads
          all of these instead.
        </Trans>
      </p>
    </div>
  );
}

function SourceFields({
  legend,
  source,
  many,
  error,
  onChange,
  onRemove,
}: {
  legend: string;
  source: DraftSource;
  many: boolean;
  error: string | undefined;
  onChange: (part: Partial<DraftSource>) => void;
  onRemove: () => void;
}) {
  return (
    <fieldset className="panel grid gap-3 p-4">
      <legend className="px-1 text-sm font-semibold">{legend}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t`Name`}
          room={characters(TEXT_ROOM.sourceName)}
          value={source.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
        <TextField
          label={t`Unit`}
          room={characters(TEXT_ROOM.unit)}
          value={source.unit}
          onChange={(event) => onChange({ unit: event.target.value })}
        />
      </div>
      <TextField
        label={t`Address of the JSON`}
        type="url"
        room={characters(TEXT_ROOM.url)}
        value={source.url}
        onChange={(event) => onChange({ url: event.target.value })}
        hint={
          many
            ? t`${OBSERVE_AT} in it becomes the moment in unix seconds, ${OBSERVE_DATE} the day, ${ITEM} the name of each thing.`
            : t`${OBSERVE_AT} in it becomes the moment in unix seconds, ${OBSERVE_DATE} the day.`
        }
        error={error}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t`Path to the number`}
          placeholder="result.0.4"
          room={characters(TEXT_ROOM.path)}
          value={source.path}
          onChange={(event) => onChange({ path: event.target.value })}
        />
        <TextField
          label={t`Times 10 to the power of`}
          inputMode="numeric"
          value={source.scale}
          onChange={(event) => onChange({ scale: event.target.value })}
        />
      </div>
      <TextField
        label={t`Path to the time it became public (optional)`}
        placeholder="result.0.0"
        room={characters(TEXT_ROOM.path)}
        value={source.timePath ?? ""}
        onChange={(event) => onChange({ timePath: event.target.value })}
        hint={t`For questions with a cut-off: what became public after it does not count.`}
      />
      <Button size="small" look="plain" className="w-fit" onClick={onRemove}>
        {t`Remove this source`}
      </Button>
    </fieldset>
  );
}
