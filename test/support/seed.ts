// Loaded before each test file: property tests draw their values from the seed of the run.
import fc from 'fast-check';

const seed = Number(process.env.TEST_SEED);
if (Number.isInteger(seed)) fc.configureGlobal({ seed });
