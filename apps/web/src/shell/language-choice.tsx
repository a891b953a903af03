import { t } from "@lingui/core/macro";
import { chooseLanguage, spokenLanguage } from "../languages/choose.ts";
import { type Language, LANGUAGE_NAMES, LANGUAGES } from "../languages/packs.ts";

/** Follows the browser until one is chosen. */
export function LanguageChoice() {
  return (
    <select
      aria-label={t`Language`}
      className="field min-h-9 w-auto py-1 text-sm"
      value={spokenLanguage()}
      onChange={(event) => void chooseLanguage(event.target.value as Language)}
    >
      {LANGUAGES.map((language) => (
        <option key={language} value={language} lang={language}>
          {LANGUAGE_NAMES[language]}
        </option>
      ))}
    </select>
  );
}
