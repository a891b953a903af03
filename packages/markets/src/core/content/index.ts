export { cidOf, hashNamed, hashOf } from "./cid.ts";
export {
  type Erasure,
  ERASURE_SECONDS,
  erasureTypedData,
  keepingTypedData,
  UNDER_WAY_SECONDS,
} from "./erasure.ts";
export { ContentError } from "./errors.ts";
export * from "./pins.ts";
export {
  bytesOf,
  type ContentKind,
  MOST_CHARACTERS,
  MOST_SHEET_BYTES,
  opinionComplaint,
  opinionOf,
} from "./text.ts";
export * from "./wire.ts";
