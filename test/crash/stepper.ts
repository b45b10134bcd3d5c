// The day's step in a process of its own: `node stepper.ts DATABASE_URL NOW`. Says `begins` and `done`.
import { openDatabase } from '../../src/database.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { sendWeeklyProgress } from '../../src/warmup/weekly/background.ts';

const [url = '', now = ''] = process.argv.slice(2);
const policy = loadPolicy(policyPath('customerio'));
if (!policy.ok) throw new Error(policy.problem.join('\n'));
const db = await openDatabase(url);
await db.raw('select 1');
console.log('begins');
await evaluateDue(db, policy.value, Number(now));
await sendWeeklyProgress(db, policy.value, Number(now));
console.log('done');
await db.destroy();
