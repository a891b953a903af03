/** Languages beside English, which stands in the source. Each has a file of its name beside this one. */
export const PACKS = ["de", "es"] as const;
export const LANGUAGES = ["en", ...PACKS] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words, for whoever reads no other. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", de: "Deutsch", es: "Español" };
