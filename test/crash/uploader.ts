// An upload in a process of its own: `node uploader.ts DATABASE_URL FILE NOW`. Says a word for each thing that it did.
import { createReadStream } from 'node:fs';
import { openDatabase } from '../../src/database.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { checkFile, keepUpload } from '../../src/sending/upload/actions.ts';
import { storeUploads } from '../../src/sending/upload/background.ts';

const [url = '', file = '', now = ''] = process.argv.slice(2);
const policy = loadPolicy(policyPath('customerio'));
if (!policy.ok) throw new Error(policy.problem.join('\n'));
const db = await openDatabase(url);
const at = Number(now);
console.log('begun');
const checked = await checkFile(db, policy.value, createReadStream(file), { now: at });
console.log('checked');
await keepUpload(db, { person: null, at }, 'counts.csv', checked);
console.log('kept');
await storeUploads({ db, now: () => at }, () => {
  console.log('asked');
  return false;
});
await checked.spool.close();
console.log('stored');
await db.destroy();
