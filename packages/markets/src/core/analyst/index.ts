// Only what the web app needs as well: the analyst itself, with its lexicon, is behind the package's own door.
export {
  type Label,
  QUALITY_PARTS,
  type QualityPart,
  rejected,
  type Rejection,
  REJECTIONS,
} from "./label.ts";
export { labelledOf, largestFirst, MOST_LABELLED, type Rest } from "./largest.ts";
export { MEASURED, MEASURED_SHORT } from "./measured.ts";
export {
  CROWD_SHARE,
  type FamilyLabels,
  type OpinionStake,
  type Scoring,
  type Unscored,
  scoreOpinions,
} from "./score.ts";
export {
  type AnalystFacts,
  type Labelled,
  labelLeaf,
  labelToWire,
  type LabelSheet,
  labelSheet,
  readSheet,
  type SheetMarket,
  sheetOf,
  type SheetPosition,
} from "./sheet.ts";
