export { Admission, type AdmissionFigures, type AdmissionOptions, type Handle } from './admission.ts';
