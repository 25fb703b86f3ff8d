export { partOf, type Part } from './cut.ts';
