export { createLabeller, labelsIn, withLabels, type Labeller } from './labeller.ts';
export { parseLabelTable, type LabelRow, type LabelTable } from './table.ts';
