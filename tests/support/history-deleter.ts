/** A process that deletes a part of a history, for tests that kill it: `history-deleter <path> <deletion as JSON>`. One letter per step on stdout. */
import { writeSync } from 'node:fs';
import { deleteHistory } from '../../src/main/engine/store/jobs/delete-history';
import { deletionEvent } from '../../src/main/history/deletion-text';
import { deletionSchema } from '../../src/shared/api/deletion-schemas';

const [path = '', text = ''] = process.argv.slice(2);
const deletion = deletionSchema.parse(JSON.parse(text));
deleteHistory(path, deletion, (size) => deletionEvent(deletion, size, Date.now()), () => void writeSync(1, '.'));
writeSync(1, 'x');
