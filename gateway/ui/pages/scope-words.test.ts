import { scopeWords } from './scope-words.ts';

test.each([
  ['openid', 'know that it is you who logs in'],
  ['launch/patient', 'know that it works on your record'],
  ['patient/*.rs', 'read all kinds of data in your record'],
  ['patient/Observation.cud', 'add, change and delete measurements and laboratory results in your record'],
  ['patient/Condition.s', 'search diagnoses in your record'],
  [
    'user/MedicationDispense.*',
    'read, add, change and delete medication dispense in every record that is open to you',
  ],
  [
    'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
    'read measurements and laboratory results in your record, only where category is laboratory',
  ],
])('%s asks to: %s', (scope, words) => {
  expect(scopeWords(scope, 'your record')).toBe(words);
});
