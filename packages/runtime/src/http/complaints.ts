/** What a validator says of one value, as far as it is told here. */
type Issue = { keyword: string; message?: string | undefined; params: Readonly<Record<string, unknown>> };

/** Said where a schema has no words of its own for a form: most of what comes in is one of these. */
const FORMS: readonly [RegExp, string][] = [
  [/^\^0x\[0-9a-f(?:A-F)?\]\{64\}\$$/, "must be 0x and 64 hexadecimal digits"],
  [/^\^0x\[0-9a-f(?:A-F)?\]\{40\}\$$/, "must be an address: 0x and 40 hexadecimal digits"],
  [/^\^0x/, "must be 0x and hexadecimal digits, as many as belong there"],
  [/^\^-\?\[0-9\]/, "must be a whole number, written as a text of decimal digits"],
  [/^\^\\d\{/, "must be a whole number"],
];

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  bigint: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  date: "a time",
};
const UNITS: Readonly<Record<string, (n: string) => string>> = {
  string: (n) => (n === "1" ? "1 character" : `${n} characters`),
  array: (n) => (n === "1" ? "1 entry" : `${n} entries`),
};

/**
 * One issue of a schema in words that name no pattern and no validator. What a schema says itself (`.regex(form, "must be
 * …")`) is passed on as it is.
 */
export function complaintOf({ keyword, message = "", params }: Issue): string {
  if (message !== "" && !isStock(message)) return message;
  switch (keyword) {
    case "invalid_type":
      return message.endsWith("received undefined")
        ? "is missing"
        : `must be ${KINDS[String(params["expected"])] ?? String(params["expected"])}`;
    case "invalid_format": {
      const said = params["pattern"];
      const pattern = typeof said === "string" ? said.replace(/^\/(.*)\/[a-z]*$/s, "$1") : "";
      if (params["format"] === "url") return "must be a URL";
      return (
        FORMS.find(([form]) => form.test(pattern))?.[1] ?? "is not written as it must be (see /openapi.json)"
      );
    }
    case "too_small":
      return `must ${have(params)} at least ${amount(params, params["minimum"])}`;
    case "too_big":
      return `must ${have(params)} at most ${amount(params, params["maximum"])}`;
    case "invalid_value":
      return `must be ${list(params["values"])}`;
    case "unrecognized_keys":
      return `must not have ${list(params["keys"])}`;
    case "invalid_union":
      return "fits none of the forms that it may have (see /openapi.json)";
    default:
      return "does not fit (see /openapi.json)";
  }
}

/** Texts that the validator brings, and no schema of ours does. */
const isStock = (message: string): boolean =>
  /^(Invalid |Too (small|big)|Unrecognized key|Must be |Expected )/.test(message);

const have = ({ origin }: Issue["params"]): string => (UNITS[String(origin)] ? "have" : "be");
const amount = ({ origin }: Issue["params"], bound: unknown): string =>
  (UNITS[String(origin)] ?? ((n: string) => n))(String(bound));
const list = (values: unknown): string => {
  const names = Array.isArray(values) ? values.map((value) => JSON.stringify(value)) : [];
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
};
